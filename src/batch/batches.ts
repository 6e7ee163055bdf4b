import { randomInt } from 'node:crypto'
import type { Catalog } from '../config/catalog.ts'
import { batchOfRunId } from '../core/batch.ts'
import type { Batch, Batching, BatchRun } from '../core/batches.ts'
import type { Bus } from '../core/bus.ts'
import { channelLane, type NewDelivery } from '../core/delivery.ts'
import { spentBy } from '../core/ends.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Person, StartPlace, Steering } from '../core/steering.ts'
import type { Store } from '../core/store.ts'
import type { Log, Transcript } from '../engine/ports.ts'
import { beginRun } from './begin.ts'
import { costOf } from './figures.ts'
import { manifestOf } from './manifest.ts'
import type { BatchPlan } from './plan.ts'
import { showFailed } from './show-failed.ts'
import { Stalls } from './stalls.ts'

/** The engine, as far as batches use it. */
export type Runner = Pick<Steering, 'start' | 'stop' | 'pause' | 'resume'> & {
  end(runId: string, reason: 'cost_budget', text: string): Promise<void>
}

export interface BatchParts {
  store: Store
  runner: Runner
  catalog: Catalog
  bus: Bus
  transcript: Transcript
  log: Log
  /** How long (ms) a batch waits before it tries again whether Discord takes threads; 60 s. */
  retryMs?: number
  /** Who drives the batches of this process; absent: the bot. */
  driver?: string
}

/** After so many failed runs without a good one between, a batch pauses: the cause is not in the items. */
const FAILURES_IN_A_ROW = 5
const RETRY_MS = 60_000
/** Letters and digits that people can read to each other. */
const LETTERS = '23456789abcdefghjkmnpqrstvwxyz'
/** How often (ms) is looked whether all runs of a batch are still paused. */
const STALL_LOOK = 1000
/** News come in small flocks (ms). */
const FLOCK = 50

/** Ends that are a failure of the run, which `retry failed` runs again. */
const FAILED = new Set(['error', 'refusal', 'thread_gone'])

/** How a dashboard's first delivery looks; it goes to the channel. */
export const dashboardDelivery = (batch: Pick<Batch, 'id' | 'guild_id' | 'channel_id'>): NewDelivery[] =>
  batch.channel_id === null
    ? []
    : [
        {
          lane: channelLane(batch.channel_id),
          run_id: null,
          guild_id: batch.guild_id,
          body: { kind: 'dashboard', batch_id: batch.id },
        },
      ]

/**
 * Keeps batches going: as many runs at once as each allows, through restarts at any point. What there is to do is read from the store
 * each time, and a run's id comes from its place in the plan, so that doing it again does nothing twice.
 */
export class Batches implements Batching {
  readonly #parts: BatchParts
  readonly #work = new Map<string, Promise<void>>()
  readonly #again = new Set<string>()
  readonly #flocks = new Map<string, NodeJS.Timeout>()
  readonly #retries = new Map<string, NodeJS.Timeout>()
  /** Runs that have no thread yet because Discord takes no more: some may have ended meanwhile. */
  readonly #blocked = new Map<string, Set<string>>()
  readonly #failures = new Map<string, number>()
  readonly #stalls = new Stalls()
  readonly #off: (() => void)[]
  #closed = false

  constructor(parts: BatchParts) {
    this.#parts = parts
    const of = (runId: string, tell: (id: string) => void) => {
      const id = batchOfRunId(runId)
      if (id !== null) tell(id)
    }
    this.#off = [
      parts.bus.on('changed', ({ run_id }) => of(run_id, (id) => this.#soon(id))),
      // There is room for another at once.
      parts.bus.on('ended', ({ run_id }) => of(run_id, (id) => this.#wake(id))),
    ]
  }

  /** Short, since it begins the id of each of its runs. */
  newId(): string {
    return Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  }

  /** Commits the plan and begins. Under an id that exists nothing is begun. */
  async start(id: string, plan: BatchPlan, place: StartPlace): Promise<Batch> {
    const { store, bus } = this.#parts
    const fresh = {
      id,
      guild_id: place.guild_id,
      channel_id: place.channel_id,
      driver: this.#parts.driver ?? null,
      starter_id: place.person?.id ?? null,
      starter_name: place.person?.name ?? null,
    }
    const { manifest, name, items, secondary, runs } = plan
    const batch = await store.createBatch(
      { ...fresh, manifest, name, items, secondary, runs },
      dashboardDelivery(fresh),
    )
    if (batch.channel_id !== null) bus.emit({ type: 'owed', lane: channelLane(batch.channel_id) })
    this.#wake(id)
    return batch
  }

  /** Takes up what was going when the process ended. Returns how many. */
  async resumeAll(): Promise<number> {
    const { store, driver = null } = this.#parts
    const live = await store.batches({ status: ['going', 'paused', 'stopping'], driver })
    for (const { id, waiting } of live) {
      this.#wake(id)
      if (waiting !== null) this.#retryLater(id)
    }
    return live.length
  }

  /** Begins nothing more; resolves when what is under way is committed. */
  async close(): Promise<void> {
    this.#closed = true
    for (const off of this.#off) off()
    for (const timer of [...this.#flocks.values(), ...this.#retries.values()]) clearTimeout(timer)
    await Promise.all(this.#work.values())
  }

  /** Before each call of a run: ends it when its batch has used its budget. Returns whether it did. */
  async hold(run: Run): Promise<boolean> {
    if (run.batch_id === null) return false
    const { store, runner } = this.#parts
    const batch = await store.batch(run.batch_id)
    const limit = batch?.manifest.config.max_cost ?? null
    if (!batch || limit === null) return false
    const spent = await this.#spent(batch.id)
    if (spent < limit || spent === 0) return false
    await runner.end(run.id, 'cost_budget', `The batch has used $${spent.toFixed(4)} of its $${limit} budget.`)
    return true
  }

  /**
   * Discord keeps a run from its thread: if it is one of a batch, the batch waits, and tries again from time to time.
   * @returns whether it is.
   */
  async blocked(runId: string, why: string): Promise<boolean> {
    const id = (await this.#parts.store.run(runId))?.batch_id ?? null
    if (id === null) return false
    await this.#parts.runner.pause(runId, why).catch(ignoreUserErrors)
    this.#blocked.set(id, (this.#blocked.get(id) ?? new Set()).add(runId))
    await this.#change(id, { waiting: why })
    this.#retryLater(id)
    return true
  }

  async pause(id: string, why: string): Promise<void> {
    const batch = await this.#live(id)
    if (batch.status !== 'going') throw new UserError(`This batch is ${batch.status} already.`)
    await this.#change(id, { status: 'paused', status_text: why })
    await this.#work.get(id)
    for (const run of await this.live(id)) await this.#parts.runner.pause(run.id, why).catch(ignoreUserErrors)
  }

  async resume(id: string): Promise<void> {
    const batch = await this.#live(id)
    if (batch.status === 'stopping') throw new UserError('This batch is stopping.')
    const runs = await this.#pausedRuns(id)
    if (batch.status === 'going' && batch.waiting === null && runs.length === 0)
      throw new UserError('This batch is going already.')
    await this.#goOn(id)
  }

  async #goOn(id: string): Promise<void> {
    this.#failures.delete(id)
    clearTimeout(this.#retries.get(id))
    const { runner, driver = null } = this.#parts
    await this.#change(id, { status: 'going', status_text: null, waiting: null, ended_at: null, driver })
    for (const run of await this.#pausedRuns(id)) await runner.resume(run.id).catch(ignoreUserErrors)
    this.#wake(id)
  }

  async stop(id: string, person: Person): Promise<void> {
    await this.#live(id)
    const { store, runner } = this.#parts
    await this.#change(id, { status: 'stopping', status_text: `Stopped by ${person.name}.`, waiting: null })
    await store.skipPlanned(id, 'batch_stopped')
    // Whatever the batch had begun in that very moment is among them once its work is done.
    await this.#work.get(id)
    for (const run of await this.live(id)) await runner.stop(run.id, person).catch(ignoreUserErrors)
    this.#wake(id)
  }

  async retryFailed(id: string): Promise<number> {
    const { store } = this.#parts
    const batch = await this.#known(id)
    if (batch.status === 'stopping') throw new UserError('This batch is stopping; retry when it has stopped.')
    const count = await store.replanFailed(id)
    if (count === 0) throw new UserError('No run of this batch has failed.')
    await this.#goOn(id)
    return count
  }

  async manifest(id: string): Promise<string> {
    return manifestOf(await this.#known(id), this.#parts.store)
  }

  #soon(id: string, ms = FLOCK): void {
    if (this.#closed || this.#flocks.has(id)) return
    const timer = setTimeout(() => {
      this.#flocks.delete(id)
      this.#wake(id)
    }, ms)
    this.#flocks.set(id, timer)
  }

  /** One look after the other for each batch; news during one lead to another. */
  #wake(id: string): void {
    if (this.#closed) return
    if (this.#work.has(id)) {
      this.#again.add(id)
      return
    }
    const work = this.#look(id)
      .catch((err) => this.#parts.log.error({ batch: id, err }, 'a batch stumbled over a mistake of ours'))
      .finally(() => {
        this.#work.delete(id)
        if (this.#again.delete(id)) this.#wake(id)
      })
    this.#work.set(id, work)
  }

  /** Takes note of what its runs have done, then begins what there is room for. */
  async #look(id: string): Promise<void> {
    const { store, bus } = this.#parts
    // One that another process drives is that one's to see to.
    if ((await store.batch(id))?.driver !== (this.#parts.driver ?? null)) return
    const going = await store.batchRuns(id, { status: ['going'] })
    const runs: Run[] = []
    for (const row of going) {
      const run = await this.#settled(row)
      if (run) runs.push(run)
    }
    const batch = await this.#checked(id, runs)
    if (batch?.status === 'going' && batch.waiting === null) {
      const room = batch.manifest.config.concurrency - runs.length
      const next = room > 0 ? await store.batchRuns(id, { status: ['planned'], limit: room }) : []
      for (const row of next) {
        if (this.#closed) return
        if ((await store.batch(id))?.status !== 'going') break
        await this.#begin(batch, row)
      }
    }
    await this.#endIfDone(id)
    bus.emit({ type: 'batch', batch_id: id })
  }

  /** The run of a row that is going, or null when it has ended and that was noted. */
  async #settled(row: BatchRun): Promise<Run | null> {
    const { store } = this.#parts
    const run = row.run_id === null ? null : await store.run(row.run_id)
    if (run && run.status !== 'ended') return run
    const { batch_id, index } = row
    if (!run) {
      await store.setBatchRun(batch_id, index, { status: 'skipped', reason: 'deleted', text: 'A person deleted it.' })
      return null
    }
    const failed = FAILED.has(run.end_reason ?? 'error')
    if (failed) await showFailed(this.#parts, run)
    await store.setBatchRun(batch_id, index, {
      status: failed ? 'failed' : 'done',
      reason: run.end_reason ?? 'error',
      text: run.status_text,
      cost: row.cost + spentBy(run),
      duration: (run.ended_at ?? Date.now()) - run.created_at,
    })
    this.#failures.set(batch_id, failed ? (this.#failures.get(batch_id) ?? 0) + 1 : 0)
    return null
  }

  /** Pauses the batch where going on would help nobody. */
  async #checked(id: string, runs: Run[]): Promise<Batch | null> {
    const { store } = this.#parts
    const batch = await store.batch(id)
    if (batch?.status !== 'going') return batch
    const limit = batch.manifest.config.max_cost
    const spent = limit === null ? 0 : await this.#spent(id)
    if (limit !== null && spent >= limit && spent > 0) {
      await store.skipPlanned(id, 'batch_budget')
      return this.#change(id, { status_text: `Its budget of $${limit} is used.` })
    }
    const isHopeless = (this.#failures.get(id) ?? 0) >= FAILURES_IN_A_ROW
    if (isHopeless && (await store.batchRuns(id, { status: ['planned'], limit: 1 })).length > 0) {
      const [last] = await store.batchRuns(id, { status: ['failed'], limit: 1, newest: true })
      return this.#change(id, {
        status: 'paused',
        status_text: `${FAILURES_IN_A_ROW} runs failed one after the other: ${last?.text ?? ''} Mend that, then resume and retry the failed ones.`,
      })
    }
    const paused = runs.filter((run) => run.status === 'paused')
    const stalled = batch.waiting === null && paused.length > 0 && paused.length === runs.length
    if (!stalled) this.#stalls.over(id)
    else if (!this.#stalls.isLong(id)) this.#soon(id, STALL_LOOK)
    else {
      const [first] = paused
      return this.#change(id, { status: 'paused', status_text: first?.status_text ?? 'All its runs are paused.' })
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
      this.#failures.set(batch.id, (this.#failures.get(batch.id) ?? 0) + 1)
      this.#soon(batch.id)
    }
  }

  async #endIfDone(id: string): Promise<void> {
    const { store } = this.#parts
    const batch = await store.batch(id)
    if (!batch || batch.status === 'ended' || batch.status === 'paused' || batch.waiting !== null) return
    if ((await store.batchRuns(id, { status: ['planned', 'going'], limit: 1 })).length > 0) return
    clearTimeout(this.#retries.get(id))
    await this.#change(id, { status: 'ended', ended_at: Date.now(), waiting: null })
    // Someone may have asked for failed ones again in this very moment.
    if ((await store.batchRuns(id, { status: ['planned'], limit: 1 })).length > 0)
      await this.#change(id, { status: 'going', ended_at: null }).then(() => this.#wake(id))
  }

  #retryLater(id: string): void {
    clearTimeout(this.#retries.get(id))
    if (this.#closed) return
    const timer = setTimeout(
      () =>
        void this.#tryAgain(id).catch((err) =>
          this.#parts.log.error({ batch: id, err }, 'a batch could not try again'),
        ),
      this.#parts.retryMs ?? RETRY_MS,
    )
    this.#retries.set(id, timer)
  }

  /** Lets go on what waited; if Discord still takes no threads, `blocked` is called again. */
  async #tryAgain(id: string): Promise<void> {
    const batch = await this.#parts.store.batch(id)
    if (batch?.waiting == null) return
    await this.#change(id, { waiting: null })
    for (const { id: runId } of await this.#pausedRuns(id, batch.waiting))
      await this.#parts.runner.resume(runId).catch(ignoreUserErrors)
    // What they owe is tried again at any news of them.
    for (const runId of this.#blocked.get(id) ?? []) this.#parts.bus.emit({ type: 'changed', run_id: runId })
    this.#blocked.delete(id)
    this.#wake(id)
  }

  /** Its paused runs; with `why`, only those that are paused for that. */
  async #pausedRuns(id: string, why?: string): Promise<Run[]> {
    const live = await this.live(id)
    return live.filter((run) => run.status === 'paused' && (why === undefined || run.status_text === why))
  }

  /** USD, the runs that are going included. */
  async #spent(id: string): Promise<number> {
    const { store } = this.#parts
    return costOf(await store.batchTally(id)) + (await this.live(id)).reduce((sum, run) => sum + spentBy(run), 0)
  }

  /** Its runs that are going or paused. */
  async live(id: string): Promise<Run[]> {
    return this.#parts.store.runs({ batch_id: id, status: ['going', 'paused'] })
  }

  async #change(id: string, set: Parameters<Store['changeBatch']>[1]): Promise<Batch | null> {
    const changed = await this.#parts.store.changeBatch(id, set)
    this.#parts.bus.emit({ type: 'batch', batch_id: id })
    return changed
  }

  async #known(id: string): Promise<Batch> {
    const batch = await this.#parts.store.batch(id)
    if (!batch) throw new UserError(`There is no batch \`${id}\`.`)
    return batch
  }

  async #live(id: string): Promise<Batch> {
    const batch = await this.#known(id)
    if (batch.status === 'ended') throw new UserError(`Batch \`${id}\` has ended.`)
    return batch
  }
}

/** A run may have ended or been paused in this very moment. */
function ignoreUserErrors(error: unknown): void {
  if (!(error instanceof UserError)) throw error
}
