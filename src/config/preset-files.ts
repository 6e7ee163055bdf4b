import type { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { nearestSentence } from '../core/nearest.ts'
import { inspect, type Problems, parseOrThrow } from './fields.ts'
import type { Files } from './files.ts'
import { mediaSchema, narratorSchema } from './preset.ts'

export type PresetKind = 'discord' | 'media'

const SCHEMAS: Record<PresetKind, z.ZodType> = { discord: narratorSchema, media: mediaSchema }
const CALLED: Record<PresetKind, string> = { discord: 'narrator profile', media: 'media preset' }

/** Names of the presets of a kind, broken ones included. */
export function presetNames(files: Files, kind: PresetKind): string[] {
  return files
    .names(files.path('presets', kind))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
}

export interface PresetFile {
  name: string
  /** Relative to the project. */
  file: string
  content: Record<string, unknown>
}

/**
 * A preset's content as its file has it, checked. `template`: the run's template, whose own media.json is chosen by the name `template`,
 * or by the template's name when no preset has it. Throws UserError.
 */
export function loadPreset(files: Files, kind: PresetKind, name: string, template: string | null): PresetFile {
  const path = presetPath(files, kind, name, template)
  const file = files.shown(path)
  const content = files.json(path)
  parseOrThrow(SCHEMAS[kind], content, file)
  return { name, file, content: content as Record<string, unknown> }
}

/** Lays a config's overrides over a preset, key by key, as the predecessor does. Throws UserError naming the overriding file. */
export function overridden(
  kind: PresetKind,
  preset: PresetFile,
  overrides: Record<string, unknown> | undefined,
  where: string,
): Record<string, unknown> {
  if (!overrides) return preset.content
  const content = { ...preset.content, ...overrides }
  parseOrThrow(SCHEMAS[kind], content, where)
  return content
}

export function inspectPreset(kind: PresetKind, content: unknown, file: string): { value: unknown } & Problems {
  return inspect(SCHEMAS[kind], content, file)
}

function presetPath(files: Files, kind: PresetKind, name: string, template: string | null): string {
  const folder = files.path('presets', kind)
  if (/[/\\\0]/.test(name) || name.startsWith('.')) {
    throw new UserError(
      `"${name}" is no ${CALLED[kind]}'s name: it is the name of a file in presets/${kind}/, without path and .json.`,
    )
  }
  const path = files.inside(folder, `${name}.json`, CALLED[kind])
  if (files.exists(path)) return path
  if (kind === 'media' && template !== null && (name === 'template' || name === template)) {
    const own = files.inside(files.path('templates', template), 'media.json', 'media.json')
    if (files.exists(own)) return own
    if (name === 'template')
      throw new UserError(`The template "${template}" has no media preset of its own (${files.shown(own)}).`)
  }
  throw new UserError(
    `There is no ${CALLED[kind]} "${name}" in presets/${kind}/. ${nearestSentence(name, presetNames(files, kind))}`,
  )
}
