import type { Looks } from './looks.ts'
import type { BatchParts } from './parts.ts'
import { changeBatch, ignoreUserErrors, pausedRuns } from './standing.ts'

const RETRY_MS = 60_000

/** Lets a batch wait while Discord takes no more threads, and tries again from time to time. */
export class ThreadRoom {
  readonly #parts: BatchParts
  readonly #looks: Looks
  readonly #retries = new Map<string, NodeJS.Timeout>()
  /** Runs that have no thread yet because Discord takes no more: some may have ended meanwhile. */
  readonly #blocked = new Map<string, Set<string>>()

  constructor(parts: BatchParts, looks: Looks) {
    this.#parts = parts
    this.#looks = looks
  }

  /**
   * Discord keeps a run from its thread: if it is one of a batch, the batch waits.
   * @returns whether it is.
   */
  async blocked(runId: string, why: string): Promise<boolean> {
    const id = (await this.#parts.store.run(runId))?.batch_id ?? null
    if (id === null) return false
    await this.#parts.runner.pause(runId, why).catch(ignoreUserErrors)
    this.#blocked.set(id, (this.#blocked.get(id) ?? new Set()).add(runId))
    await changeBatch(this.#parts, id, { waiting: why })
    this.retryLater(id)
    return true
  }

  retryLater(id: string): void {
    this.forget(id)
    if (this.#looks.closed) return
    const timer = setTimeout(
      () =>
        void this.#tryAgain(id).catch((err) =>
          this.#parts.log.error({ batch: id, err }, 'a batch could not try again'),
        ),
      this.#parts.retryMs ?? RETRY_MS,
    )
    this.#retries.set(id, timer)
  }

  /** It does not wait any longer. */
  forget(id: string): void {
    clearTimeout(this.#retries.get(id))
    this.#retries.delete(id)
  }

  close(): void {
    for (const id of this.#retries.keys()) this.forget(id)
  }

  /** Lets go on what waited; if Discord still takes no threads, `blocked` is called again. */
  async #tryAgain(id: string): Promise<void> {
    const batch = await this.#parts.store.batch(id)
    if (batch?.waiting == null) return
    await changeBatch(this.#parts, id, { waiting: null })
    for (const { id: runId } of await pausedRuns(this.#parts, id, batch.waiting))
      await this.#parts.runner.resume(runId).catch(ignoreUserErrors)
    // What they owe is tried again at any news of them.
    for (const runId of this.#blocked.get(id) ?? []) this.#parts.bus.emit({ type: 'changed', run_id: runId })
    this.#blocked.delete(id)
    this.#looks.now(id)
  }
}
