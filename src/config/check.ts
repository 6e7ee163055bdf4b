import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Catalog } from './catalog.ts'
import type { Config } from './config.ts'
import { configNames, inspectConfig } from './config-files.ts'
import { inspect, isObject, type Problems, unknownKeySentences } from './fields.ts'
import { unusedItemVars } from './item-vars.ts'
import { registrySchema } from './models.ts'
import { botPosting, SAME_AS_LM1 } from './preset.ts'
import { inspectPreset, loadPreset, overridden, type PresetKind, presetNames } from './preset-files.ts'
import { strayPlaceholders } from './preset-notes.ts'
import { readTemplate, templateNames } from './template-files.ts'
import { strayFolders, tryTemplate } from './template-trial.ts'

/** What there is to say about one file. Paths are relative to the project. */
export interface CheckedFile extends Problems {
  file: string
  ok: boolean
}

/**
 * Looks at every file that people write: the registry, templates, presets, configs, MCP servers. What cannot be used is an error, a name
 * that points at nothing here a warning.
 */
export function checkFiles(catalog: Catalog, mcpConfig: string): CheckedFile[] {
  const { files } = catalog
  const registry = checkRegistry(catalog)
  const serversPath = resolve(files.root, mcpConfig)
  const serversFile = files.shown(serversPath)
  const servers = attempt(() => catalog.servers(mcpConfig)) ?? { servers: [], errors: [], warnings: [] }
  const known: Known = {
    // Where the registry itself is broken, that is said once and not again for every name.
    model: (ref, preset) => (registry.ok ? said(() => (preset ? catalog.presetModel(ref) : catalog.model(ref))) : null),
    server: (name) => servers.servers.some((server) => server.name === name),
    serversFile,
  }
  return [
    registry,
    ...templateNames(files).flatMap((name) => checkTemplate(catalog, name, known)),
    ...strays(catalog),
    ...(['discord', 'media'] as const).flatMap((kind) =>
      presetNames(files, kind).map((name) =>
        checkPreset(catalog, kind, files.path('presets', kind, `${name}.json`), known),
      ),
    ),
    ...configNames(files).map((name) => checkConfig(catalog, name, known)),
    ...(files.exists(serversPath) ? [checked(serversFile, () => catalog.servers(mcpConfig))] : []),
  ]
}

interface Known {
  /** Why a model is not known; null when it is. */
  model(ref: string, preset: boolean): string | null
  server(name: string): boolean
  serversFile: string
}

function checkRegistry({ files }: Catalog): CheckedFile {
  const path = files.path('configs', 'models.json')
  const file = files.shown(path)
  return checked(file, () => inspect(registrySchema, files.json(path), file))
}

function checkTemplate(catalog: Catalog, name: string, known: Known): CheckedFile[] {
  const { files } = catalog
  const legacy = !files.exists(files.path('templates', name, 'template.json'))
  const file = files.shown(
    legacy ? files.path('templates', `${name}.json`) : files.path('templates', name, 'template.json'),
  )
  const own = checked(file, () => {
    const { template, errors, warnings } = readTemplate(files, name)
    if (!template) return { errors, warnings }
    const { defaults } = template
    tryTemplate(files, template)
    const named = [...(defaults.models ?? []), ...lmsOf(defaults)]
    warnings.push(
      ...named.flatMap((ref) => known.model(ref, false) ?? []).map((why) => `${file}: defaults: ${why}`),
      ...missingPresets(catalog, 'discord', defaults.profiles, name, `${file}: defaults`),
      ...missingPresets(catalog, 'media', defaults.media, name, `${file}: defaults`),
      ...missingServers(
        (defaults.tools ?? []).map((tool) => tool.split('/')[0] as string),
        known,
        `${file}: tools`,
      ),
    )
    return { errors, warnings }
  })
  const media = files.path('templates', name, 'media.json')
  return files.exists(media) ? [own, checkPreset(catalog, 'media', media, known)] : [own]
}

/** Folders in templates/ that no run can use. */
function strays({ files }: Catalog): CheckedFile[] {
  return strayFolders(files).map((name) => {
    const file = `templates/${name}`
    return { file, ok: true, errors: [], warnings: [`${file}: has no template.json, so it is no template.`] }
  })
}

/** Which of a preset's tools may be the bot's own posting: of other servers' tools only the server knows the arguments. */
const POSTS = ['tool', 'transcript_tool', 'discord_tool']

function checkPreset(catalog: Catalog, kind: PresetKind, path: string, known: Known): CheckedFile {
  const file = catalog.files.shown(path)
  return checked(file, () => {
    const content = catalog.files.json(path)
    const { errors, warnings } = inspectPreset(kind, content, file)
    if (!isObject(content)) return { errors, warnings }
    const { model } = content
    const why = typeof model === 'string' && model !== '' && model !== SAME_AS_LM1 ? known.model(model, true) : null
    if (why !== null) warnings.push(`${file}: model: ${why}`)
    if (kind === 'discord') warnings.push(...strayPlaceholders(content, file))
    const tools = ['tool', 't2i_tool', 'edit_tool', 'transcript_tool', 'discord_tool']
    for (const key of tools) {
      const tool = content[key]
      const server = isObject(tool) ? tool.server : undefined
      if (typeof server === 'string' && server !== '' && server !== 'discord') {
        warnings.push(...missingServers([server], known, `${file}: ${key}.server`))
      } else if (POSTS.includes(key) && isObject(tool)) {
        warnings.push(...unknownKeySentences(botPosting, tool, file, [key]))
      }
    }
    return { errors, warnings }
  })
}

function checkConfig(catalog: Catalog, name: string, known: Known): CheckedFile {
  const { files } = catalog
  const file = files.shown(files.path('configs', `${name}.json`))
  return checked(file, () => {
    const lookUp = (ref: string) => {
      const why = known.model(ref, false)
      if (why !== null) throw new UserError(why)
    }
    const { config, errors, warnings, nowhere } = inspectConfig(files, name, lookUp)
    warnings.push(...nowhere)
    if (!config) return { errors, warnings }
    const { template, profiles, media, tools } = config.options
    warnings.push(
      ...missingPresets(catalog, 'discord', profiles, template, file),
      ...missingPresets(catalog, 'media', media, template, file),
      ...missingServers(
        (tools ?? []).map((tool) => tool.split('/')[0] as string),
        known,
        `${file}: tools`,
      ),
    )
    errors.push(...overrideErrors(catalog, config))
    if (config.type === 'batch' && templateNames(files).includes(template))
      warnings.push(...unusedItemVars(files, config))
    if (!templateNames(files).includes(template))
      warnings.push(`${file}: template: there is no template "${template}".`)
    else if (nowhere.length === 0 && readTemplate(files, template).template) {
      const why = said(() => catalog.resolveRun(...dryRun(config)))
      if (why !== null) errors.push(why.startsWith(file) ? why : `${file}: ${why}`)
    }
    return { errors, warnings }
  })
}

/** A config's first run without its presets, which are looked at by themselves. */
function dryRun(config: Config): Parameters<Catalog['resolveRun']> {
  const options = { ...config.options, profiles: undefined, media: undefined }
  if (config.type === 'single') return [options, config.context]
  const { plan } = config
  const models =
    plan.kind === 'pairs' ? plan.pairs[0] : plan.kind === 'each' ? plan.models.slice(0, 1) : plan.models.slice(0, 2)
  const fields = [...Object.keys(config.vars_from_item), ...Object.keys(config.vars_from_secondary)]
  return [
    { ...options, models },
    { ...config.context, item_vars: Object.fromEntries(fields.map((field) => [field, 'x'])) },
  ]
}

function overrideErrors({ files }: Catalog, { options, context, file }: Config): string[] {
  const kinds = [
    { kind: 'discord', names: options.profiles, overrides: context.discord_overrides },
    { kind: 'media', names: options.media, overrides: context.media_overrides },
  ] as const
  const found = kinds.flatMap(({ kind, names, overrides }) =>
    (names ?? []).flatMap((name) => {
      const preset = attempt(() => loadPreset(files, kind, name, options.template))
      return (preset && said(() => overridden(kind, preset, overrides, `${file}: ${kind}_overrides`))) ?? []
    }),
  )
  return [...new Set(found)]
}

function missingPresets(
  { files }: Catalog,
  kind: PresetKind,
  names: string[] | undefined,
  template: string,
  where: string,
): string[] {
  const key = kind === 'discord' ? 'profiles' : 'media'
  return (names ?? []).flatMap((name) => {
    const listed = presetNames(files, kind).includes(name)
    const own =
      kind === 'media' &&
      (name === 'template' || name === template) &&
      files.exists(files.path('templates', template, 'media.json'))
    return listed || own ? [] : [`${where}: ${key}: there is no preset "${name}" in presets/${kind}/.`]
  })
}

function missingServers(names: string[], known: Known, where: string): string[] {
  const missing = [...new Set(names)].filter((name) => !known.server(name))
  return missing.map((name) => `${where}: ${known.serversFile} has no server "${name}".`)
}

function lmsOf(options: Record<string, unknown>): string[] {
  return Object.entries(options).flatMap(([key, value]) =>
    /^lm\d$/.test(key) && typeof value === 'string' ? [value] : [],
  )
}

function checked(file: string, look: () => Problems): CheckedFile {
  try {
    const { errors, warnings } = look()
    return { file, ok: errors.length === 0, errors, warnings }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { file, ok: false, errors: [error.message], warnings: [] }
  }
}

function said(look: () => unknown): string | null {
  try {
    look()
    return null
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

function attempt<T>(look: () => T): T | null {
  let result: T | null = null
  return said(() => {
    result = look()
  }) === null
    ? result
    : null
}
