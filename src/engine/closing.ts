import { setTimeout as sleep } from 'node:timers/promises'
import { commit } from './commit.ts'
import type { EngineParts } from './parts.ts'
import type { Followers } from './ports.ts'

/** What was broken off gets so long (ms) to say what it has used. */
const LAST_MS = 5000

/**
 * Posts the end notice of each ended run as soon as its observers have had their say about the last round, and what was broken off is
 * accounted for.
 */
export class Closing {
  readonly #parts: EngineParts
  readonly #followers: Followers
  readonly #idle: (runId: string) => Promise<void>
  readonly #going = new Map<string, Promise<void>>()

  /** @param idle resolves when nothing of the run is under way any more. */
  constructor(parts: EngineParts, followers: Followers, idle: (runId: string) => Promise<void>) {
    this.#parts = parts
    this.#idle = idle
    this.#followers = followers
    parts.bus.on('ended', ({ run_id }) => this.close(run_id))
  }

  close(runId: string): void {
    if (this.#going.has(runId)) return
    const closing = this.#close(runId)
      .catch((error) => this.#parts.log.error({ run: runId, err: error }, 'a run could not be closed'))
      .finally(() => this.#going.delete(runId))
    this.#going.set(runId, closing)
  }

  /** A person does not want to wait for the observers any longer. */
  hurry(runId: string): void {
    this.#followers.hurry(runId)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#going.values())
  }

  async #close(runId: string): Promise<void> {
    const { store, transcript } = this.#parts
    const run = await store.run(runId)
    if (!run || run.closed_at !== null) return
    await Promise.race([this.#idle(runId), sleep(LAST_MS, undefined, { ref: false })])
    if (!(await this.#followers.finished(run))) return
    await commit(this.#parts, runId, (now) =>
      now.closed_at !== null ? null : { set: { closed_at: Date.now() }, deliveries: (after) => transcript.end(after) },
    )
  }
}
