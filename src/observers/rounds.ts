import type { Bus, News } from '../core/bus.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Followers, Gate, Log, Purse, Transcript } from '../engine/ports.ts'
import { Bell } from './bell.ts'
import type { RoundObserver } from './observer.ts'
import { keepObserved, observe, reached, roundOf } from './observing.ts'

export interface RoundParts {
  store: Store
  bus: Bus
  log: Log
  transcript: Transcript
  purse: Purse
  /** The observers that this run chose. Pure. */
  observersOf(run: Run): RoundObserver[]
  /** How long an observer's work may take (ms) before the panel tells of it; absent: as `doing.ts` has it. */
  tellAfter?: number
  /** Whose runs are taken up; absent: the bot's. */
  driver?: string
}

/** Observers of an ended run have their say as long as one of them brings something within this time (ms). */
const LAST_WORDS = 5 * 60_000

/** A first picture that the next round waits for is kept back so long (ms) for what comes before it. */
const CARD_WAIT = 10_000

interface Following {
  abort: AbortController
  chains: Promise<void>[]
  /** Rings when the run has gone on. */
  bell: Bell
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
    this.#off = [parts.bus.on('changed', (news) => this.#changed(news))]
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
      for (const { name } of waiting) await reached(this.#parts, { runId: run.id, name, round: done }, signal)
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
    await this.#lastWords(run.id, following)
    this.#following.delete(run.id)
    return !this.#closed
  }

  async #lastWords(runId: string, { abort, chains }: Following): Promise<void> {
    const giveUp = () => abort.abort(new UserError('the run has ended, and nothing more came for five minutes.'))
    const timer = setTimeout(giveUp, LAST_WORDS)
    const off = this.#parts.bus.on('observed', (news) => {
      if (news.run_id === runId && news.brought) timer.refresh()
    })
    await Promise.all(chains)
    off()
    clearTimeout(timer)
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

  #changed({ run_id, run }: Pick<Extract<News, { type: 'changed' }>, 'run_id' | 'run'>): void {
    const following = this.#following.get(run_id)
    const follow = (run: Run | null) => run?.closed_at === null && this.#follow(run)
    if (following) following.bell.ring()
    else if (run) follow(run)
    else void this.#parts.store.run(run_id).then(follow)
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
    const round = await roundOf(this.#parts.store, run, next)
    if (!round) return false
    for (const [at, observer] of chain.entries()) {
      const { cursor, memory } = cursors[at] as (typeof cursors)[number]
      if (cursor >= next) continue
      const first =
        observer.chain === 'media' && next === 0 ? this.#titleCards(run, observer, following.abort.signal) : undefined
      if (observer.once && next > 0)
        await keepObserved(this.#parts, run, {
          observer,
          cursor: next,
          observed: { memory, deliveries: [], charges: [] },
        })
      else
        await observe(
          this.#parts,
          { observer, round, memory },
          { signal: following.abort.signal, isClosed: () => this.#closed, first },
        )
      if (this.#closed) return false
    }
    return true
  }

  /** What is posted once at the start comes before the first picture; where the conversation waits for that, it does not wait for long. */
  async #titleCards(run: Run, { waits }: RoundObserver, signal: AbortSignal): Promise<void> {
    const patience = new AbortController()
    const timer = waits ? setTimeout(() => patience.abort(), CARD_WAIT) : undefined
    const either = AbortSignal.any([signal, patience.signal])
    for (const { name, once } of this.#parts.observersOf(run)) {
      if (once) await reached(this.#parts, { runId: run.id, name, round: 0 }, either).catch(() => {})
    }
    clearTimeout(timer)
  }
}
