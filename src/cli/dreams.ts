import { readFile } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { snippetOf } from '../core/archive.ts'
import { type Dream, type DreamQuery, dreamQuery, textOf } from '../core/dreams.ts'
import { count, plural } from '../core/figures.ts'
import { findSome, notFound, whyNone } from '../dreams/explain.ts'
import { isDay, parseDreams } from '../dreams/file.ts'
import { importDreams } from '../dreams/import.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Flags, Given } from './flags.ts'
import { EXIT, WrongUse } from './io.ts'
import { plain } from './screen.ts'
import { unreadable } from './unreadable.ts'
import { written } from './written.ts'

const FILTERS = {
  query: { kind: 'text', value: 'words', help: 'Words that must all occur, at least as parts of words' },
  source: { kind: 'text', value: 'name', help: 'Whose dreams: all (default), mine, rsos, any other' },
  ids: { kind: 'list', value: 'id', help: 'These and no others' },
  limit: { kind: 'text', value: 'N', help: 'At most so many, the newest' },
} as const satisfies Flags

function queryOf(given: Given, limit: number): DreamQuery {
  const query = [...given.words, ...given.list('query')].join(' ').trim()
  const ids = given.names('ids')
  return dreamQuery({
    ...(query === '' ? {} : { query }),
    source: given.text('source') ?? 'all',
    limit: given.whole('limit') ?? limit,
    ...(ids.length > 0 ? { ids } : {}),
  })
}

export const dreamsSearch: Command = {
  summary: 'Find dreams by words in them',
  usage: ['[words] [--source mine|rsos|all] [--limit N] [--json]'],
  about:
    'In Supabase where it is set up, else in the local store. Case does not count, nor do accents in the local store (in Supabase cafe does not find café); parts of words are found.',
  flags: { ...FILTERS, json: JSON_FLAG },
  examples: [
    ['dreams search static', 'what dreamsim3 --query static --source all would run'],
    ['dreams search', 'the newest'],
  ],
  async run(given, terminal) {
    const { dreams: sources } = await terminal.parts()
    const query = queryOf(given, 20)
    if (given.has('json')) {
      const found = await sources.main.find(query)
      const listed = found.map(({ fields: _, ...dream }) => dream)
      terminal.out(JSON.stringify(listed, null, 2))
      for (const note of notFound(query, found)) terminal.err(note)
      return EXIT.done
    }
    const { dreams, notes } = await findSome(sources.main, query)
    for (const dream of dreams) {
      const snippet = snippetOf(dream.content, query.query, 160)
        .replaceAll('**', '')
        .replaceAll(/\\([\\*_~`|>#[\]<@])/g, '$1')
      terminal.out(`${terminal.paint.bold(dream.id)}  ${headOf(dream)}\n    ${plain(snippet)}`)
    }
    for (const note of notes) terminal.err(note)
    terminal.err(`${plural(dreams.length, 'dream')} of ${sources.main.name}.`)
    return EXIT.done
  },
}

const headOf = ({ date, source }: Dream): string => [date, source].filter((each) => each !== null).join(' · ')

export const dreamsShow: Command = {
  summary: 'One dream, whole',
  usage: ['<id> [--json]'],
  words: 1,
  flags: { json: JSON_FLAG },
  examples: [['dreams show d01', 'the first of those that come with the project']],
  async run(given, terminal) {
    const [id] = given.words
    if (id === undefined) throw new WrongUse('Name a dream: dreams show d01')
    const { dreams: sources } = await terminal.parts()
    const query = dreamQuery({ ids: [id], require_content: false })
    const dreams = await sources.main.find(query)
    if (dreams.length === 0) throw new WrongUse(await whyNone(sources.main, query))
    for (const { fields, ...dream } of dreams)
      terminal.out(
        given.has('json')
          ? JSON.stringify({ ...dream, fields }, null, 2)
          : `${headOf({ fields, ...dream })}\n${plain(dream.content)}`,
      )
    return EXIT.done
  },
}

export const dreamsAdd: Command = {
  summary: 'Keep a dream',
  usage: ['<text> [--source name] [--date 2026-03-09] [--id id] [--json]'],
  about: 'Without an id one is made from the text; one that is there already is replaced.',
  flags: {
    source: { kind: 'text', value: 'name', help: 'Whose it is; mine by default' },
    date: { kind: 'text', value: 'day', help: 'When it was dreamed; today by default' },
    id: { kind: 'text', value: 'id', help: 'Its id' },
    json: JSON_FLAG,
  },
  examples: [['dreams add "The lift only went sideways."', 'as mine, of today']],
  async run(given, terminal) {
    const content = given.words.join(' ')
    if (content.trim() === '')
      throw new WrongUse('There is nothing in that dream: dreams add "The lift only went sideways."')
    const date = given.text('date') ?? new Date().toISOString().slice(0, 10)
    if (!isDay(date)) throw new WrongUse(`--date must be a day like 2026-03-09, not "${date}".`)
    const row = { content, date, source: given.text('source') ?? 'mine', id: given.text('id') ?? '' }
    const { dreams } = parseDreams('the dream', Buffer.from(JSON.stringify(row)))
    const { dreams: sources } = await terminal.parts()
    const { added, changed, same } = await sources.main.put(dreams)
    if (given.has('json')) {
      terminal.out(JSON.stringify({ id: dreams[0]?.id, into: sources.main.name, added, changed, same }, null, 2))
      return EXIT.done
    }
    const what = added > 0 ? 'Kept' : changed > 0 ? 'Replaced' : 'It was there already'
    terminal.out(`${what}, as ${dreams[0]?.id} in ${sources.main.name}.`)
    return EXIT.done
  },
}

export const dreamsImport: Command = {
  summary: 'Keep the dreams of CSV, TSV or JSONL files',
  usage: ['<file> … [--json]'],
  about:
    'Its column content (or text, dream, dream_text, body) is the text. Where they are there, id (or dream_id), date (or created_at, dreamed_at), a day like 2026-03-09, and source count; other columns are kept. The same file twice changes nothing. UTF-8.',
  flags: { json: JSON_FLAG },
  examples: [['dreams import dreams.csv', 'into Supabase where it is set up, else into the local store']],
  async run(given, terminal) {
    if (given.words.length === 0) throw new WrongUse('Name a file: dreams import dreams.csv')
    const { dreams: sources } = await terminal.parts()
    const told: object[] = []
    for (const name of given.words) {
      const bytes = await readFile(resolve(terminal.cwd, name)).catch((error: NodeJS.ErrnoException) => {
        throw unreadable(name, error, 'the CSV, TSV or JSONL files')
      })
      const { added, changed, same, empty } = await importDreams(sources.main, basename(name), bytes)
      const parts = [
        `${plural(added, 'dream')} added`,
        ...(changed > 0 ? [`${count(changed)} replaced`] : []),
        ...(same > 0 ? [`${count(same)} there already`] : []),
        ...(empty > 0 ? [`${count(empty)} empty and left out`] : []),
      ]
      told.push({ file: name, into: sources.main.name, added, changed, same, empty })
      if (!given.has('json')) terminal.out(`${name} into ${sources.main.name}: ${parts.join(', ')}.`)
    }
    if (given.has('json')) terminal.out(JSON.stringify(told, null, 2))
    return EXIT.done
  },
}

/** More than any export asks for. */
const ALL = 1_000_000

export const dreamsExport: Command = {
  summary: 'Dreams as JSONL, CSV or TSV',
  usage: ['[words] [--source name] [--out dreams.csv]'],
  about: 'What import reads. The kind is that of the file’s ending; on stdout it is JSONL.',
  flags: { ...FILTERS, out: { kind: 'text', value: 'file', help: 'Ends in .jsonl, .csv or .tsv; stdout by default' } },
  examples: [
    ['dreams export --out dreams.csv', 'all of them'],
    ['dreams export static --source mine', 'some, on stdout'],
  ],
  async run(given, terminal) {
    const out = given.text('out')
    const write = WRITERS[out === undefined ? '.jsonl' : extname(out).toLowerCase()]
    if (!write) throw new WrongUse(`--out must end in ${Object.keys(WRITERS).join(', ')}, not "${out}".`)
    const { dreams: sources } = await terminal.parts()
    const { dreams, notes } = await findSome(sources.main, queryOf(given, ALL))
    for (const note of notes) terminal.err(note)
    const text = write(
      dreams.map(({ id, date, source, content, fields }) => ({ id, date, source, content, ...more(fields) })),
    )
    if (out === undefined) terminal.write(text)
    else {
      await written(resolve(terminal.cwd, out), text)
      terminal.err(`${plural(dreams.length, 'dream')} of ${sources.main.name}: ${resolve(terminal.cwd, out)}`)
    }
    return EXIT.done
  },
}

/** Columns beside the four. */
function more(fields: Record<string, unknown>): Record<string, unknown> {
  const { id: _, date: __, source: ___, content: ____, ...rest } = fields
  return rest
}

type Rows = Record<string, unknown>[]
const WRITERS: Readonly<Record<string, (rows: Rows) => string>> = {
  '.jsonl': (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  '.csv': (rows) => table(rows, ','),
  '.tsv': (rows) => table(rows, '\t'),
}

/** https://www.rfc-editor.org/rfc/rfc4180 */
function table(rows: Rows, separator: string): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cell = (text: string) => (/["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [names, ...rows.map((row) => names.map((name) => textOf(row[name])))]
    .map((cells) => `${cells.map(cell).join(separator)}\n`)
    .join('')
}
