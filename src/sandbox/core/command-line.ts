/**
 * A typed command line, read as Discord's client reads it.
 * Positional words fill the options in order; `name:` opens a value that runs to the next ` name:` of a known option;
 * quotes around a whole value are taken off, quotes inside it stay.
 * Commands, groups and subcommands: https://docs.discord.com/developers/interactions/application-commands#subcommands-and-subcommand-groups
 * (how a client splits a line is not documented; this is what its bar does.)
 */
import type { Command, CommandOption } from './shapes.ts'

/** The line cannot be sent, and why. Answered with 400. */
export class LineError extends Error {}

export interface ParsedValue {
  option: CommandOption
  /** as typed, quotes off */
  text: string
}

export interface ParsedLine {
  command: Command
  /** names of group and subcommand, outermost first */
  path: string[]
  /** the options at the end of the path */
  options: CommandOption[]
  values: ParsedValue[]
}

const nested = (option: CommandOption) => option.type === 1 || option.type === 2

/** Finds the command and splits its options. Throws LineError. */
export function parseLine(text: string, commands: Command[]): ParsedLine {
  const line = text.trim()
  if (!line.startsWith('/')) throw new LineError('A command begins with "/".')
  let rest = line.slice(1)
  const name = firstWord(rest)
  const command = commands.find((candidate) => candidate.type === 1 && candidate.name === name)
  if (!command) {
    const known = commands.filter((candidate) => candidate.type === 1).map((candidate) => `/${candidate.name}`)
    throw new LineError(
      `There is no command /${name}. ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'None is registered.'}`,
    )
  }
  rest = rest.slice(name.length)
  const path: string[] = []
  let options = command.options ?? []
  while (options.some(nested)) {
    const word = firstWord(rest.trimStart())
    const next = options.find((option) => nested(option) && option.name === word)
    if (!next) {
      const names = options.map((option) => option.name).join(', ')
      throw new LineError(`/${[name, ...path].join(' ')} needs one of its subcommands: ${names}.`)
    }
    path.push(word)
    rest = rest.trimStart().slice(word.length)
    options = next.options ?? []
  }
  return { command, path, options, values: splitValues(rest, options) }
}

function firstWord(text: string): string {
  return /^\S*/.exec(text)?.[0] ?? ''
}

/** Splits the options' part of a line. Throws LineError for words too many and options given twice. */
function splitValues(text: string, options: CommandOption[]): ParsedValue[] {
  const marks = findMarks(text, options)
  const positional = text.slice(0, marks[0]?.start ?? text.length).trim()
  const values: ParsedValue[] = []
  const named = new Set<string>()
  for (const [at, mark] of marks.entries()) {
    if (named.has(mark.option.name)) throw new LineError(`The option ${mark.option.name} is given twice.`)
    named.add(mark.option.name)
    const raw = text.slice(mark.valueStart, marks[at + 1]?.start ?? text.length).trim()
    values.push({ option: mark.option, text: unquote(raw) })
  }
  const free = options.filter((option) => !named.has(option.name))
  const all = [...fillInOrder(positional, free), ...values]
  for (const value of all) refuseUnknown(value, options)
  return all
}

/** What is no free text cannot hold a `name:`: it is an option that does not exist. */
function refuseUnknown({ option, text }: ParsedValue, options: CommandOption[]): void {
  if (option.type === 11 || (option.type === 3 && !option.choices?.length)) return
  const name = /(?:^|\s)(\p{L}[\p{L}\p{N}_-]*):/u.exec(text)?.[1]
  if (name === undefined || option.choices?.some((choice) => choice.name === text || choice.value === text)) return
  throw new LineError(`There is no option ${name}; there are ${options.map((each) => each.name).join(', ')}.`)
}

interface Mark {
  option: CommandOption
  start: number
  valueStart: number
}

/** Where each `name:` of a known option stands; one inside a quoted value is part of it. */
function findMarks(text: string, options: CommandOption[]): Mark[] {
  const byName = new Map(options.map((option) => [option.name, option]))
  const pattern = /(^|\s)([^\s:]+):/gu
  const marks: Mark[] = []
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const option = byName.get(match[2] ?? '')
    if (!option) {
      pattern.lastIndex = match.index + Math.max(1, match[1]?.length ?? 0)
      continue
    }
    const valueStart = match.index + match[0].length
    marks.push({ option, start: match.index, valueStart })
    pattern.lastIndex = endOfQuoted(text, valueStart, byName) ?? valueStart
  }
  return marks
}

/** Where a quoted value ends: at a quote that is followed by the line's end or by another option. */
function endOfQuoted(text: string, valueStart: number, byName: Map<string, CommandOption>): number | undefined {
  const open = /^\s*"/.exec(text.slice(valueStart))
  if (!open) return undefined
  for (let at = text.indexOf('"', valueStart + open[0].length); at !== -1; at = text.indexOf('"', at + 1)) {
    const after = text.slice(at + 1)
    const name = /^\s+([^\s:]+):/u.exec(after)?.[1]
    if (after.trim() === '' || (name !== undefined && byName.has(name))) return at + 1
  }
  return undefined
}

/** Words in order; when there are more words than options, the last option takes the rest if it is text. */
function fillInOrder(text: string, free: CommandOption[]): ParsedValue[] {
  const words = [...text.matchAll(/"([^"]*)"(?=\s|$)|\S+/g)].map((match) => ({
    text: match[1] ?? match[0],
    at: match.index,
  }))
  if (words.length === 0) return []
  if (free.length === 0) throw new LineError(`This command takes no value here: ${words[0]?.text}.`)
  const last = free.at(-1)
  if (words.length > free.length && last?.type !== 3) {
    throw new LineError(
      `Too many values: ${words
        .slice(free.length)
        .map((word) => word.text)
        .join(' ')}.`,
    )
  }
  return words.slice(0, free.length).map((word, at) => {
    const option = free[at] as CommandOption
    const takesRest = at === free.length - 1 && words.length > free.length
    return { option, text: takesRest ? text.slice(word.at) : word.text }
  })
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}
