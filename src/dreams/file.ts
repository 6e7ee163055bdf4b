import { createHash } from 'node:crypto'
import { basename, extname } from 'node:path'
import { type NewDream, textOf } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import { readCsv } from './csv.ts'

export interface ReadDreams {
  dreams: NewDream[]
  /** How many rows were left out because they hold no text. */
  empty: number
}

/** Longest text (characters) that is taken for one dream. */
export const LONGEST_DREAM = 1_000_000

interface Row {
  line: number
  fields: Record<string, unknown>
}

/** What the columns may also be called, in any case. */
const NAMES = {
  content: ['content', 'text', 'dream', 'dream_text', 'body'],
  id: ['id', 'dream_id'],
  date: ['date', 'created_at', 'dreamed_at'],
  source: ['source'],
} as const

/**
 * Reads dreams from a CSV, TSV or JSONL file. Needed is a column (or key) `content`; `id`, `date` and `source` count where they are there,
 * others are kept. `NAMES` has what these may be called as well. Without an id it is made from the text, so that the same file twice changes
 * nothing.
 *
 * @throws UserError naming file and line, and what to do.
 */
export function parseDreams(file: string, bytes: Uint8Array): ReadDreams {
  const text = decode(file, bytes)
  const kind = extname(file).toLowerCase()
  const isTable = kind === '.csv' || kind === '.tsv'
  if (!isTable && !JSON_KINDS.has(kind) && looksLikeTable(text))
    throw new UserError(
      `${file} reads like a table, and its name does not say so: call it ${basename(file, extname(file))}${text.slice(0, text.search(/[\r\n]|$/)).includes('\t') ? '.tsv' : '.csv'} and try again.`,
    )
  const rows = isTable ? table(file, text) : lines(file, text)
  if (rows.length === 0) throw new UserError(`${file} holds no dreams: it is empty, or has only a heading.`)
  const dreams: NewDream[] = []
  const ids = new Map<string, number>()
  let empty = 0
  for (const { line, fields } of rows) {
    requireTexts(file, line, fields)
    const dream = dreamFrom(fields)
    if (dream.content.trim() === '') {
      empty++
      continue
    }
    if (dream.content.length > LONGEST_DREAM)
      throw new UserError(
        `${file}: line ${line}: this dream has ${dream.content.length.toLocaleString('en-US')} characters, and ${LONGEST_DREAM.toLocaleString('en-US')} are taken at most: shorten it, or divide it.`,
      )
    if (dream.date !== null && !isDay(dream.date))
      throw new UserError(
        `${file}: line ${line}: the date must begin with a day like 2026-03-09, not ${JSON.stringify(dream.date.slice(0, 60))}: write it so, or leave it out.`,
      )
    const before = ids.get(dream.id)
    if (before !== undefined)
      throw new UserError(
        `${file}: line ${line}: the id ${JSON.stringify(dream.id)} stands in line ${before} already: give each dream its own, or leave the ids out.`,
      )
    ids.set(dream.id, line)
    dreams.push(dream)
  }
  if (dreams.length === 0)
    throw new UserError(`${file}: every dream in it is empty: the column \`content\` has no text.`)
  return { dreams, empty }
}

/** Whether a dream can be of this date: a day that there is, perhaps with a time. Dates are sorted as texts. */
export function isDay(date: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)(?=$|[T ])/.exec(date) ?? []
  if (day === undefined || Number.isNaN(Date.parse(date))) return false
  // 30 February is taken for 2 March.
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day)
}

/** Endings of files that hold JSON a line, or nothing at all (a dream that was typed). */
const JSON_KINDS = new Set(['.jsonl', '.ndjson', '.json', ''])

/** Its first line names a column for the text, among others or alone, and is no JSON. */
function looksLikeTable(text: string): boolean {
  const head = text.slice(0, text.search(/[\r\n]|$/)).trim()
  const names = head.split(/[,;\t]/).map((name) => name.replaceAll('"', '').trim().toLowerCase())
  return !head.startsWith('{') && names.some((name) => (NAMES.content as readonly string[]).includes(name))
}

/** Throws UserError where a JSONL row holds something else than text where text belongs. */
function requireTexts(file: string, line: number, fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    const column = (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((key) =>
      (NAMES[key] as readonly string[]).includes(name.trim().toLowerCase()),
    )
    const isPlain = value === null || typeof value === 'string' || (typeof value === 'number' && column !== 'content')
    if (column !== undefined && !isPlain)
      throw new UserError(
        `${file}: line ${line}: \`${name}\` must be ${column === 'content' ? 'a text' : 'a text or a number'}, not ${JSON.stringify(value).slice(0, 60)}.`,
      )
  }
}

function dreamFrom(fields: Record<string, unknown>): NewDream {
  const named = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.trim().toLowerCase(), value]))
  const take = (names: readonly string[]) =>
    names.map((name) => textOf(named[name])).find((value) => value !== '') ?? ''
  const content = take(NAMES.content).replaceAll('\r\n', '\n')
  const known: string[] = Object.values(NAMES).flat()
  const id = take(NAMES.id).trim()
  const [date, source] = [take(NAMES.date).trim(), take(NAMES.source).trim()]
  return {
    id: id === '' ? `x${createHash('sha256').update(content).digest('hex').slice(0, 12)}` : id,
    content,
    date: date === '' ? null : date,
    source: source === '' ? 'mine' : source,
    more: Object.fromEntries(Object.entries(fields).filter(([key]) => !known.includes(key.trim().toLowerCase()))),
  }
}

function table(file: string, text: string): Row[] {
  const heading = text.slice(0, text.search(/[\r\n]|$/))
  const separator =
    extname(file).toLowerCase() === '.tsv' ? '\t' : heading.includes(',') || !heading.includes(';') ? ',' : ';'
  const [head, ...rows] = readCsv(text, separator, file)
  if (!head) return []
  requireContent(file, head.cells, 'line 1 names the columns and has no')
  return rows.map(({ line, cells }) => {
    if (cells.length !== head.cells.length)
      throw new UserError(
        `${file}: line ${line} has ${cells.length} cells, and line 1 names ${head.cells.length} columns: a cell that holds ${separator === '\t' ? 'a tab' : `a "${separator}"`} must stand in quotes.`,
      )
    return { line, fields: Object.fromEntries(head.cells.map((name, at) => [name, cells[at]])) }
  })
}

function lines(file: string, text: string): Row[] {
  const rows: Row[] = []
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const fields = parsed(line)
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      throw new UserError(
        `${file}: line ${at + 1} is no JSON object: ${JSON.stringify(line.slice(0, 40))}. A JSONL file holds one {"content": "…"} a line; name it .csv or .tsv if it is a table.`,
      )
    requireContent(file, Object.keys(fields), `line ${at + 1} has no`)
    rows.push({ line: at + 1, fields: fields as Record<string, unknown> })
  }
  return rows
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function requireContent(file: string, names: string[], what: string): void {
  const there = names.map((name) => name.trim().toLowerCase())
  if (NAMES.content.some((name) => there.includes(name))) return
  throw new UserError(
    `${file}: ${what} column \`content\`, which holds the dream's text, only ${names.map((name) => `\`${name}\``).join(', ')}: rename the one with the text to \`content\`.`,
  )
}

/** UTF-8, with or without a byte order mark. */
function decode(file: string, bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new UserError(`${file} is UTF-16: save it as UTF-8 (in Excel: "CSV UTF-8") and try again.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const lines = new TextDecoder('latin1').decode(bytes).split('\n')
    const strict = new TextDecoder('utf-8', { fatal: true })
    const line = lines.findIndex((each) => {
      try {
        strict.decode(Uint8Array.from(each, (character) => character.charCodeAt(0)))
        return false
      } catch {
        return true
      }
    })
    const shown = (lines[line] ?? '').slice(0, 60)
    throw new UserError(
      `${file}: line ${line + 1} is not UTF-8 but probably Latin-1 (${JSON.stringify(shown)}): save the file as UTF-8 (in Excel: "CSV UTF-8") and try again.`,
    )
  }
}
