import { UserError } from '../core/errors.ts'
import type { Person } from '../core/steering.ts'
import type { Driving } from './driving.ts'
import type { BatchParts } from './parts.ts'
import { changeBatch, ignoreUserErrors, knownBatch, liveRuns, openBatch, pausedRuns } from './standing.ts'
import type { ThreadRoom } from './thread-room.ts'

/** What a person does to a batch: its buttons. Each throws UserError when it cannot be done. */
export class Holding {
  readonly #parts: BatchParts
  readonly #driving: Driving
  readonly #room: ThreadRoom

  constructor(parts: BatchParts, driving: Driving, room: ThreadRoom) {
    this.#parts = parts
    this.#driving = driving
    this.#room = room
  }

  async pause(id: string, why: string): Promise<void> {
    const batch = await openBatch(this.#parts, id)
    if (batch.status !== 'going') throw new UserError(`This batch is ${batch.status} already.`)
    await changeBatch(this.#parts, id, { status: 'paused', status_text: why })
    await this.#driving.looks.under(id)
    for (const run of await liveRuns(this.#parts, id))
      await this.#parts.runner.pause(run.id, why).catch(ignoreUserErrors)
  }

  async resume(id: string): Promise<void> {
    const batch = await openBatch(this.#parts, id)
    if (batch.status === 'stopping') throw new UserError('This batch is stopping.')
    const runs = await pausedRuns(this.#parts, id)
    if (batch.status === 'going' && batch.waiting === null && runs.length === 0)
      throw new UserError('This batch is going already.')
    await this.#goOn(id)
  }

  async stop(id: string, person: Person): Promise<void> {
    await openBatch(this.#parts, id)
    const { store, runner } = this.#parts
    await changeBatch(this.#parts, id, {
      status: 'stopping',
      status_text: `Stopped by ${person.name}.`,
      waiting: null,
    })
    await store.skipPlanned(id, 'batch_stopped')
    // Whatever the batch had begun in that very moment is among them once its work is done.
    await this.#driving.looks.under(id)
    for (const run of await liveRuns(this.#parts, id)) await runner.stop(run.id, person).catch(ignoreUserErrors)
    this.#driving.looks.now(id)
  }

  /** Returns how many are planned again. */
  async retryFailed(id: string): Promise<number> {
    const batch = await knownBatch(this.#parts, id)
    if (batch.status === 'stopping') throw new UserError('This batch is stopping; retry when it has stopped.')
    const count = await this.#parts.store.replanFailed(id)
    if (count === 0) throw new UserError('No run of this batch has failed.')
    await this.#goOn(id)
    return count
  }

  async #goOn(id: string): Promise<void> {
    this.#driving.forgetFailures(id)
    this.#room.forget(id)
    const { runner, driver = null } = this.#parts
    const going = { status: 'going', status_text: null, waiting: null, ended_at: null, driver } as const
    await changeBatch(this.#parts, id, going)
    for (const run of await pausedRuns(this.#parts, id)) await runner.resume(run.id).catch(ignoreUserErrors)
    this.#driving.looks.now(id)
  }
}
