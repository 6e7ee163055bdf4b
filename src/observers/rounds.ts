import type { Bus } from '../core/bus.ts'
import type { NewDelivery } from '../core/delivery.ts'
import type { Usage } from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import type { NewCharge, Store } from '../core/store.ts'
import { commit } from '../engine/commit.ts'
import type { Followers, Gate, Log, Transcript } from '../engine/ports.ts'

/** A round as observers see it. */
export interface Round {
  run: Run
  /** 0-based. */
  index: number
  /** What was said in it, persons included. */
  turns: Turn[]
  /** Everything that counts up to the end of this round. */
  all: Turn[]
  /** The run was stopped by a person: nothing more is spent on it. */
  thrifty: boolean
}

export interface Observed {
  memory: unknown
  deliveries: NewDelivery[]
  charges: NewCharge[]
  /** What should be told once: in the thread (`notice`) or on the panel (`remark`), under a key. */
  tell?: { key: string; notice?: string; remark?: string }[]
}

/** A narrator or media agent of one run. */
export interface RoundObserver {
  /** `profile:<name>` or `media:<name>`: the name of its memory. */
  name: string
  /** The next round waits for it. */
  waits: boolean
  /** Works through this chain one after the other; observers of other chains are not held up. */
  chain: string
  /** Has nothing to do after the first round; the media of that round wait for it. */
  once: boolean
  /** May throw: it is then reported once, and the round is passed over. */
  observe(round: Round, memory: unknown, signal: AbortSignal): Promise<Observed>
}

export interface RoundParts {
  store: Store
  bus: Bus
  log: Log
  transcript: Transcript
  /** The observers that this run chose. Pure. */
  observersOf(run: Run): RoundObserver[]
  /** Whose runs are taken up; absent: the bot's. */
  driver?: string
}

/** Observers of an ended run get so long to have their say (ms). */
const LAST_WORDS = 5 * 60_000

interface Following {
  abort: AbortController
  chains: Promise<void>[]
  /** Rings when the run has gone on. */
  bell: Bell
}

class Bell {
  #next = Promise.withResolvers<void>()

  get rung(): Promise<void> {
    return this.#next.promise
  }

  ring(): void {
    this.#next.resolve()
    this.#next = Promise.withResolvers<void>()
  }
}

/**
 * Lets narrators and media agents follow the rounds of every run. Each has a cursor of its own in the store, committed together with what
 * it posts, so that each can fail, lag and resume alone.
 */
export class Rounds implements Followers {
  readonly #parts: RoundParts
  readonly #following = new Map<string, Following>()
  readonly #off: (() => void)[]
  #closed = false

  constructor(parts: RoundParts) {
    this.#parts = parts
    this.#off = [parts.bus.on('changed', ({ run_id }) => this.#changed(run_id))]
  }

  /** Takes up the rounds that were not observed when the process last ended. */
  async resumeAll(): Promise<void> {
    const { store, driver = null } = this.#parts
    const live = await store.runs({ status: ['going', 'paused'], driver })
    const runs = [...live, ...(await store.runs({ unclosed: true, driver }))]
    for (const run of runs) this.#follow(run)
  }

  /** The next round of a run waits for observers whose picture belongs beside the text. */
  readonly gate: Gate = {
    pass: async (run, signal) => {
      const waiting = this.#parts.observersOf(run).filter((observer) => observer.waits)
      if (waiting.length === 0) return false
      const done = Math.floor(run.state.spoken.length / run.spec.actors.length) - 1
      if (run.state.spoken.length % run.spec.actors.length !== 0) return false
      for (const { name } of waiting) await this.#reached(run.id, name, done, signal)
      return true
    },
  }

  async finished(run: Run): Promise<boolean> {
    if (this.#closed) return false
    this.#follow(run)
    const following = this.#following.get(run.id)
    if (!following) return true
    following.bell.ring()
    if (run.end_reason === 'stopped') following.abort.abort(new Error('The run was stopped.'))
    const timer = setTimeout(() => following.abort.abort(new Error('It took too long.')), LAST_WORDS)
    await Promise.all(following.chains)
    clearTimeout(timer)
    this.#following.delete(run.id)
    return !this.#closed
  }

  hurry(runId: string): void {
    this.#following.get(runId)?.abort.abort(new Error('The run was stopped.'))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const off of this.#off) off()
    for (const following of this.#following.values()) {
      following.abort.abort(new Error('The bot is ending.'))
      following.bell.ring()
    }
    await Promise.all([...this.#following.values()].flatMap((following) => following.chains))
  }

  #changed(runId: string): void {
    const following = this.#following.get(runId)
    if (following) following.bell.ring()
    else void this.#parts.store.run(runId).then((run) => run && run.closed_at === null && this.#follow(run))
  }

  #follow(run: Run): void {
    if (this.#closed || this.#following.has(run.id)) return
    const observers = this.#parts.observersOf(run)
    if (observers.length === 0) return
    const following: Following = { abort: new AbortController(), chains: [], bell: new Bell() }
    this.#following.set(run.id, following)
    for (const chain of Map.groupBy(observers, (observer) => observer.chain).values()) {
      following.chains.push(
        this.#work(run.id, chain, following).catch((err) =>
          this.#parts.log.error({ run: run.id, err }, 'an observer stumbled over a mistake of ours'),
        ),
      )
    }
  }

  /** One chain: round after round, each observer in turn, until the run has ended and nothing is left. */
  async #work(runId: string, chain: RoundObserver[], following: Following): Promise<void> {
    for (;;) {
      const changed = following.bell.rung
      const run = await this.#parts.store.run(runId)
      if (!run || run.closed_at !== null || this.#closed) return
      const worked = await this.#oneRound(run, chain, following)
      if (this.#closed) return
      if (worked) continue
      if (run.status === 'ended') return
      await changed
    }
  }

  /** Whether there was a round to observe for any of the chain. */
  async #oneRound(run: Run, chain: RoundObserver[], following: Following): Promise<boolean> {
    const cursors = await Promise.all(chain.map(({ name }) => this.#parts.store.observer(run.id, name)))
    const next = Math.min(...cursors.map(({ cursor }) => cursor)) + 1
    const round = await this.#round(run, next)
    if (!round) return false
    for (const [at, observer] of chain.entries()) {
      const { cursor, memory } = cursors[at] as (typeof cursors)[number]
      if (cursor >= next) continue
      if (observer.chain === 'media' && next === 0) await this.#titleCards(run, following.abort.signal)
      if (observer.once && next > 0) await this.#keep(run, observer, next, { memory, deliveries: [], charges: [] })
      else await this.#observe(observer, round, memory, following.abort.signal)
      if (this.#closed) return false
    }
    return true
  }

  async #observe(observer: RoundObserver, round: Round, memory: unknown, signal: AbortSignal): Promise<void> {
    let observed: Observed
    try {
      observed = await observer.observe(round, memory, signal)
    } catch (error) {
      // Shut down in the middle: the round stays unobserved and is taken up at the next start.
      if (this.#closed) return
      const why = error instanceof Error ? error.message : String(error)
      this.#parts.log.warn(
        { run: round.run.id, observer: observer.name, err: error },
        'an observer passed over a round',
      )
      const notice = `${observer.name.replace(':', ' ')}: ${why} The run goes on without it in such rounds.`
      const tell = signal.aborted ? [] : [{ key: `failed:${observer.name}`, notice }]
      observed = { memory, deliveries: [], charges: chargesOf(error), tell }
    }
    await this.#keep(round.run, observer, round.index, observed)
  }

  /** The new memory, the posts and their cost, in one transaction. */
  async #keep(before: Run, observer: RoundObserver, cursor: number, observed: Observed): Promise<void> {
    const runId = before.id
    const { bus, transcript } = this.#parts
    await commit(this.#parts, runId, (now) => {
      const told = [...new Map(observed.tell?.map((each) => [each.key, each])).values()].filter(
        ({ key }) => !now.state.reported.includes(key),
      )
      const remarks = told.flatMap(({ remark }) => (remark === undefined ? [] : [remark]))
      const cost = observed.charges.reduce((sum, { usage }) => sum + (usage.cost ?? 0), 0)
      const state = {
        ...now.state,
        side_cost: now.state.side_cost + cost,
        reported: [...now.state.reported, ...told.map(({ key }) => key)],
        remarks: [...now.state.remarks, ...remarks],
      }
      // A rewind meanwhile: what was seen of this round is gone. It was paid for all the same.
      if ((now.state.rewinds ?? 0) !== (before.state.rewinds ?? 0)) {
        return { state: { ...now.state, side_cost: state.side_cost }, charges: observed.charges }
      }
      return {
        state,
        charges: observed.charges,
        observer: { name: observer.name, cursor, memory: observed.memory },
        // After the end notice nothing more is said.
        deliveries: (after) =>
          now.closed_at !== null
            ? []
            : [
                ...observed.deliveries,
                ...told.flatMap(({ notice }) => (notice === undefined ? [] : transcript.notice(after, notice))),
              ],
      }
    })
    bus.emit({ type: 'observed', run_id: runId, observer: observer.name, round: cursor })
  }

  /** The round of this index, if all have spoken in it, or the run has ended in the middle of it. */
  async #round(run: Run, index: number): Promise<Round | null> {
    const actors = run.spec.actors.length
    const complete = run.state.spoken.length >= (index + 1) * actors
    const partial = run.status === 'ended' && run.state.spoken.length > index * actors
    if (!complete && !partial) return null
    const all = (await this.#parts.store.turns(run.id)).filter((turn) => turn.round <= index)
    const thrifty = run.status === 'ended' && (run.end_reason === 'stopped' || run.end_reason === 'cost_budget')
    return { run, index, turns: all.filter((turn) => turn.round === index), all, thrifty }
  }

  /** What is posted once at the start comes before the first picture. */
  async #titleCards(run: Run, signal: AbortSignal): Promise<void> {
    for (const { name, once } of this.#parts.observersOf(run)) {
      if (once) await this.#reached(run.id, name, 0, signal).catch(() => {})
    }
  }

  async #reached(runId: string, name: string, round: number, signal: AbortSignal): Promise<void> {
    const { store, bus } = this.#parts
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = async () => {
      if ((await store.observer(runId, name)).cursor >= round) resolve()
    }
    const abort = () => reject(signal.reason)
    const off = bus.on('observed', (news) => {
      if (news.run_id === runId && news.observer === name) look().catch(reject)
    })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    look().catch(reject)
    try {
      await promise
    } finally {
      off()
      signal.removeEventListener('abort', abort)
    }
  }
}

/** What a failed observer has spent all the same. */
export class ObserverError extends Error {
  readonly charges: NewCharge[]

  constructor(message: string, charges: NewCharge[], options?: ErrorOptions) {
    super(message, options)
    this.name = 'ObserverError'
    this.charges = charges
  }
}

function chargesOf(error: unknown): NewCharge[] {
  return error instanceof ObserverError ? error.charges : []
}

export function charge(purpose: NewCharge['purpose'], model: string, usage: Usage): NewCharge[] {
  return usage.input + usage.cached + usage.written + usage.output === 0 && !usage.cost
    ? []
    : [{ purpose, model, usage }]
}
