/** One sandbox to a folder: two would each overwrite what the other remembers. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A predecessor that is being ended is waited for. */
const LEAVING_MS = 2000

/**
 * Takes a folder for this process until `free` is called. SQLite's own lock is used, because the system lets go of it when a process ends,
 * however it does. Throws when another has the folder.
 */
export function lockFolder(folder: string): { free(): void } {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'sandbox.lock'), { timeout: LEAVING_MS })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!(error instanceof Error && /locked|busy/.test(error.message))) throw error
    throw new Error(`${folder} is in use by another sandbox: end that one, or set another DATA_DIR.`)
  }
  return { free: () => db.close() }
}
