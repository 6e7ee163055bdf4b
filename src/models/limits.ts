import { MINUTE, Minute } from './minute.ts'

/** What a provider allows; absent: no limit. */
export interface ProviderLimits {
  /** Calls under way at once. */
  in_flight?: number
  /** Calls begun within any 60 seconds. */
  per_minute?: number
}

/** While side calls wait for what conversations leave them, it is looked again so often (ms). */
const LOOK_AGAIN = 1000

interface Waiting {
  run: string
  aside: boolean
  since: number
  go: () => void
  /** What it was told to wait for. */
  told: LimitName | null
  tell: (limit: LimitName) => void
}

export type LimitName = keyof ProviderLimits

/** Where conversations use everything, a side call goes all the same when it has waited for so long (ms): one a minute. */
const LONG = 5 * MINUTE

/** Where only one call may be under way, side calls have every second one, up to this share of a minute's. */
const tenth = (limit: number) => Math.max(1, Math.floor(limit / 10))

/** For so long (ms) a run that has talked is taken to talk on at once. */
const TALKS_ON = 10_000

/**
 * One provider's door: lets calls in as its limits allow, each run in its turn however many calls it has waiting.
 *
 * Conversations come before side calls, which are those of narrators and of media agents that nobody waits for. A place is kept for every
 * run that has talked here within a minute. Of a minute's calls conversations keep half, more if at their pace they will use more, and the
 * last tenth beside. What they use in full they keep in full: a conversation waits for one side call a minute at most, once these have waited
 * for five. Only where one call at a time is allowed do both alternate, since there no conversation ever leaves room.
 */
export class Door {
  readonly #places: number
  readonly #perMinute: number
  /** Per run, oldest first. A run that was let in goes to the end. */
  readonly #talk = new Map<string, Waiting[]>()
  readonly #aside = new Map<string, Waiting[]>()
  /** When the conversation of a run was last here; Infinity while it is. */
  readonly #talked = new Map<string, number>()
  readonly #minute = new Minute()
  readonly #inside = { talk: 0, aside: 0 }
  #lastWasAside = false
  #timer: NodeJS.Timeout | undefined

  constructor(limits: ProviderLimits) {
    this.#places = limits.in_flight ?? Number.POSITIVE_INFINITY
    this.#perMinute = limits.per_minute ?? Number.POSITIVE_INFINITY
  }

  /**
   * Resolves when the call may begin, with what to call when it is over. Rejects with the signal's reason.
   *
   * @param aside no conversation waits for it.
   * @param tell called when it cannot begin at once, with the limit that keeps it out, and again when it is another.
   */
  enter(
    run: string,
    signal: AbortSignal,
    aside = false,
    tell: (limit: LimitName) => void = () => {},
  ): Promise<() => void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#remove(waiting)
        reject(signal.reason)
      }
      const waiting: Waiting = {
        run,
        aside,
        since: Date.now(),
        told: null,
        tell,
        go: () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once(() => this.#leave(waiting)))
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      const queue = this.#queue(waiting)
      queue.set(run, [...(queue.get(run) ?? []), waiting])
      if (!aside) this.#talked.set(run, Number.POSITIVE_INFINITY)
      this.#letIn()
    })
  }

  #letIn(): void {
    const now = Date.now()
    this.#minute.forgetBefore(now)
    for (;;) {
      const queue = this.#next(now)
      if (queue === null) break
      const next = takeFirst(queue)
      this.#inside[next.aside ? 'aside' : 'talk']++
      this.#lastWasAside = next.aside
      if (Number.isFinite(this.#perMinute)) this.#minute.add({ at: now, run: next.run, aside: next.aside })
      next.go()
    }
    this.#lookAgain(now)
    this.#tellThoseOutside()
  }

  #tellThoseOutside(): void {
    const limit: LimitName = this.#minute.calls >= this.#perMinute ? 'per_minute' : 'in_flight'
    for (const waiting of [...this.#talk.values(), ...this.#aside.values()].flat()) {
      if (waiting.told === limit) continue
      waiting.told = limit
      waiting.tell(limit)
    }
  }

  /** Out of which line the next one may come in; null: nobody may. */
  #next(now: number): Map<string, Waiting[]> | null {
    if (this.#inside.talk + this.#inside.aside >= this.#places || this.#minute.calls >= this.#perMinute) return null
    const { aside } = this.#inside
    const begun = this.#minute.asides
    const isLeast = aside === 0 && (this.#places === 1 ? begun < tenth(this.#perMinute) : this.#isLate(now, begun))
    if (this.#talk.size > 0 && (this.#lastWasAside || this.#aside.size === 0 || !isLeast)) return this.#talk
    if (this.#aside.size === 0) return null
    const placeIsLeft = aside < this.#places - this.#talking(now)
    const most = 0.9 * this.#perMinute
    const callIsLeft =
      begun < Math.floor(this.#perMinute / 2) && this.#minute.calls < most && begun + this.#demand(now) < most
    return isLeast || (placeIsLeft && callIsLeft) ? this.#aside : null
  }

  #isLate(now: number, begun: number): boolean {
    const [first] = this.#aside.values().next().value ?? []
    return first !== undefined && now - first.since >= LONG && begun === 0
  }

  /** For how many conversations a place is kept: one may always begin. */
  #talking(now: number): number {
    for (const [run, at] of this.#talked) if (now - at >= MINUTE) this.#talked.delete(run)
    return Math.max(1, this.#talked.size)
  }

  /** How many calls a minute the conversations make at their pace. */
  #demand(now: number): number {
    if (!Number.isFinite(this.#perMinute)) return 0
    return this.#minute.demand(now, (run) => now - (this.#talked.get(run) ?? 0) < TALKS_ON)
  }

  /** A minute's oldest call makes room when it is a minute old; conversations do that slow down. */
  #lookAgain(now: number): void {
    clearTimeout(this.#timer)
    const { oldest } = this.#minute
    const room = oldest === undefined ? undefined : oldest + MINUTE - now
    const wait = this.#aside.size > 0 ? Math.min(room ?? LOOK_AGAIN, LOOK_AGAIN) : room
    if (wait !== undefined && this.#talk.size + this.#aside.size > 0)
      this.#timer = setTimeout(() => this.#letIn(), wait)
  }

  #leave({ run, aside }: Waiting): void {
    this.#inside[aside ? 'aside' : 'talk']--
    if (!aside) this.#talked.set(run, Date.now())
    this.#letIn()
  }

  #remove(waiting: Waiting): void {
    const queue = this.#queue(waiting)
    const left = (queue.get(waiting.run) ?? []).filter((other) => other !== waiting)
    if (left.length > 0) queue.set(waiting.run, left)
    else queue.delete(waiting.run)
    if (!waiting.aside) this.#talked.set(waiting.run, Date.now())
    this.#letIn()
  }

  #queue({ aside }: Waiting): Map<string, Waiting[]> {
    return aside ? this.#aside : this.#talk
  }
}

/** The first run's oldest; that run goes to the end of the line. */
function takeFirst(queue: Map<string, Waiting[]>): Waiting {
  const [run, [next, ...rest]] = queue.entries().next().value as [string, [Waiting, ...Waiting[]]]
  queue.delete(run)
  if (rest.length > 0) queue.set(run, rest)
  return next
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
