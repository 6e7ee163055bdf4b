import { randomFor, shuffled } from './random.ts'

/**
 * Deals the cards of named decks so that a speaker sees every card once before it sees one twice: each of its turns
 * starts a few cards after the one before. All its turns share the seed.
 */
export class Decks {
  readonly #seed: number
  readonly #turn: number
  readonly #dealt = new Map<string, number>()

  /** `turn`: how many turns the speaker has had. */
  constructor(seed: number, turn: number) {
    this.#seed = seed
    this.#turn = turn
  }

  deal<T>(name: string, cards: readonly T[]): T {
    const count = cards.length
    if (count === 0) throw new Error(`The deck ${name} of the offline voice is empty.`)
    const dealt = this.#dealt.get(name) ?? 0
    this.#dealt.set(name, dealt + 1)
    const position = this.#turn * (count > LONG ? 7 : 2) + dealt
    const pass = Math.floor(position / count)
    const order = shuffled(cards, randomFor(this.#seed, `${name}/${pass}`))
    return order[position % count] as T
  }
}

/** A list of words has more cards than this, and a turn takes more of them than of phrases. */
const LONG = 30
