import { stat } from 'node:fs/promises'
import type { ArchivedRun, ArchiveStore } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import { KnownLogs } from './known-logs.ts'
import { type FoundLog, readLogFile, readLogFolder, readMetaFile } from './read-logs.ts'

export interface ImportedLogs {
  added: number
  changed: number
  same: number
  /** Sentences that name file and line. */
  problems: string[]
  /** Files that are no logs, likewise. */
  skipped: string[]
}

interface How {
  /** They are to go to Supabase too. */
  wanted?: boolean
  /** Reads all and writes nothing. */
  dryRun?: boolean
  /** Called as it goes on, with how many of how many are read. */
  told?: (done: number, count: number) => void
}

const PAGE = 50

/**
 * Puts a folder of UniversalBackrooms logs, one log, or the runs of one `_meta.jsonl`, into the archive. Doing it twice, or from another
 * folder, changes nothing, and what this project's own runs have put there stays as it is. Throws UserError.
 */
export async function importLogs(
  path: string,
  store: Pick<ArchiveStore, 'archive' | 'archived' | 'archivedKeys'>,
  { wanted = false, dryRun = false, told = () => {} }: How = {},
): Promise<ImportedLogs> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code}).`)
  })
  const read = info.isDirectory() ? readLogFolder : path.endsWith('.txt') ? readLogFile : readMetaFile
  const { runs, count, problems, skipped } = await read(path)
  const known = new KnownLogs(store, await store.archivedKeys())
  const imported: ImportedLogs = { added: 0, changed: 0, same: 0, problems, skipped }
  let page: ArchivedRun[] = []
  let done = 0
  const write = async () => {
    const { added, changed, same } = await store.archive(page, wanted)
    imported.added += added
    imported.changed += changed
    imported.same += same
    page = []
  }
  for await (const found of runs) {
    done++
    if (known.has(found.run) && page.length > 0) await write()
    const before = known.has(found.run) ? await known.find(found.run) : null
    if (before && (dryRun || adds(found, before) === false)) {
      // It may be wanted in Supabase only now.
      if (wanted && !dryRun && before.run_id === null) page.push(before)
      else imported.same++
    } else if (dryRun) imported.added++
    else page.push(before ? { ...found.run, log_file: before.log_file } : found.run)
    known.add(before?.log_file ?? found.run.log_file)
    if (page.length === PAGE) await write()
    if (done % PAGE === 0) told(done, count)
  }
  if (page.length > 0) await write()
  told(done, count)
  if (done === 0 && skipped.length > 0)
    throw new UserError(
      `${path} holds no logs. ${skipped.slice(0, 5).join(' ')}${skipped.length > 5 ? ` And ${skipped.length - 5} others.` : ''}`,
    )
  return imported
}

/** Whether what was found tells more than what is in the archive: more of the talk, or a meta line. */
function adds({ run, told }: FoundLog, before: ArchivedRun): boolean {
  if (before.run_id !== null || run.transcript.length < before.transcript.length) return false
  return told || run.transcript !== before.transcript
}
