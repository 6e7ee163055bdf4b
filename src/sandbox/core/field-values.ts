/** What a person fills into the fields of a modal, as the interaction carries it. https://docs.discord.com/developers/components/reference#label */
import { keepUploads, signed, type Upload } from './attachments.ts'
import { characters } from './characters.ts'
import { resolveChosen } from './clicking.ts'
import { LineError } from './command-line.ts'
import { type Component, STRING_SELECT } from './components.ts'
import type { Channel, User } from './shapes.ts'
import type { World } from './world.ts'

const TEXT_INPUT = 4
const FILE_UPLOAD = 19
const RADIO_GROUP = 21
const CHECKBOX_GROUP = 22
const CHECKBOX = 23

export interface Filling {
  world: World
  user: User
  channel: Channel
  /** filled in by `readField`: people, roles, channels and files that values name by id */
  resolved: Record<string, Record<string, unknown>>
}

/** The part of the interaction that holds the answer: `value` or `values`. `given` undefined: left as the bot set it. Throws LineError. */
export function readField(filling: Filling, field: Component, given: unknown): Record<string, unknown> {
  const name = String(field.custom_id)
  switch (field.type) {
    case TEXT_INPUT:
      return { value: readText(field, given) }
    case CHECKBOX:
      return { value: readCheckbox(name, given ?? field.default ?? false) }
    case FILE_UPLOAD:
      return { values: readFiles(filling, field, given) }
    case RADIO_GROUP:
      return { value: readChosen(field, given, 1)[0] ?? null }
    case CHECKBOX_GROUP:
      return { values: readChosen(field, given, ((field.options ?? []) as unknown[]).length) }
    default:
      return { values: readSelect(filling, field, given) }
  }
}

/** https://docs.discord.com/developers/components/reference#text-input */
function readText(field: Component, value: unknown): string {
  const name = String(field.custom_id)
  const text = value === undefined ? String(field.value ?? '') : String(value)
  const { min_length: min = 0, max_length: max = 4000 } = field as { min_length?: number; max_length?: number }
  if (text === '') {
    if (field.required !== false) throw new LineError(`The field ${name} is required.`)
    return ''
  }
  if (characters(text) < min) throw new LineError(`The field ${name} must have at least ${min} characters.`)
  if (characters(text) > max) throw new LineError(`The field ${name} must have at most ${max} characters.`)
  return text
}

/** https://docs.discord.com/developers/components/reference#checkbox */
function readCheckbox(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new LineError(`The field ${name} is true or false.`)
}

interface Choice {
  value: string
  default?: boolean | null
}

/** Values among the field's own options. https://docs.discord.com/developers/components/reference#radio-group, …#checkbox-group, …#string-select */
function readChosen(field: Component, given: unknown, mostOfAll: number): string[] {
  const options = (field.options ?? []) as Choice[]
  const values =
    given === undefined ? options.filter((option) => option.default).map((option) => option.value) : listOf(given)
  const unknown = values.find((value) => !options.some((option) => option.value === value))
  if (unknown !== undefined) throw new LineError(`The field ${field.custom_id} has no choice ${unknown}.`)
  needCount(field, values.length, mostOfAll)
  return values
}

/** https://docs.discord.com/developers/components/reference#user-select-user-select-structure and its like */
function readSelect(filling: Filling, field: Component, given: unknown): string[] {
  if (field.type === STRING_SELECT) return readChosen(field, given, 1)
  const before = ((field.default_values ?? []) as { id: string }[]).map(({ id }) => id)
  const values = given === undefined ? before : listOf(given)
  needCount(field, values.length, 1)
  note(filling, resolveChosen(filling.world, filling.channel, filling.user, field, values))
  return values
}

/** https://docs.discord.com/developers/components/reference#file-upload */
function readFiles(filling: Filling, field: Component, given: unknown): string[] {
  const uploads = (Array.isArray(given) ? given : []) as Upload[]
  if (uploads.some((upload) => !(upload?.bytes instanceof Uint8Array)))
    throw new LineError(`The field ${field.custom_id} takes files: {"name", "base64"}.`)
  needCount(field, uploads.length, 1)
  const kept = keepUploads(filling.world, uploads, undefined, [], true).map((file) =>
    signed(filling.world, filling.channel.id, file),
  )
  note(filling, { attachments: Object.fromEntries(kept.map((file) => [file.id, file])) })
  return kept.map((file) => file.id)
}

function needCount(field: Component, count: number, usualMost: number): void {
  const least = Number(field.min_values ?? 1)
  const most = Number(field.max_values ?? usualMost)
  if (count === 0 && field.required === false) return
  if (count === 0) throw new LineError(`The field ${field.custom_id} is required.`)
  if (count < least || count > most)
    throw new LineError(`The field ${field.custom_id} takes ${least === most ? least : `${least} to ${most}`}.`)
}

const listOf = (given: unknown): string[] =>
  given === null || given === '' ? [] : Array.isArray(given) ? given.map(String) : [String(given)]

function note(filling: Filling, found: Record<string, unknown>): void {
  for (const [kind, things] of Object.entries(found))
    filling.resolved[kind] = { ...filling.resolved[kind], ...(things as Record<string, unknown>) }
}
