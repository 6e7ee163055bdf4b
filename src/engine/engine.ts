import { setImmediate } from 'node:timers/promises'
import { actorsNow } from '../core/actors.ts'
import { type Delivery, runLane } from '../core/delivery.ts'
import { roundsDone } from '../core/ends.ts'
import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { Run, RunSpec, RunState, Turn } from '../core/run.ts'
import type { ForkHow, Person, StartPlace, Steering } from '../core/steering.ts'
import { STOP_SEQUENCE } from '../core/stop.ts'
import type { Change } from '../core/store.ts'
import { turnNumber } from '../core/turns.ts'
import { endRun, freshState, pauseWithNotice, pauseWords, personTurn, spokenIn } from './changes.ts'
import { Closing } from './closing.ts'
import { forked, tellOrigin } from './forking.ts'
import { Loops } from './loops.ts'
import { type EngineParts, goesOnHere } from './parts.ts'
import type { Followers } from './ports.ts'
import { refusedChange } from './refused.ts'
import { nameFor } from './speaking-names.ts'
import { whatIsDropped } from './what-is-dropped.ts'

/** More deliveries than one run ever owes while it is blocked. */
const MANY = 1000

/** Runs taken up before those taken up earlier have their turn: a thousand at once would go from step to step together ever after, each waiting for all the others. */
const AT_ONCE = 2

/** Keeps many runs going in one process, and does to them what people ask for. */
export class Engine implements Steering {
  readonly #parts: EngineParts
  readonly #loops: Loops
  readonly #closing: Closing
  /** Forks whose origins cannot link them yet. */
  readonly #untold = new Set<string>()

  constructor(parts: EngineParts, followers: Followers) {
    this.#parts = parts
    this.#loops = new Loops(parts)
    this.#closing = new Closing(parts, followers, (runId) => this.#loops.idle(runId))
    parts.bus.on('changed', ({ run_id }) => {
      if (this.#untold.has(run_id)) void this.#tellOrigin(run_id)
    })
  }

  /** How many runs go on in this process. */
  get going(): number {
    return this.#loops.size
  }

  /** Takes up every run that was going when the process last ended, and closes those whose end notice is still missing. */
  async resumeAll(): Promise<number> {
    const driver = this.#parts.driver ?? null
    const going = await this.#parts.store.runs({ status: ['going'], driver })
    for (const [nth, run] of going.entries()) {
      if (this.#loops.isDraining) return nth
      if (run.spec.lineage) this.#untold.add(run.id)
      this.#loops.wake(run.id)
      if (nth % AT_ONCE === 0) await setImmediate()
    }
    for (const run of await this.#parts.store.runs({ unclosed: true, driver })) this.#closing.close(run.id)
    return going.length
  }

  async start(spec: RunSpec, place: StartPlace): Promise<Run> {
    return this.#create({ spec, state: freshState() }, place)
  }

  async stop(runId: string, person: Person): Promise<Run> {
    const now = await this.#loops.load(runId)
    if (now.status === 'ended' && now.closed_at === null) {
      this.#closing.hurry(runId)
      return now
    }
    const text = `${person.name} has ended the conversation with ${STOP_SEQUENCE}.`
    return this.#loops.interrupt(runId, (run) => {
      refuseEnded(run)
      const turn = personTurn(run, person, STOP_SEQUENCE, {}, this.#parts.transcript)
      const end = endRun(run, { reason: 'stopped', text }, this.#parts.transcript, this.#loops.isBusy(runId))
      return {
        turn: turn.turn,
        set: end.set,
        deliveries: (after, made) => [...all(turn, after, made), ...all(end, after, made)],
      }
    })
  }

  async say(runId: string, person: Person, text: string, how: { as?: string; to?: number; posted?: string } = {}) {
    const changed = await this.#loops.change(runId, (run) => {
      refuseEnded(run)
      if (text.trim() === '') throw new UserError('There is nothing in that message to say.')
      if (how.to !== undefined && !run.spec.actors[how.to]) throw noActor(run, how.to)
      return personTurn(run, person, text, { ...how, as: nameFor(run, person, how.as) }, this.#parts.transcript)
    })
    return changed.turn as Turn
  }

  async pause(runId: string, why: string): Promise<Run> {
    const { run } = await this.#loops.change(runId, (run) => {
      refuseEnded(run)
      if (run.status === 'paused') throw new UserError('This run is paused already.')
      return { set: { status: 'paused', status_text: why } }
    })
    return run
  }

  /** A pause that the thread is told of, with a button to go on: for causes that no person chose. */
  async pauseBecause(runId: string, why: string): Promise<void> {
    const isOwed = await this.#owesNotice(runId, why)
    await this.#loops.interrupt(runId, (run) => {
      if (run.status !== 'going') return null
      const change = pauseWithNotice(run, why, this.#parts.transcript)
      return isOwed ? { set: change.set } : change
    })
  }

  /** Where the thread cannot be written in, each try to go on would leave another. */
  async #owesNotice(runId: string, why: string): Promise<boolean> {
    const owed = await this.#parts.store.owed(runLane(runId), MANY)
    return owed.some(({ body }) => body.kind === 'notice' && body.text === pauseWords(why))
  }

  /** Tells of a message that Discord will never take. */
  async refused(runId: string, delivery: Delivery, why: string): Promise<void> {
    await this.#loops.change(runId, (run) => refusedChange(run, delivery, why, this.#parts.transcript))
  }

  /** Ends a run for a cause outside of the conversation (its thread is gone, say). Nothing happens to one that has ended. */
  async end(runId: string, reason: Run['end_reason'] & string, text: string): Promise<void> {
    await this.#loops.interrupt(runId, (run) =>
      run.status === 'ended' ? null : endRun(run, { reason, text }, this.#parts.transcript, this.#loops.isBusy(runId)),
    )
  }

  async resume(runId: string): Promise<Run> {
    return this.#go(runId, null)
  }

  async step(runId: string): Promise<Run> {
    return this.#go(runId, 1)
  }

  async next(runId: string, actor: number): Promise<Run> {
    const { run } = await this.#loops.change(runId, (run) => {
      refuseEnded(run)
      if (!run.spec.actors[actor]) throw noActor(run, actor)
      return { state: { ...run.state, next_actor: actor } }
    })
    return run
  }

  async swap(runId: string, actor: number, model: ModelInfo): Promise<Run> {
    const { run } = await this.#loops.change(runId, (run) => {
      refuseEnded(run)
      const before = actorsNow(run)[actor]
      if (!before) throw noActor(run, actor)
      const state = { ...run.state, swaps: { ...run.state.swaps, [actor]: model } }
      const text = `${before.name} leaves; ${model.display_name} ${actor + 1} takes its place.`
      return { state, deliveries: (after) => this.#parts.transcript.notice(after, text) }
    })
    return run
  }

  async fork(runId: string, place: StartPlace, how: ForkHow = {}): Promise<Run> {
    const origin = await this.#loops.load(runId)
    const fork = await this.#create(await forked(this.#parts, origin, how), place)
    this.#untold.add(fork.id)
    await this.#tellOrigin(fork.id)
    return fork
  }

  async rewind(runId: string, to: number): Promise<Run> {
    const before = await this.#loops.load(runId)
    const all = await this.#parts.store.turns(runId, { dropped: true })
    const turns = all.filter((turn) => turn.dropped_at === null)
    return this.#loops.interrupt(runId, (run) => {
      if (run.status === 'ended')
        throw new UserError('This run has ended. Fork it instead: a fork goes on from any turn.')
      if (all.find((turn) => turn.turn_index === to)?.dropped_at)
        throw new UserError(
          `Turn ${turnNumber(to)} was dropped by an earlier rewind and no longer counts. Rewind to one that does, or fork from it.`,
        )
      if (run.state.rewinds !== before.state.rewinds)
        throw new UserError('This run was rewound by someone else in this moment. Look at it again first.')
      const kept = turns.filter((turn) => turn.turn_index <= to)
      const dropped = turns.filter((turn) => turn.turn_index > to)
      const first = dropped[0]
      if (!first) throw new UserError('Nothing follows that turn, so there is nothing to rewind.')
      const rewinds = (run.state.rewinds ?? 0) + 1
      const state: RunState = { ...run.state, spoken: spokenIn(kept), next_actor: null, rewinds }
      const text = `— Rewound to turn ${turnNumber(to)}: ${whatIsDropped(dropped)}. —`
      return {
        state,
        rewind: { from_turn: first.turn_index, from_round: roundsDone({ ...run, state }) },
        deliveries: (after) => this.#parts.transcript.notice(after, text),
      }
    })
  }

  async forget(runId: string): Promise<void> {
    await this.#loops.halt(runId)
    await this.#parts.store.deleteRun(runId)
  }

  /** Begins no new turn; gives those in flight `ms` to finish, then aborts them. Runs stay `going` and are taken up at the next start. */
  async drain(ms: number): Promise<void> {
    await this.#loops.drain(ms)
  }

  /** Resolves when no end notice is being written any more. Those that wait for observers are written at the next start. */
  async settled(): Promise<void> {
    await this.#closing.settled()
  }

  async #create(
    fresh: Pick<Parameters<EngineParts['store']['createRun']>[0], 'spec' | 'state' | 'turns' | 'observers'>,
    place: StartPlace,
  ) {
    const { store, transcript, bus } = this.#parts
    const run = await store.createRun(
      {
        ...fresh,
        ...(place.id ? { id: place.id } : {}),
        guild_id: place.guild_id,
        channel_id: place.channel_id,
        starter_id: place.person?.id ?? null,
        starter_name: place.person?.name ?? null,
        batch_id: place.batch_id ?? null,
        driver: this.#parts.driver ?? null,
      },
      (run) => transcript.opening(run),
    )
    bus.emit({ type: 'owed', lane: `run:${run.id}` })
    bus.emit({ type: 'changed', run_id: run.id, run })
    if (goesOnHere(run, this.#parts)) this.#loops.wake(run.id)
    return run
  }

  async #go(runId: string, steps: number | null): Promise<Run> {
    const before = await this.#loops.load(runId)
    const refusal = before.status === 'paused' ? await this.#parts.purse.refusal(before) : null
    if (refusal !== null) throw new UserError(refusal)
    const { run } = await this.#loops.change(runId, (run) => {
      refuseEnded(run)
      if (run.status === 'going' && steps === null && run.state.steps === null)
        throw new UserError('This run is going already.')
      if (run.status === 'going' && steps !== null && run.state.steps !== null)
        throw new UserError('This run is taking a step already, and pauses after it. Step again then.')
      const driver = this.#parts.driver ?? null
      return { set: { status: 'going', status_text: null, driver }, state: { ...run.state, steps } }
    })
    this.#loops.wake(runId)
    return run
  }

  async #tellOrigin(forkId: string): Promise<void> {
    try {
      const fork = await this.#parts.store.run(forkId)
      if (fork?.thread_id === null && fork.channel_id !== null) return
      this.#untold.delete(forkId)
      if (fork) await tellOrigin(this.#parts, fork)
    } catch (error) {
      this.#parts.log.warn({ run: forkId, err: error }, 'the fork could not be told in its origin')
    }
  }
}

function all(change: Change, run: Run, turn: Turn | null) {
  return typeof change.deliveries === 'function' ? change.deliveries(run, turn) : (change.deliveries ?? [])
}

function refuseEnded(run: Run): void {
  if (run.status === 'ended') {
    throw new UserError(
      `Run \`${run.id}\` has ended (${run.end_reason}). Start another with \`/backrooms start\`, or fork it.`,
    )
  }
}

function noActor(run: Run, actor: number): UserError {
  const names = actorsNow(run).map((each) => each.name)
  return new UserError(`This run has no actor ${actor + 1}; it has ${names.join(', ')}.`)
}
