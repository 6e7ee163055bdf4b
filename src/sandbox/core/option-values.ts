/** Typed option values made into what an interaction carries, checked as Discord's client does. */
import { characters } from './characters.ts'
import { LineError, type ParsedValue } from './command-line.ts'
import { type Channel, type CommandOption, isDirect, type Member, type Role } from './shapes.ts'
import type { World } from './world.ts'

/** What users, channels, roles and files named in options resolve to. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure */
export interface Resolved {
  users: Record<string, unknown>
  members: Record<string, unknown>
  roles: Record<string, unknown>
  channels: Record<string, unknown>
  attachments: Record<string, unknown>
}

export interface OptionValue {
  name: string
  type: number
  value: string | number | boolean
  focused?: true
}

export interface Finder {
  world: World
  resolved: Resolved
  /** attachments by file name */
  files: Map<string, { id: string; filename: string }>
  member(member: Member): Record<string, unknown>
  channel(channel: Channel): Record<string, unknown>
}

/** Values of all options given. Throws LineError for a missing required option or a value that does not fit. */
export function readValues(finder: Finder, options: CommandOption[], given: ParsedValue[]): OptionValue[] {
  const values = given.map(({ option, text }) => ({
    name: option.name,
    type: option.type,
    value: readValue(finder, option, text),
  }))
  for (const option of options) {
    if (option.type !== 11 || values.some((value) => value.name === option.name)) continue
    const unused = [...finder.files.values()].find((file) => !values.some((value) => value.value === file.id))
    if (unused) values.push({ name: option.name, type: 11, value: attach(finder, unused.filename) })
  }
  for (const option of options) {
    if (option.required && !values.some((value) => value.name === option.name)) {
      throw new LineError(`The option ${option.name} is required.`)
    }
  }
  return values
}

function readValue(finder: Finder, option: CommandOption, text: string): string | number | boolean {
  if (text === '') throw new LineError(`The option ${option.name} has no value.`)
  switch (option.type) {
    case 3:
      return option.choices?.length ? choose(option, text) : readText(option, text)
    case 4:
    case 10:
      return option.choices?.length ? choose(option, text) : readNumber(option, text)
    case 5:
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
      throw new LineError(`The option ${option.name} must be true or false.`)
    case 6:
      return findUser(finder, option, text) ?? missing(option, text)
    case 7:
      return findChannel(finder, option, text)
    case 8:
      return findRole(finder, option, text) ?? missing(option, text)
    case 9:
      return findUser(finder, option, text) ?? findRole(finder, option, text) ?? missing(option, text)
    case 11:
      return attach(finder, text)
    default:
      throw new LineError(`The option ${option.name} has a type that cannot be typed.`)
  }
}

function missing(option: CommandOption, text: string): never {
  throw new LineError(`The option ${option.name} names nobody here: ${text}.`)
}

function choose(option: CommandOption, text: string): string | number {
  const found = option.choices?.find((choice) => choice.name === text || String(choice.value) === text)
  if (found) return found.value
  throw new LineError(
    `The option ${option.name} must be one of ${option.choices?.map((choice) => choice.name).join(', ')}.`,
  )
}

function readText(option: CommandOption, text: string): string {
  const { min_length: min = 0, max_length: max = 6000 } = option
  if (characters(text) < min) throw new LineError(`The option ${option.name} must have at least ${min} characters.`)
  if (characters(text) > max) throw new LineError(`The option ${option.name} must have at most ${max} characters.`)
  return text
}

function readNumber(option: CommandOption, text: string): number {
  const whole = option.type === 4
  const value = Number(text)
  const fits = whole
    ? /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)
    : /\d/.test(text) && Number.isFinite(value)
  if (!fits) throw new LineError(`The option ${option.name} must be ${whole ? 'a whole number' : 'a number'}.`)
  if (typeof option.min_value === 'number' && value < option.min_value) {
    throw new LineError(`The option ${option.name} must be at least ${option.min_value}.`)
  }
  if (typeof option.max_value === 'number' && value > option.max_value) {
    throw new LineError(`The option ${option.name} must be at most ${option.max_value}.`)
  }
  return value
}

const bare = (text: string) => text.replace(/^<(?:@!?|@&|#)(\d+)>$/, '$1').replace(/^[@#]/, '')

function findUser(finder: Finder, _option: CommandOption, text: string): string | undefined {
  const wanted = bare(text)
  const member = finder.world.members
    .values()
    .find(({ user, nick }) => [user.id, user.username, user.global_name, nick].includes(wanted))
  if (!member) return undefined
  finder.resolved.users[member.user.id] = member.user
  finder.resolved.members[member.user.id] = finder.member(member)
  return member.user.id
}

function findRole(finder: Finder, _option: CommandOption, text: string): string | undefined {
  const wanted = bare(text)
  const role = finder.world.roles
    .values()
    .find((candidate: Role) => [candidate.id, candidate.name, candidate.name.replace(/^@/, '')].includes(wanted))
  if (!role) return undefined
  finder.resolved.roles[role.id] = role
  return role.id
}

function findChannel(finder: Finder, option: CommandOption, text: string): string {
  const wanted = bare(text)
  const channel = finder.world.channels
    .values()
    .find((candidate) => !isDirect(candidate) && (candidate.id === wanted || candidate.name === wanted))
  if (!channel) throw new LineError(`The option ${option.name} names no channel here: ${text}.`)
  if (option.channel_types?.length && !option.channel_types.includes(channel.type)) {
    throw new LineError(`The option ${option.name} does not take a channel of that kind.`)
  }
  finder.resolved.channels[channel.id] = finder.channel(channel)
  return channel.id
}

function attach(finder: Finder, name: string): string {
  const file = finder.files.get(name)
  if (!file) throw new LineError(`No attachment is named ${name}.`)
  finder.resolved.attachments[file.id] = file
  return file.id
}
