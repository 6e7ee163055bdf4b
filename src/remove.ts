import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run } from './core/run.ts'
import type { Steering } from './core/steering.ts'
import { metaFile } from './observers/logfile.ts'

interface Parts {
  dataDir: string
  steering: Steering
  poster: { removeThread(run: Run): Promise<void> }
  archive: { remove(runId: string): Promise<void> }
}

/** Removes a run for good: stops it, then its thread, its log and meta line, its pictures, and what the store has of it. */
export async function removeRun(run: Run, { dataDir, steering, poster, archive }: Parts): Promise<void> {
  // The thread first: what the store forgets can no longer be found in Discord.
  if (run.status !== 'ended') await steering.pause(run.id, 'It is being deleted.').catch(() => {})
  await poster.removeThread(run)
  await steering.forget(run.id)
  await archive.remove(run.id)
  const folder = join(dataDir, 'backrooms_logs')
  await rm(join(folder, run.log_file), { force: true })
  await rm(join(dataDir, 'media', run.id), { recursive: true, force: true })
  await removeMetaLine(metaFile(folder, run), run)
}

async function removeMetaLine(file: string, run: Run): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return
  const mark = JSON.stringify(`backrooms_logs/${run.log_file}`)
  const kept = text.split('\n').filter((line) => !line.includes(mark))
  await writeFile(`${file}.part`, kept.join('\n'))
  await rename(`${file}.part`, file)
}
