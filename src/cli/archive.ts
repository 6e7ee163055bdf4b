import { resolve } from 'node:path'
import { days } from '../archive/days.ts'
import { whyNoneArchived } from '../archive/explain.ts'
import { ARCHIVE_FORMATS, type ArchiveFormat, exportArchive } from '../archive/export.ts'
import { type ArchivedRun, type ArchiveFilter, type ArchiveRow, dayOf, snippetOf } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import { plural } from '../core/figures.ts'
import { talkOf } from '../core/log-talk.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { Store } from '../core/store.ts'
import { asTyped } from './as-typed.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Flags, Given } from './flags.ts'
import { EXIT, WrongUse } from './io.ts'
import { plain } from './screen.ts'
import type { Terminal } from './terminal.ts'

const FILTERS = {
  query: {
    kind: 'text',
    value: 'words',
    help: 'Words that must all occur in title, prompt or transcript; parts of words will do',
  },
  model: { kind: 'text', value: 'alias', help: 'An alias that took part' },
  template: { kind: 'text', value: 'name', help: 'Which template' },
  since: { kind: 'text', value: 'day', help: 'Begun on or after this day: 2026-03-09, 2026-03 or 2026 (UTC)' },
  until: { kind: 'text', value: 'day', help: 'Begun on or before this day, month or year (UTC)' },
  end: { kind: 'text', value: 'reason', help: 'How it ended: max_turns, stop_sequence, error …' },
} as const satisfies Flags

type Filter = Omit<ArchiveFilter, 'limit'>

/** Words and `--query` mean the same. Throws UserError. */
function filterOf(given: Given): Filter {
  const query = [...given.words, ...given.list('query')].join(' ').trim()
  const [since, until] = [given.text('since'), given.text('until')]
  return {
    ...(query === '' ? {} : { query }),
    model: given.text('model'),
    template: given.text('template'),
    exit_reason: given.text('end'),
    ...(since === undefined ? {} : { since: asTyped(() => days(since, '--since').from) }),
    ...(until === undefined ? {} : { until: asTyped(() => days(until, '--until').to) }),
  }
}

/** Runs whose index is brought up to date at once. */
const AT_ONCE = 100

/** A search by words needs the whole index. */
async function indexFor({ query }: Filter, store: Store, { progress }: Terminal): Promise<void> {
  if (query === undefined) return
  let left = await store.reindexArchive(AT_ONCE)
  if (left === 0) return
  for (const all = left; left > 0; left = await store.reindexArchive(AT_ONCE))
    progress.show(all - left, all, 'archived runs are indexed anew, once')
  progress.end()
}

export const archiveSearch: Command = {
  summary: 'Find runs that have ended, by words and filters',
  usage: ['[words] [--model alias] [--template name] [--since day] [--until day] [--end reason] [--limit N] [--json]'],
  flags: {
    ...FILTERS,
    limit: { kind: 'text', value: 'N', help: 'How many are shown; 20 by default' },
    json: JSON_FLAG,
  },
  examples: [
    ['archive search staircase', 'where it was said'],
    ['archive search --model hermes --since 2026-03 --end stop_sequence', 'without words'],
  ],
  async run(given, terminal) {
    const filter = filterOf(given)
    const limit = given.whole('limit') ?? 20
    const { store } = await terminal.parts()
    await indexFor(filter, store, terminal)
    const { rows, total } = await store.searchArchive({ ...filter, limit })
    if (given.has('json')) {
      terminal.out(JSON.stringify({ total, runs: rows.map(factsOf) }, null, 2))
      return EXIT.done
    }
    if (total === 0) throw new UserError(await whyNoneArchived(filter, store))
    for (const row of rows) terminal.out(await entry(row, filter.query, store, terminal))
    terminal.err(`${plural(total, 'run')}${total > rows.length ? `; the newest ${rows.length} are shown` : ''}.`)
    return EXIT.done
  },
}

export const archiveShow: Command = {
  summary: 'One run that has ended, whole',
  usage: ['<run> [--json]'],
  words: 1,
  flags: { json: JSON_FLAG },
  examples: [['archive show k7m2q9xc', 'its transcript; the search shows the ids']],
  async run(given, terminal) {
    const [name] = given.words
    if (name === undefined) throw new WrongUse('Name a run, as the search shows it: archive show k7m2q9xc')
    const { store } = await terminal.parts()
    const run = (await store.archivedRun(name)) ?? (await store.archived(name))
    if (!run)
      throw new WrongUse(
        `The archive has no run "${name}". This shows what there is: npm run backrooms -- archive search`,
      )
    show(run, given, terminal)
    return EXIT.done
  },
}

export const archiveRandom: Command = {
  summary: 'Any run that has ended, perhaps among those that match',
  usage: ['[words] [filters as for search] [--json]'],
  flags: { ...FILTERS, json: JSON_FLAG },
  examples: [['archive random --template dreamsim3', 'one of them']],
  async run(given, terminal) {
    const filter = filterOf(given)
    const { store } = await terminal.parts()
    await indexFor(filter, store, terminal)
    const row = await store.randomArchived(filter)
    const run = row && (await store.archived(row.log_file))
    if (!run) throw new UserError(await whyNoneArchived(filter, store))
    show(run, given, terminal)
    return EXIT.done
  },
}

export const archiveExport: Command = {
  summary: 'Archived runs as Markdown, HTML, JSONL or an Obsidian folder',
  usage: [`[words] [filters as for search] [--format ${ARCHIVE_FORMATS.join('|')}] [--out path] [--json]`],
  about:
    'JSONL is one file, the others are a folder with a file for each run; Obsidian’s have front matter, and an index beside them.',
  flags: {
    ...FILTERS,
    format: { kind: 'text', value: ARCHIVE_FORMATS.join('|'), help: 'Markdown by default' },
    out: { kind: 'text', value: 'path', help: 'A folder, or JSONL’s file; backrooms_archive by default' },
    json: { kind: 'switch', help: 'stdout: how many runs were written, and where, as JSON' },
  },
  examples: [
    ['archive export --format obsidian --out ~/notes/Backrooms', 'all of them, to wander in'],
    ['archive export --template dreamsim3 --format jsonl --out dreams.jsonl', 'a line for each'],
  ],
  async run(given, terminal) {
    const format = formatOf(given.text('format') ?? 'markdown')
    const filter = filterOf(given)
    const target = resolve(terminal.cwd, given.text('out') ?? `backrooms_archive${format === 'jsonl' ? '.jsonl' : ''}`)
    const { store } = await terminal.parts()
    await indexFor(filter, store, terminal)
    const told = (done: number, count: number) => terminal.progress.show(done, count, 'exported')
    const done = await exportArchive(store, { format, filter, target, told })
    terminal.progress.end()
    if (given.has('json')) terminal.out(JSON.stringify({ runs: done, format, path: target }, null, 2))
    else terminal.err(`${plural(done, 'run')}: ${target}`)
    return EXIT.done
  },
}

function formatOf(name: string): ArchiveFormat {
  const wanted = name === 'md' ? 'markdown' : name
  const format = ARCHIVE_FORMATS.find((each) => each === wanted)
  if (!format) throw new WrongUse(`There is no format "${name}". ${nearestSentence(name, ARCHIVE_FORMATS)}`)
  return format
}

function show(run: ArchivedRun, given: Given, terminal: Terminal): void {
  if (given.has('json')) terminal.out(JSON.stringify({ ...factsOf(run), transcript: run.transcript }, null, 2))
  else terminal.out(terminal.live ? plain(run.transcript) : run.transcript)
}

const nameOf = (row: ArchiveRow): string => row.run_id ?? row.log_file

const factsOf = ({ title, prompt, models, template, max_turns, created_at, ...row }: ArchiveRow) => ({
  ...{ run: nameOf({ title, prompt, models, template, max_turns, created_at, ...row }), log_file: row.log_file },
  ...{ title, prompt, models, template, max_turns, created_at: new Date(created_at).toISOString() },
  ...{ duration_sec: row.duration_sec, exit_reason: row.exit_reason, dream_id: row.dream_id, source: row.source },
})

async function entry(row: ArchiveRow, query: string | undefined, store: Store, { paint }: Terminal): Promise<string> {
  const whole = await store.archived(row.log_file)
  const talk = whole ? talkOf(whole) : ''
  const texts = [talk, row.prompt, row.title]
  const snippets = texts.map((text) => snippetOf(text, query, 120))
  const snippet =
    query === undefined ? snippetOf(row.prompt || talk, undefined, 120) : snippets.find((each) => each.includes('**'))
  const facts = `${row.template} · ${row.models.join(' × ')} · ${dayOf(row)} · ${row.exit_reason ?? 'unknown end'}`
  return plainMarks(`${paint.bold(nameOf(row))}  ${row.title} · ${facts}`, `    ${snippet ?? ''}`, paint.bold)
}

/** Snippets come as Markdown: the match in bold, and escapes before what would be marks. */
function plainMarks(head: string, snippet: string, bold: (text: string) => string): string {
  const shown = plain(snippet)
    .replaceAll(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/g, (_, match: string) => bold(match))
    .replaceAll(/\\([\\*_~`|>#[\]<@])/g, '$1')
  return `${head}\n${shown}`
}
