export const MINUTE = 60_000

/** A run that has just begun may go on so fast (ms from one call to the next) for all that is known. */
const FASTEST = 1000

interface Begun {
  at: number
  run: string
  aside: boolean
}

/** The calls that were begun at a provider in the last minute. */
export class Minute {
  /** Oldest first. */
  #begun: Begun[] = []

  add(call: Begun): void {
    this.#begun.push(call)
  }

  forgetBefore(now: number): void {
    this.#begun = this.#begun.filter(({ at }) => now - at < MINUTE)
  }

  get calls(): number {
    return this.#begun.length
  }

  get asides(): number {
    return this.#begun.filter(({ aside }) => aside).length
  }

  get oldest(): number | undefined {
    return this.#begun[0]?.at
  }

  /** How many calls a minute conversations will make, if each of these runs goes on at the pace that it has had. */
  demand(now: number, goesOn: (run: string) => boolean): number {
    const talk = Map.groupBy(
      this.#begun.filter(({ aside }) => !aside),
      ({ run }) => run,
    )
    let demand = 0
    for (const [run, calls] of talk) {
      if (goesOn(run)) demand += (calls.length * MINUTE) / Math.max(FASTEST, now - (calls[0] as Begun).at)
    }
    return demand
  }
}
