import { randomFor, shuffled } from './random.ts'

/**
 * Deals the cards of named decks so that a run sees every card once before it sees one twice:
 * a turn starts `STRIDE` cards after the turn before it. All turns of a run share the seed.
 */
export class Decks {
  readonly #seed: number
  readonly #turn: number
  readonly #dealt = new Map<string, number>()

  /** `turn`: how many turns of the whole conversation came before this one. */
  constructor(seed: number, turn: number) {
    this.#seed = seed
    this.#turn = turn
  }

  deal<T>(name: string, cards: readonly T[]): T {
    const count = cards.length
    if (count === 0) throw new Error(`The deck ${name} of the offline voice is empty.`)
    const dealt = this.#dealt.get(name) ?? 0
    this.#dealt.set(name, dealt + 1)
    const position = this.#turn * STRIDE + dealt
    const pass = Math.floor(position / count)
    const order = shuffled(cards, randomFor(this.#seed, `${name}/${pass}`))
    return order[position % count] as T
  }
}

/** Cards of one deck that a turn usually takes. */
const STRIDE = 4
