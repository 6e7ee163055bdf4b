import type { Hold, Standing, Taken } from './ports.ts'

/** What one turn (or one post of an observer) has in hand. */
interface Held {
  keys: string[]
  look: () => Promise<Standing[]>
  /** USD that its calls so far have cost, while the store does not know it. */
  known: number
  /** USD that its call under way may cost at most; 0: none is under way. */
  running: number
  /** Its costs are being committed: for a moment both the store and `known` may have them. */
  isSettling: boolean
}

interface Waiter {
  held: Held
  usd: number
  waited: boolean
  rank: number
  resolve: (taken: Taken) => void
  reject: (reason: unknown) => void
}

type Verdict =
  | Omit<Extract<Taken, { kind: 'refused' }>, 'waited'>
  | Omit<Extract<Taken, { kind: 'go' }>, 'waited'>
  | { kind: 'wait'; keys: string[] }

/**
 * Money in the hands of calls under way, so that many runs together do not pass a cap that each of them alone would keep. A call may go
 * when what is spent, what others have in hand and the most that it can cost fit under each of its caps; or when nothing else is under
 * way there and the cap is not reached: so a cap is passed by one turn at most. Else it waits until a call is back, first come first
 * served. It never waits for one that waits itself. Kept in memory: another process on the same store knows only what is committed.
 */
export class Holds {
  readonly #held = new Set<Held>()
  readonly #line = new Set<Waiter>()
  /** Rises when something that was in hand is in the store. */
  #settled = 0
  #serving = false
  #again = false

  /**
   * @param keys the caps under which it falls, set or not
   * @param look those that are set, as the store has them
   */
  open(keys: string[], look: () => Promise<Standing[]>): Hold {
    const held: Held = { keys, look, known: 0, running: 0, isSettling: false }
    this.#held.add(held)
    const close = () => {
      if (!this.#held.delete(held)) return
      this.#settled++
      this.#serve()
    }
    return {
      take: (usd, signal) => this.#take(held, usd, signal),
      used: (usd) => {
        held.known += usd ?? 0
        held.running = 0
        this.#serve()
      },
      async settle(commit) {
        held.isSettling = true
        try {
          return await commit()
        } finally {
          close()
        }
      },
      close,
    }
  }

  async #take(held: Held, usd: number, signal: AbortSignal): Promise<Taken> {
    signal.throwIfAborted()
    if (usd <= held.running || held.keys.length === 0) return { kind: 'go', waited: false, isLast: false }
    // Turns that have begun are finished first, since those behind wait for what they cost. Then one that was let in and now needs more.
    const rank = held.known > 0 ? 0 : held.running > 0 ? 1 : 2
    return new Promise((resolve, reject) => {
      const leave = (answer: () => void) => {
        this.#line.delete(waiter)
        signal.removeEventListener('abort', giveUp)
        answer()
      }
      const giveUp = () => {
        held.running = 0
        leave(() => reject(signal.reason))
        this.#serve()
      }
      const waiter: Waiter = {
        ...{ held, usd, rank, waited: false },
        resolve: (taken) => leave(() => resolve(taken)),
        reject: (reason) => leave(() => reject(reason)),
      }
      signal.addEventListener('abort', giveUp)
      this.#line.add(waiter)
      this.#serve()
    })
  }

  #serve(): void {
    this.#again = true
    if (!this.#serving) void this.#serveAll()
  }

  async #serveAll(): Promise<void> {
    this.#serving = true
    while (this.#again) {
      this.#again = false
      /** Caps at which someone who came earlier waits. */
      const taken = new Set<string>()
      const line = [...this.#line].sort((a, b) => a.rank - b.rank)
      for (const waiter of line) {
        if (!this.#line.has(waiter)) continue
        if (waiter.held.keys.some((key) => taken.has(key))) this.#keepWaiting(waiter)
        else for (const key of await this.#serveOne(waiter)) taken.add(key)
      }
    }
    this.#serving = false
  }

  /** Returns the caps at which it has to wait. */
  async #serveOne(waiter: Waiter): Promise<string[]> {
    try {
      let settled: number
      let standings: Standing[]
      do {
        settled = this.#settled
        standings = await waiter.held.look()
      } while (settled !== this.#settled)
      if (!this.#line.has(waiter)) return []
      const verdict = this.#judge(waiter, standings)
      if (verdict.kind === 'wait') {
        this.#keepWaiting(waiter)
        return verdict.keys
      }
      if (verdict.kind === 'go') waiter.held.running = waiter.usd
      waiter.resolve({ ...verdict, waited: waiter.waited })
    } catch (error) {
      waiter.reject(error)
    }
    return []
  }

  /** What it had in hand is for others meanwhile. */
  #keepWaiting(waiter: Waiter): void {
    waiter.waited = true
    if (waiter.held.running > 0) this.#again = true
    waiter.held.running = 0
  }

  #judge({ held, usd }: Waiter, standings: Standing[]): Verdict {
    const full: string[] = []
    let isLast = false
    for (const { key, limit, spent, refusal: why, outcome } of standings) {
      const others = [...this.#held].filter((other) => other !== held && other.keys.includes(key))
      const known = spent + others.reduce((sum, other) => sum + other.known, 0)
      const running = others.reduce((sum, other) => sum + other.running, 0)
      isLast ||= known + held.known >= limit
      if (known + held.known + running + usd <= limit) continue
      if (running === 0 && known < limit) continue
      // A turn in the middle of its tools does not wait for another such: they would wait for each other.
      const isReached = spent >= limit || held.known > 0
      const isSure = running === 0 && !others.some(({ isSettling }) => isSettling)
      if (isReached && isSure) return { kind: 'refused', why, outcome }
      full.push(key)
    }
    return full.length > 0 ? { kind: 'wait', keys: full } : { kind: 'go', isLast }
  }
}
