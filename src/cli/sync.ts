import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ImportedLogs, importLogs } from '../archive/import-logs.ts'
import { syncArchive } from '../archive/sync.ts'
import { UserError } from '../core/errors.ts'
import { count, plural } from '../core/figures.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Given } from './flags.ts'
import { EXIT, WrongUse } from './io.ts'
import type { Parts } from './parts.ts'
import type { Terminal } from './terminal.ts'

export const sync: Command = {
  summary: 'Send the archived runs that Supabase does not have yet',
  usage: ['[--meta file_meta.jsonl …] [--dry-run] [--json]'],
  about:
    'Needs SUPABASE_URL and SUPABASE_KEY, and the table of supabase/schema.sql. Runs are upserted on log_file: doing it twice changes nothing, and what was interrupted goes on the next time. BACKROOMS_AUTO_SYNC=1 sends each run when it ends.',
  flags: {
    meta: {
      kind: 'list',
      value: 'file',
      help: 'Take up the runs of these meta files (or folders of logs) first, the predecessor’s too',
    },
    'dry-run': { kind: 'switch', help: 'Say what would be sent, and send nothing' },
    json: JSON_FLAG,
  },
  examples: [
    ['sync', 'everything that is missing there'],
    ['sync --meta BackroomsLogs/dreamsim3/dreamsim3_meta.jsonl', 'the predecessor’s runs as well'],
  ],
  async run(given, terminal) {
    noWords('sync', given)
    const parts = await terminal.parts()
    const dryRun = given.has('dry-run')
    const { remote, store } = parts
    if (!remote && !dryRun)
      throw new UserError(
        'Supabase is not set up: put SUPABASE_URL and SUPABASE_KEY into the file .env; supabase/README.md leads through it.',
      )
    const json = given.has('json')
    const taken: TakenUp[] = []
    for (const file of given.list('meta'))
      taken.push(await takeUp(file, { wanted: true, dryRun, json }, parts, terminal))
    const left = await store.wantAll(dryRun)
    if (dryRun || !remote) {
      const waiting = taken.reduce((sum, { added, changed }) => sum + added + changed, left)
      if (json) terminal.out(JSON.stringify({ dry_run: true, sent: 0, waiting, taken_up: taken }, null, 2))
      else terminal.out(`${plural(waiting, 'run')} would be sent; nothing was.`)
      return EXIT.done
    }
    const sent = await syncArchive(store, remote, (done) => terminal.progress.show(done, left, 'sent'))
    if (sent === 0) await remote.send([])
    terminal.progress.end()
    if (json) terminal.out(JSON.stringify({ dry_run: false, sent, waiting: 0, taken_up: taken }, null, 2))
    else terminal.out(sent === 0 ? 'Supabase has every run already.' : `${plural(sent, 'run')} sent to Supabase.`)
    return EXIT.done
  },
}

export const importLogsCommand: Command = {
  summary: 'Take the predecessor’s logs into the archive',
  usage: ['<folder|log.txt|file_meta.jsonl> … [--dry-run] [--sync] [--json]'],
  about:
    'Reads UniversalBackrooms’ folder (BackroomsLogs) with its *_meta.jsonl, and this project’s own logs. Other texts among them are skipped and named. Doing it twice changes nothing, nor does doing it from another folder: a log is known by its name and text. What a log lacks (its date, or all but its meta line) is named as a problem; the rest of it is taken, and the exit code is 0.',
  flags: {
    'dry-run': { kind: 'switch', help: 'Read everything and keep nothing' },
    sync: { kind: 'switch', help: 'They are to go to Supabase too, with the next sync' },
    json: JSON_FLAG,
  },
  examples: [['import-logs ~/UniversalBackrooms/BackroomsLogs', 'then: archive search']],
  async run(given, terminal) {
    if (given.words.length === 0) throw new WrongUse('Name a folder: import-logs ~/UniversalBackrooms/BackroomsLogs')
    const parts = await terminal.parts()
    const json = given.has('json')
    const how = { wanted: given.has('sync') || parts.env.BACKROOMS_AUTO_SYNC, dryRun: given.has('dry-run'), json }
    const taken: TakenUp[] = []
    for (const path of given.words) taken.push(await takeUp(path, how, parts, terminal))
    if (json) terminal.out(JSON.stringify(taken, null, 2))
    return EXIT.done
  },
}

/** Skipped files that are named. */
const SHOWN = 20

type TakenUp = { path: string } & ImportedLogs

/** Imports and tells. Throws WrongUse where there is no such file. */
async function takeUp(
  named: string,
  how: { wanted: boolean; dryRun: boolean; json: boolean },
  { store }: Parts,
  { cwd, progress, out, err }: Terminal,
): Promise<TakenUp> {
  const path = resolve(cwd, named)
  if (!existsSync(path)) throw new WrongUse(`There is no file or folder ${path}.`)
  const told = (done: number, all: number) => progress.show(done, all, 'read')
  const { added, changed, same, problems, skipped } = await importLogs(path, store, { ...how, told })
  progress.end()
  const taken = { path, added, changed, same, problems, skipped }
  if (how.json) return taken
  for (const problem of problems) err(problem)
  for (const file of skipped.slice(0, SHOWN)) err(`Skipped: ${file}`)
  if (skipped.length > SHOWN) err(`Skipped: ${plural(skipped.length - SHOWN, 'file')} more that are no logs.`)
  const parts = [
    `${plural(added, 'run')} ${how.dryRun ? 'would be added' : 'added'}`,
    ...(changed > 0 ? [`${count(changed)} changed`] : []),
    ...(same > 0 ? [`${count(same)} there already`] : []),
    ...(skipped.length > 0 ? [`${plural(skipped.length, 'file')} skipped`] : []),
    ...(problems.length > 0 ? [plural(problems.length, 'problem')] : []),
  ]
  out(`${path}: ${parts.join(', ')}.`)
  return taken
}

function noWords(command: string, given: Given): void {
  const [word] = given.words
  if (word !== undefined) throw new WrongUse(`${command} takes flags alone, not "${word}".`)
}
