import { actorsNow, faceOf } from '../core/actors.ts'
import { roundsDone } from '../core/ends.ts'
import { UserError } from '../core/errors.ts'
import { type ModelInfo, NO_USAGE } from '../core/model.ts'
import type { Run, RunSpec, RunState, Turn } from '../core/run.ts'
import type { ForkHow, Person, StartPlace, Steering } from '../core/steering.ts'
import { STOP_SEQUENCE } from '../core/stop.ts'
import type { Change } from '../core/store.ts'
import { advance, type EngineParts, goesOnHere } from './advance.ts'
import { endRun, pauseWithNotice, personTurn, spokenIn } from './changes.ts'
import { commit } from './commit.ts'
import type { Followers } from './ports.ts'

interface Loop {
  abort: AbortController
  done: Promise<void>
}

/** Keeps many runs going in one process, and does to them what people ask for. */
export class Engine implements Steering {
  readonly #parts: EngineParts
  readonly #followers: Followers
  readonly #loops = new Map<string, Loop>()
  readonly #closing = new Map<string, Promise<void>>()
  #draining = false

  constructor(parts: EngineParts, followers: Followers) {
    this.#parts = parts
    this.#followers = followers
    parts.bus.on('ended', ({ run_id }) => void this.#close(run_id))
  }

  /** Takes up every run that was going when the process last ended, and closes those whose end notice is still missing. */
  async resumeAll(): Promise<number> {
    const driver = this.#parts.driver ?? null
    const going = await this.#parts.store.runs({ status: ['going'], driver })
    for (const run of going) this.#wake(run.id)
    for (const run of await this.#parts.store.runs({ unclosed: true, driver })) void this.#close(run.id)
    return going.length
  }

  async start(spec: RunSpec, place: StartPlace): Promise<Run> {
    return this.#create({ spec, state: freshState() }, place)
  }

  async stop(runId: string, person: Person): Promise<Run> {
    const text = `${person.name} has ended the conversation with ${STOP_SEQUENCE}.`
    return this.#interrupt(runId, (run) => {
      refuseEnded(run)
      const turn = personTurn(run, person, STOP_SEQUENCE, {}, this.#parts.transcript)
      const end = endRun(run, { reason: 'stopped', text }, this.#parts.transcript)
      return {
        turn: turn.turn,
        set: end.set,
        deliveries: (after, made) => [...all(turn, after, made), ...all(end, after, made)],
      }
    })
  }

  async say(runId: string, person: Person, text: string, how: { as?: string; to?: number; posted?: boolean } = {}) {
    const changed = await this.#change(runId, (run) => {
      refuseEnded(run)
      if (text.trim() === '') throw new UserError('There is nothing in that message to say.')
      if (how.to !== undefined && !run.spec.actors[how.to]) throw noActor(run, how.to)
      return personTurn(run, person, text, how, this.#parts.transcript)
    })
    return changed.turn as Turn
  }

  async pause(runId: string, why: string): Promise<Run> {
    const { run } = await this.#change(runId, (run) => {
      refuseEnded(run)
      if (run.status === 'paused') throw new UserError('This run is paused already.')
      return { set: { status: 'paused', status_text: why } }
    })
    return run
  }

  /** A pause that the thread is told of, with a button to go on: for causes that no person chose. */
  async pauseBecause(runId: string, why: string): Promise<void> {
    await this.#interrupt(runId, (run) =>
      run.status === 'going' ? pauseWithNotice(run, why, this.#parts.transcript) : null,
    )
  }

  /** Ends a run for a cause outside of the conversation (its thread is gone, say). Nothing happens to one that has ended. */
  async end(runId: string, reason: Run['end_reason'] & string, text: string): Promise<void> {
    await this.#interrupt(runId, (run) =>
      run.status === 'ended' ? null : endRun(run, { reason, text }, this.#parts.transcript),
    )
  }

  async resume(runId: string): Promise<Run> {
    return this.#go(runId, null)
  }

  async step(runId: string): Promise<Run> {
    return this.#go(runId, 1)
  }

  async next(runId: string, actor: number): Promise<Run> {
    const { run } = await this.#change(runId, (run) => {
      refuseEnded(run)
      if (!run.spec.actors[actor]) throw noActor(run, actor)
      return { state: { ...run.state, next_actor: actor } }
    })
    return run
  }

  async swap(runId: string, actor: number, model: ModelInfo): Promise<Run> {
    const { run } = await this.#change(runId, (run) => {
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
    const origin = await this.#load(runId)
    const kept = (await this.#parts.store.turns(runId)).filter(
      (turn) => turn.turn_index <= (how.from ?? Number.POSITIVE_INFINITY),
    )
    if (how.from !== undefined && !kept.some((turn) => turn.turn_index === how.from)) {
      throw new UserError(`Run ${runId} has no turn ${how.from} to fork from.`)
    }
    const last = kept.at(-1)
    const models = how.models ?? []
    const spec: RunSpec = {
      ...origin.spec,
      ...how.limits,
      actors: actorsNow(origin).map((actor, index) => withModel(actor, models[index], index)),
      title: origin.spec.title,
      lineage: { run_id: origin.id, turn_index: last?.turn_index ?? -1 },
    }
    const state = { ...freshState(), spoken: spokenIn(kept) }
    const rounds = Math.floor(state.spoken.length / spec.actors.length)
    const observers = (await this.#parts.store.observers(runId)).filter(
      ({ name, cursor }) => cursor < rounds && /^(profile|media):/.test(name),
    )
    // What the first run spent stays on its meter: the copies cost nothing again.
    const turns = kept.map((turn) => ({ ...turn, usage: NO_USAGE }))
    const fork = await this.#create({ spec, state, turns, observers }, place)
    await this.#change(origin.id, (run) => ({
      deliveries: () =>
        this.#parts.transcript.notice(run, `Forked from turn ${last?.turn_index ?? 0} into run \`${fork.id}\`.`),
    })).catch((error) => this.#parts.log.warn({ run: runId, err: error }, 'the fork could not be told in its origin'))
    return fork
  }

  async rewind(runId: string, to: number): Promise<Run> {
    const turns = await this.#parts.store.turns(runId)
    return this.#interrupt(runId, (run) => {
      if (run.status === 'ended')
        throw new UserError('This run has ended. Fork it instead: a fork goes on from any turn.')
      const kept = turns.filter((turn) => turn.turn_index <= to)
      const dropped = turns.filter((turn) => turn.turn_index > to)
      const [first, last] = [dropped[0], dropped.at(-1)]
      if (!first || !last) throw new UserError('Nothing follows that turn, so there is nothing to rewind.')
      const state: RunState = { ...run.state, spoken: spokenIn(kept), next_actor: null }
      const text = `⎯⎯ Rewound to turn ${to}: turns ${first.turn_index} to ${last.turn_index} no longer count. ⎯⎯`
      return {
        state,
        rewind: { from_turn: first.turn_index, from_round: roundsDone({ ...run, state }) },
        deliveries: (after) => this.#parts.transcript.notice(after, text),
      }
    })
  }

  async forget(runId: string): Promise<void> {
    await this.#halt(runId)
    await this.#parts.store.deleteRun(runId)
  }

  /** Begins no new turn; gives those in flight `ms` to finish, then aborts them. Runs stay `going` and are taken up at the next start. */
  async drain(ms: number): Promise<void> {
    this.#draining = true
    const all = Promise.all([...this.#loops.values()].map((loop) => loop.done))
    const timer = setTimeout(() => {
      for (const loop of this.#loops.values()) loop.abort.abort(new Error('shutting down'))
    }, ms)
    await all
    clearTimeout(timer)
    await Promise.all(this.#closing.values())
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
    bus.emit({ type: 'changed', run_id: run.id })
    if (goesOnHere(run, this.#parts)) this.#wake(run.id)
    return run
  }

  async #go(runId: string, steps: number | null): Promise<Run> {
    const { run } = await this.#change(runId, (run) => {
      refuseEnded(run)
      if (run.status === 'going' && steps === null && run.state.steps === null)
        throw new UserError('This run is going already.')
      const driver = this.#parts.driver ?? null
      return { set: { status: 'going', status_text: null, driver }, state: { ...run.state, steps } }
    })
    this.#wake(runId)
    return run
  }

  #wake(runId: string): void {
    if (this.#draining || this.#loops.has(runId)) return
    const loop: Loop = { abort: new AbortController(), done: Promise.resolve() }
    this.#loops.set(runId, loop)
    loop.done = this.#drive(runId, loop)
  }

  async #drive(runId: string, loop: Loop): Promise<void> {
    let again = true
    try {
      while (again && !this.#draining) {
        loop.abort = new AbortController()
        again = await advance(this.#parts, runId, loop.abort.signal)
      }
    } catch (error) {
      again = false
      this.#parts.log.error({ run: runId, err: error }, 'a run stumbled over a mistake of ours')
      await this.pauseBecause(runId, 'the bot made a mistake here; its log says more.').catch(() => {})
    } finally {
      this.#loops.delete(runId)
    }
    // Someone may have resumed it between its last look and now.
    const run = again ? null : await this.#parts.store.run(runId).catch(() => null)
    if (run && goesOnHere(run, this.#parts)) this.#wake(runId)
  }

  /** Breaks off the call under way, then changes the run. The loop goes on by itself if the run does. */
  async #interrupt(runId: string, decide: (run: Run) => Change | null): Promise<Run> {
    const loop = this.#loops.get(runId)
    const changed = this.#change(runId, (run) => {
      const change = decide(run)
      if (change) loop?.abort.abort(new Error('interrupted'))
      return change
    })
    return (await changed).run
  }

  async #halt(runId: string): Promise<void> {
    await this.#parts.store.change(runId, (run) => (run.status === 'ended' ? null : { set: { status: 'paused' } }))
    const loop = this.#loops.get(runId)
    loop?.abort.abort(new Error('removed'))
    await loop?.done
  }

  async #change(runId: string, decide: (run: Run) => Change | null): Promise<{ run: Run; turn: Turn | null }> {
    await this.#load(runId)
    return (await commit(this.#parts, runId, decide)) ?? { run: await this.#load(runId), turn: null }
  }

  async #load(runId: string): Promise<Run> {
    const run = await this.#parts.store.run(runId)
    if (!run) throw new UserError(`There is no run \`${runId}\`. \`/backrooms list\` shows those there are.`)
    return run
  }

  /** Posts the end notice of a run whose observers have had their say. */
  #close(runId: string): Promise<void> {
    const going = this.#closing.get(runId)
    if (going) return going
    const closing = this.#closeOnce(runId)
      .catch((error) => this.#parts.log.error({ run: runId, err: error }, 'a run could not be closed'))
      .finally(() => this.#closing.delete(runId))
    this.#closing.set(runId, closing)
    return closing
  }

  async #closeOnce(runId: string): Promise<void> {
    const run = await this.#parts.store.run(runId)
    if (!run || run.closed_at !== null) return
    await this.#followers.finished(run)
    await commit(this.#parts, runId, (now) =>
      now.closed_at !== null
        ? null
        : { set: { closed_at: Date.now() }, deliveries: (after) => this.#parts.transcript.end(after) },
    )
  }
}

function freshState(): RunState {
  return {
    next_actor: null,
    spoken: [],
    usage: NO_USAGE,
    unpriced: 0,
    side_cost: 0,
    swaps: {},
    reported: [],
    remarks: [],
    steps: null,
  }
}

function withModel(actor: RunSpec['actors'][number], model: ModelInfo | undefined, index: number) {
  if (!model) return actor
  return { ...actor, model, name: `${model.display_name} ${index + 1}`, face: faceOf(model.display_name) }
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
