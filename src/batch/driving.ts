import type { Batch, BatchRun } from '../core/batches.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import { beginRun } from './begin.ts'
import { Looks } from './looks.ts'
import type { BatchParts } from './parts.ts'
import { settle } from './settling.ts'
import { Stalls } from './stalls.ts'
import { changeBatch, spentOn } from './standing.ts'

/** After so many failed runs without a good one between, a batch pauses: the cause is not in the items. */
const FAILURES_IN_A_ROW = 5
/** How often (ms) is looked whether all runs of a batch are still paused. */
const STALL_LOOK = 1000

/**
 * Looks at a batch whenever there may be something to do: notes what its runs have done, then begins what there is room for. What there is
 * to do is read from the store each time, and a run's id comes from its place in the plan, so that doing it again does nothing twice.
 */
export class Driving {
  readonly #parts: BatchParts
  readonly looks: Looks
  readonly #failures = new Map<string, number>()
  readonly #stalls = new Stalls()

  constructor(parts: BatchParts) {
    this.#parts = parts
    this.looks = new Looks((id) => this.#look(id), parts.log)
  }

  /** A person has mended what made runs fail. */
  forgetFailures(id: string): void {
    this.#failures.delete(id)
  }

  async #look(id: string): Promise<void> {
    const { store, bus } = this.#parts
    // One that another process drives is that one's to see to.
    if ((await store.batch(id))?.driver !== (this.#parts.driver ?? null)) return
    const runs: Run[] = []
    for (const row of await store.batchRuns(id, { status: ['going'] })) {
      const settled = await settle(this.#parts, row)
      if (settled.run) runs.push(settled.run)
      else this.#count(id, settled.failed)
    }
    const batch = await this.#checked(id, runs)
    if (batch?.status === 'going' && batch.waiting === null) {
      const room = batch.manifest.config.concurrency - runs.length
      const next = room > 0 ? await store.batchRuns(id, { status: ['planned'], limit: room }) : []
      for (const row of next) {
        if (this.looks.closed) return
        if ((await store.batch(id))?.status !== 'going') break
        await this.#begin(batch, row)
      }
    }
    await this.#endIfDone(id)
    bus.emit({ type: 'batch', batch_id: id })
  }

  #count(id: string, failed: boolean | null): void {
    if (failed !== null) this.#failures.set(id, failed ? (this.#failures.get(id) ?? 0) + 1 : 0)
  }

  /** Pauses the batch where going on would help nobody. */
  async #checked(id: string, runs: Run[]): Promise<Batch | null> {
    const { store } = this.#parts
    const batch = await store.batch(id)
    if (batch?.status !== 'going') return batch
    const limit = batch.manifest.config.max_cost
    const spent = limit === null ? 0 : await spentOn(this.#parts, id)
    if (limit !== null && spent >= limit && spent > 0) {
      await store.skipPlanned(id, 'batch_budget')
      return changeBatch(this.#parts, id, { status_text: `Its budget of $${limit} is used.` })
    }
    const isHopeless = (this.#failures.get(id) ?? 0) >= FAILURES_IN_A_ROW
    if (isHopeless && (await store.batchRuns(id, { status: ['planned'], limit: 1 })).length > 0) {
      const [last] = await store.batchRuns(id, { status: ['failed'], limit: 1, newest: true })
      return changeBatch(this.#parts, id, {
        status: 'paused',
        status_text: `${FAILURES_IN_A_ROW} runs failed one after the other: ${last?.text ?? ''} Mend that, then resume and retry the failed ones.`,
      })
    }
    const paused = runs.filter((run) => run.status === 'paused')
    const stalled = batch.waiting === null && paused.length > 0 && paused.length === runs.length
    if (!stalled) this.#stalls.over(id)
    else if (!this.#stalls.isLong(id)) this.looks.soon(id, STALL_LOOK)
    else {
      const [first] = paused
      return changeBatch(this.#parts, id, {
        status: 'paused',
        status_text: first?.status_text ?? 'All its runs are paused.',
      })
    }
    return batch
  }

  async #begin(batch: Batch, row: BatchRun): Promise<void> {
    const { store } = this.#parts
    const { index } = row
    try {
      const run = await beginRun(this.#parts, batch, row)
      await store.setBatchRun(batch.id, index, { status: 'going', run_id: run.id })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const text = error.message
      await store.setBatchRun(batch.id, index, { status: 'failed', reason: 'unplayable', text })
      this.#count(batch.id, true)
      this.looks.soon(batch.id)
    }
  }

  async #endIfDone(id: string): Promise<void> {
    const { store } = this.#parts
    const batch = await store.batch(id)
    if (!batch || batch.status === 'ended' || batch.status === 'paused' || batch.waiting !== null) return
    if ((await store.batchRuns(id, { status: ['planned', 'going'], limit: 1 })).length > 0) return
    await changeBatch(this.#parts, id, { status: 'ended', ended_at: Date.now(), waiting: null })
    // Someone may have asked for failed ones again in this very moment.
    if ((await store.batchRuns(id, { status: ['planned'], limit: 1 })).length > 0) {
      await changeBatch(this.#parts, id, { status: 'going', ended_at: null })
      this.looks.now(id)
    }
  }
}
