import type { ChosenPreset, RunSpec } from '../core/run.ts'
import { isObject } from './fields.ts'
import { NARRATOR_PLACEHOLDERS } from './preset.ts'

/** What a start is told of the narrators and media agents that it chose: it begins, but perhaps not as it is meant. */
export function presetNotes(spec: Pick<RunSpec, 'profiles' | 'media'>): string[] {
  return [
    ...[...spec.profiles, ...spec.media].flatMap(idleNote),
    ...spec.profiles.flatMap(({ name, preset }) => strayPlaceholders(preset, `Profile \`${name}\``)),
  ]
}

/** Why one of them does nothing in its run. */
export function idleNote({ name, fault }: ChosenPreset): string[] {
  return fault === undefined ? [] : [`\`${name}\` does nothing in this run. ${fault}`]
}

/** Braces that look like a placeholder and stay as they are. @param where begins each sentence: the file, or the profile's name. */
export function strayPlaceholders(content: unknown, where: string): string[] {
  if (!isObject(content)) return []
  const { user_template, system_prompt } = content
  const known = new Set<string>(NARRATOR_PLACEHOLDERS)
  const unknown = namesIn(user_template).filter((name) => !known.has(name))
  return [
    ...unknown.map(
      (name) =>
        `${where}: user_template: {${name}} is no placeholder and stays as it is; there are ${NARRATOR_PLACEHOLDERS.map((each) => `{${each}}`).join(', ')}.`,
    ),
    ...namesIn(system_prompt).map(
      (name) => `${where}: system_prompt: {${name}} stays as it is; only user_template has placeholders.`,
    ),
  ]
}

function namesIn(text: unknown): string[] {
  if (typeof text !== 'string') return []
  return [...new Set([...text.matchAll(/\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name as string))]
}
