/** What a provider allows; absent: no limit. */
export interface ProviderLimits {
  /** Calls under way at once. */
  in_flight?: number
  /** Calls begun within any 60 seconds. */
  per_minute?: number
}

const MINUTE = 60_000

interface Waiting {
  run: string
  aside: boolean
  go: () => void
}

/** One provider's door: lets calls in as its limits allow, each run in its turn however many calls it has waiting. */
export class Door {
  readonly #limits: ProviderLimits
  /** Per run, oldest first. A run that was let in goes to the end. */
  readonly #queues = new Map<string, Waiting[]>()
  /** When the calls of the last minute began, oldest first. */
  #begun: number[] = []
  #inside = 0
  #aside = 0
  #timer: NodeJS.Timeout | undefined

  constructor(limits: ProviderLimits) {
    this.#limits = limits
  }

  /**
   * Resolves when the call may begin, with what to call when it is over. Rejects with the signal's reason.
   *
   * @param aside a narrator's or media agent's: these never take all places, so that no conversation waits for them alone.
   */
  enter(run: string, signal: AbortSignal, aside = false): Promise<() => void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#remove(waiting)
        reject(signal.reason)
      }
      const waiting: Waiting = {
        run: aside ? `${run} aside` : run,
        aside,
        go: () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once(() => this.#leave(aside)))
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#queues.set(waiting.run, [...(this.#queues.get(waiting.run) ?? []), waiting])
      this.#letIn()
    })
  }

  #letIn(): void {
    while (this.#queues.size > 0 && this.#inside < (this.#limits.in_flight ?? Number.POSITIVE_INFINITY)) {
      const wait = this.#waitForMinute(Date.now())
      if (wait > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined
          this.#letIn()
        }, wait)
        return
      }
      const next = this.#next()
      if (next === undefined) return
      this.#inside++
      if (next.aside) this.#aside++
      if (this.#limits.per_minute !== undefined) this.#begun.push(Date.now())
      next.go()
    }
  }

  #next(): Waiting | undefined {
    const places = Math.max(1, Math.floor((this.#limits.in_flight ?? Number.POSITIVE_INFINITY) / 2))
    const entry = this.#queues.entries().find(([, [first]]) => !first?.aside || this.#aside < places)
    if (entry === undefined) return undefined
    const [run, [next, ...rest]] = entry
    this.#queues.delete(run)
    if (rest.length > 0) this.#queues.set(run, rest)
    return next
  }

  #waitForMinute(now: number): number {
    const limit = this.#limits.per_minute
    if (limit === undefined) return 0
    this.#begun = this.#begun.filter((at) => now - at < MINUTE)
    if (this.#begun.length < limit) return 0
    return (this.#begun[this.#begun.length - limit] ?? now) + MINUTE - now
  }

  #leave(aside: boolean): void {
    this.#inside--
    if (aside) this.#aside--
    this.#letIn()
  }

  #remove(waiting: Waiting): void {
    const left = (this.#queues.get(waiting.run) ?? []).filter((other) => other !== waiting)
    if (left.length > 0) this.#queues.set(waiting.run, left)
    else this.#queues.delete(waiting.run)
    if (this.#queues.size === 0) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
