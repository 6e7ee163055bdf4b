import { randomInt } from 'node:crypto'
import { batchOfRunId } from '../core/batch.ts'
import type { Batch, Batching } from '../core/batches.ts'
import { channelLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import type { Person, StartPlace } from '../core/steering.ts'
import { holdToBudget } from './batch-budget.ts'
import type { BatchPlan } from './checked-plan.ts'
import { dashboardDelivery } from './dashboard-delivery.ts'
import { Driving } from './driving.ts'
import { Holding } from './holding.ts'
import { manifestOf } from './manifest.ts'
import type { BatchParts } from './parts.ts'
import { knownBatch, liveRuns } from './standing.ts'
import { ThreadRoom } from './thread-room.ts'

/** Letters and digits that people can read to each other. */
const LETTERS = '23456789abcdefghjkmnpqrstvwxyz'

/** Keeps batches going: as many runs at once as each allows, through restarts at any point. */
export class Batches implements Batching {
  readonly #parts: BatchParts
  readonly #driving: Driving
  readonly #room: ThreadRoom
  readonly #holding: Holding
  readonly #off: (() => void)[]

  constructor(parts: BatchParts) {
    this.#parts = parts
    this.#driving = new Driving(parts)
    const { looks } = this.#driving
    this.#room = new ThreadRoom(parts, looks)
    this.#holding = new Holding(parts, this.#driving, this.#room)
    const of = (runId: string, tell: (id: string) => void) => {
      const id = batchOfRunId(runId)
      if (id !== null) tell(id)
    }
    this.#off = [
      parts.bus.on('changed', ({ run_id }) => of(run_id, (id) => looks.soon(id))),
      // There is room for another at once.
      parts.bus.on('ended', ({ run_id }) => of(run_id, (id) => looks.now(id))),
    ]
  }

  /** Short, since it begins the id of each of its runs. */
  newId(): string {
    return Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  }

  /** Commits the plan and begins. Under an id that exists nothing is begun. */
  async start(id: string, plan: BatchPlan, place: StartPlace): Promise<Batch> {
    const { store, bus, driver = null } = this.#parts
    const fresh = {
      id,
      guild_id: place.guild_id,
      channel_id: place.channel_id,
      driver,
      starter_id: place.person?.id ?? null,
      starter_name: place.person?.name ?? null,
    }
    const { manifest, name, items, secondary, runs } = plan
    const batch = await store.createBatch(
      { ...fresh, manifest, name, items, secondary, runs },
      dashboardDelivery(fresh),
    )
    if (batch.channel_id !== null) bus.emit({ type: 'owed', lane: channelLane(batch.channel_id) })
    this.#driving.looks.now(id)
    return batch
  }

  /** Takes up what was going when the process ended. Returns how many. */
  async resumeAll(): Promise<number> {
    const { store, driver = null } = this.#parts
    const open = await store.batches({ status: ['going', 'paused', 'stopping'], driver })
    for (const { id, waiting } of open) {
      this.#driving.looks.now(id)
      if (waiting !== null) this.#room.retryLater(id)
    }
    return open.length
  }

  /** Begins nothing more; resolves when what is under way is committed. */
  async close(): Promise<void> {
    for (const off of this.#off) off()
    const closed = this.#driving.looks.close()
    this.#room.close()
    await closed
  }

  /** Before each call of a run: ends it when its batch has used its budget. Returns whether it did. */
  hold(run: Run): Promise<boolean> {
    return holdToBudget(this.#parts, run)
  }

  /** Discord keeps a run from its thread: if it is one of a batch, the batch waits. Returns whether it is. */
  blocked(runId: string, why: string): Promise<boolean> {
    return this.#room.blocked(runId, why)
  }

  pause(id: string, why: string): Promise<void> {
    return this.#holding.pause(id, why)
  }

  resume(id: string): Promise<void> {
    return this.#holding.resume(id)
  }

  stop(id: string, person: Person): Promise<void> {
    return this.#holding.stop(id, person)
  }

  retryFailed(id: string): Promise<number> {
    return this.#holding.retryFailed(id)
  }

  async manifest(id: string): Promise<string> {
    return manifestOf(await knownBatch(this.#parts, id), this.#parts.store)
  }

  /** Its runs that are going or paused. */
  live(id: string): Promise<Run[]> {
    return liveRuns(this.#parts, id)
  }
}
