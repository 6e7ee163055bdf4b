import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { RunSpec } from '../core/run.ts'
import type { Config } from './config.ts'
import { configNames, inspectConfig, isConfig, loadConfig } from './config-files.ts'
import { parseOrThrow } from './fields.ts'
import { Files } from './files.ts'
import { unusedItemVars } from './item-vars.ts'
import {
  asOffline,
  findModel,
  findPresetModel,
  type ProviderLimits,
  type Registry,
  readRegistry,
  registrySchema,
} from './models.ts'
import type { RunOptions } from './options.ts'
import { inspectPreset, type PresetKind, presetNames } from './preset-files.ts'
import { presetNotes } from './preset-notes.ts'
import { type RunContext, resolveRun } from './resolve.ts'
import { type ReadServers, readServers } from './servers.ts'
import { readTemplate, type Template, templateNames } from './template-files.ts'
import { strayFolders, tryTemplate } from './template-trial.ts'

/** What the commands show of a template. */
export interface TemplateListing {
  name: string
  description: string
  /** How many actors it takes. */
  agents: number
  defaults: Partial<RunOptions>
  /** It has a media preset of its own. */
  media: boolean
  /** Why it cannot be used. */
  error: string | null
  /** What is wrong with it and does not keep a run from starting, or may be mended by the variables of its start. */
  warnings: string[]
}

export interface PresetListing {
  name: string
  description: string
  error: string | null
}

export interface ConfigListing {
  name: string
  /** Null when it is broken. */
  type: 'single' | 'batch' | null
  template: string | null
  description: string
  error: string | null
}

/**
 * All that people keep in files: the model registry, templates, presets, configs. Read when asked, so that an edit counts at once; a
 * broken file breaks only its own use.
 */
export class Catalog {
  readonly files: Files
  readonly offline: boolean
  #registry: { raw: string; registry: Registry } | null = null

  /** @param options.offline the offline voice speaks for every alias. */
  constructor(options: { root: string; offline: boolean }) {
    this.files = new Files(options.root)
    this.offline = options.offline
  }

  /** Every registered model. Throws UserError when the registry is broken. */
  models(): ModelInfo[] {
    return this.#readRegistry().models.map((model) => (this.offline ? asOffline(model) : model))
  }

  /** The same under their own providers and prices, whoever speaks for them. */
  registered(): ModelInfo[] {
    return this.#readRegistry().models
  }

  /** How hard each provider may be pressed; nothing where the registry is broken, so that the bot can start and say so when asked. */
  limits(): Record<string, ProviderLimits> {
    try {
      return this.#readRegistry().limits
    } catch (error) {
      if (error instanceof UserError) return {}
      throw error
    }
  }

  /** An alias, the API name of a registered model, or `provider:model`. Throws UserError with the nearest aliases. */
  model(ref: string): ModelInfo {
    return this.#voiced(findModel(this.#readRegistry(), ref))
  }

  /** What a preset's `model` names; API names need not be registered. */
  presetModel(ref: string): ModelInfo {
    return this.#voiced(findPresetModel(this.#readRegistry(), ref))
  }

  templates(): TemplateListing[] {
    return templateNames(this.files).map((name) => {
      const { template, errors, warnings } = readTemplate(this.files, name)
      const fault = template && this.#faultOf(template)
      return {
        name,
        description: template?.description ?? '',
        agents: template?.agents.length ?? 0,
        defaults: template?.defaults ?? {},
        media: this.files.exists(this.files.path('templates', name, 'media.json')),
        error: errors[0] ?? null,
        warnings: fault === null ? warnings : [...warnings, fault],
      }
    })
  }

  /** What a start is told of its template, narrators and media agents: it begins, but perhaps not as it is meant. */
  startNotes(spec: RunSpec): string[] {
    return [...readTemplate(this.files, spec.template).warnings, ...presetNotes(spec)]
  }

  /** Folders in templates/ without a template.json: no run can have them. */
  strayTemplates(): string[] {
    return strayFolders(this.files)
  }

  /** Narrator profiles. */
  profiles(): PresetListing[] {
    return this.#presets('discord')
  }

  /** Media presets; with a template that has its own, also `template`. */
  mediaPresets(template?: string): PresetListing[] {
    const own =
      template !== undefined &&
      !/[/\\]/.test(template) &&
      this.files.exists(this.files.path('templates', template, 'media.json'))
    const listed = this.#presets('media')
    return own
      ? [{ name: 'template', description: `The media preset of ${template} itself.`, error: null }, ...listed]
      : listed
  }

  configs(): ConfigListing[] {
    return configNames(this.files).map((name) => {
      try {
        const { config, errors, nowhere } = inspectConfig(this.files, name, (ref) => this.model(ref))
        const { type = null, description = '' } = config ?? {}
        return {
          name,
          type,
          template: config?.options.template ?? null,
          description,
          error: errors[0] ?? nowhere[0] ?? null,
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { name, type: null, template: null, description: '', error: error.message }
      }
    })
  }

  /**
   * A config by its name, or by its path; `anywhere` lets a path lead out of configs/ (for the terminal alone). Throws UserError.
   * Unknown models are errors here already; templates and presets are looked up by `resolveRun`.
   */
  config(ref: string, anywhere = false): Config {
    return loadConfig(this.files, ref, (model) => this.model(model), anywhere)
  }

  /** Whether there is a config of this name, or a file at this path; what is wrong in it is another question. */
  hasConfig(ref: string): boolean {
    return isConfig(this.files, ref)
  }

  /** Sentences about a config that runs, but perhaps not as it is meant. */
  warningsOf(config: Config): string[] {
    return config.type === 'batch' ? [...config.warnings, ...unusedItemVars(this.files, config)] : config.warnings
  }

  /** The MCP servers of a file, by default mcp.config.json in the project. Throws UserError when it is no JSON. */
  servers(path = 'mcp.config.json'): ReadServers {
    return readServers(this.files, resolve(this.files.root, path))
  }

  /** Everything a run needs, checked. Throws UserError with one sentence before anything is spent. */
  resolveRun(options: RunOptions | Record<string, unknown>, context: RunContext = {}): RunSpec {
    return resolveRun(
      { files: this.files, model: (ref) => this.model(ref), presetModel: (ref) => this.presetModel(ref) },
      options,
      context,
    )
  }

  #faultOf(template: Template): string | null {
    try {
      tryTemplate(this.files, template)
      return null
    } catch (error) {
      if (error instanceof UserError) return error.message
      throw error
    }
  }

  #presets(kind: PresetKind): PresetListing[] {
    return presetNames(this.files, kind).map((name) => {
      const path = this.files.path('presets', kind, `${name}.json`)
      try {
        const content = this.files.json(path)
        const { errors } = inspectPreset(kind, content, this.files.shown(path))
        return { name, description: describe(content), error: errors[0] ?? null }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { name, description: '', error: error.message }
      }
    })
  }

  #voiced(model: ModelInfo): ModelInfo {
    return this.offline ? asOffline(model) : model
  }

  #readRegistry(): Registry {
    const path = this.files.path('configs', 'models.json')
    const raw = this.files.text(path)
    if (this.#registry?.raw !== raw) {
      const parsed = parseOrThrow(registrySchema, this.files.json(path), this.files.shown(path))
      this.#registry = { raw, registry: readRegistry(parsed) }
    }
    return this.#registry.registry
  }
}

/** Its own description, else its remark, else how its system prompt begins. */
function describe(content: unknown): string {
  const { description, note, system_prompt } = (content ?? {}) as Record<string, unknown>
  const said = [description, note, system_prompt].find((each) => typeof each === 'string' && each !== '')
  const line = typeof said === 'string' ? said.trim().replaceAll(/\s+/g, ' ') : ''
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
