import type { ArchiveStore } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import type { Log } from '../engine/ports.ts'
import type { RemoteArchive } from './remote.ts'

type Kept = Pick<ArchiveStore, 'unsynced' | 'synced' | 'unsyncedRemovals' | 'removalSynced'>

/** Runs sent in one request. */
const PAGE = 10

/**
 * Sends all that is wanted in Supabase and not there yet. Interrupted anywhere, it can be run again.
 * @param told called after each request with how many were sent so far.
 * @returns how many were sent. Throws UserError.
 */
export async function syncArchive(
  store: Kept,
  remote: RemoteArchive,
  told: (sent: number) => void = () => {},
): Promise<number> {
  let sent = 0
  for (;;) {
    const runs = await store.unsynced(PAGE)
    if (runs.length === 0) break
    await remote.send(runs)
    await store.synced(runs.map(({ log_file }) => log_file))
    sent += runs.length
    told(sent)
  }
  for (const logFile of await store.unsyncedRemovals()) {
    await remote.remove(logFile)
    await store.removalSynced(logFile)
  }
  return sent
}

const FIRST_WAIT = 5000
const LONGEST_WAIT = 600_000

/** Keeps sending in the background until everything is there; never in anyone's way. */
export class ArchiveSync {
  readonly #parts: { store: Kept; remote: RemoteArchive; log: Log; firstWait?: number }
  #work: Promise<void> | null = null
  #again = false
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #closed = false

  constructor(parts: { store: Kept; remote: RemoteArchive; log: Log; firstWait?: number }) {
    this.#parts = parts
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    if (this.#work) {
      this.#again = true
      return
    }
    this.#work = this.#send().finally(() => {
      this.#work = null
      if (this.#again) {
        this.#again = false
        this.wake()
      }
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#work
  }

  async #send(): Promise<void> {
    const { store, remote, log, firstWait = FIRST_WAIT } = this.#parts
    try {
      const sent = await syncArchive(store, remote)
      if (sent > 0) log.info({ sent }, 'sent ended runs to Supabase')
      this.#failures = 0
    } catch (error) {
      const why = error instanceof UserError ? { reason: error.message } : { err: error }
      log.warn(why, 'ended runs could not be sent to Supabase; trying again later')
      const wait = Math.min(LONGEST_WAIT, firstWait * 2 ** this.#failures++)
      if (!this.#closed) this.#timer = setTimeout(() => this.wake(), wait).unref()
    }
  }
}
