/** Requests that Discord would have refused, or that wasted the budget (https://docs.discord.com/developers/topics/rate-limits), in order. */
export interface Violation {
  /** ISO time */
  at: string
  method: string
  path: string
  /** Discord's JSON error code, or the HTTP status where there is none */
  code: number
  reason: string
}

/** The list grows no further than this; the oldest go first. */
const KEPT = 10_000

export class Violations {
  #list: Violation[] = []
  #clock: () => number

  constructor(clock: () => number) {
    this.#clock = clock
  }

  add(violation: Omit<Violation, 'at'>): void {
    this.#list.push({ at: new Date(this.#clock()).toISOString(), ...violation })
    if (this.#list.length > KEPT) this.#list.shift()
  }

  list(): Violation[] {
    return [...this.#list]
  }
}
