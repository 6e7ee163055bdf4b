import { stat } from 'node:fs/promises'
import type { ArchivedRun, ArchiveStore } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import { readLogFolder, readMetaFile } from './read-logs.ts'

export interface ImportedLogs {
  added: number
  changed: number
  same: number
  /** Sentences that name file and line. */
  problems: string[]
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
 * Puts a folder of UniversalBackrooms logs, or the runs of one `_meta.jsonl`, into the archive. Doing it twice changes nothing, and what
 * this project's own runs have put there stays as it is. Throws UserError.
 */
export async function importLogs(
  path: string,
  store: Pick<ArchiveStore, 'archive' | 'archived'>,
  { wanted = false, dryRun = false, told = () => {} }: How = {},
): Promise<ImportedLogs> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code}).`)
  })
  const { runs, count, problems } = info.isDirectory() ? await readLogFolder(path) : await readMetaFile(path)
  const imported: ImportedLogs = { added: 0, changed: 0, same: 0, problems }
  let page: ArchivedRun[] = []
  let done = 0
  const write = async () => {
    const { added, changed, same } = await store.archive(page, wanted)
    imported.added += added
    imported.changed += changed
    imported.same += same
    page = []
  }
  for await (const run of runs) {
    done++
    const known = await store.archived(run.log_file)
    if (known?.run_id || dryRun) {
      if (known) imported.same++
      else imported.added++
    } else page.push(run)
    if (page.length === PAGE) await write()
    if (done % PAGE === 0) told(done, count)
  }
  if (page.length > 0) await write()
  told(done, count)
  return imported
}
