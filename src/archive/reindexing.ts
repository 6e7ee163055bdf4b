import type { ArchiveStore } from '../core/archive.ts'
import type { Log } from '../engine/ports.ts'

/** Runs at once, and the pause after them (ms): a run of sixty turns takes about 3 ms, and nobody should notice. */
const AT_ONCE = 5
const PAUSE = 50

/** Brings the archive's index up to date in the background, after a change of what it holds. */
export class Reindexing {
  readonly #store: Pick<ArchiveStore, 'reindexArchive'>
  readonly #log: Log
  #work: Promise<void> | null = null
  #closed = false

  constructor(store: Pick<ArchiveStore, 'reindexArchive'>, log: Log) {
    this.#store = store
    this.#log = log
  }

  start(): void {
    this.#work ??= this.#all().catch((err) =>
      this.#log.error({ err }, 'the archive could not be indexed anew; it goes on with the next start'),
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#work
  }

  async #all(): Promise<void> {
    while (!this.#closed && (await this.#store.reindexArchive(AT_ONCE)) > 0)
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}
