import { Decks } from './deck.ts'
import { dealPhrase, type Values, type Words, write } from './grammar.ts'
import type { Heard } from './listen.ts'
import { between, type Random, randomFor } from './random.ts'
import { WORDS } from './words.ts'

/** Everything a manner needs to write one turn. */
export class Scene {
  readonly heard: Heard
  readonly decks: Decks
  readonly rng: Random
  readonly values: Record<string, string | undefined>
  readonly #words: Words

  constructor(heard: Heard, seed: number, words: Words = {}) {
    const turn = heard.said.length
    this.heard = heard
    this.decks = new Decks(seed, turn)
    this.rng = randomFor(seed, `turn ${turn} after ${heard.last.slice(-200)}`)
    this.#words = { ...WORDS, ...words }
    const things = [...heard.things.filter(isOne), ...heard.things.filter((thing) => !isOne(thing))]
    const remembered = heard.remembered.filter(isOne)
    this.values = {
      it: things[0],
      other: things[1],
      kept: remembered.length > 0 ? remembered[Math.floor(this.rng() * remembered.length)] : undefined,
      asked: heard.question ?? undefined,
      speaker: heard.speaker ?? undefined,
    }
  }

  /** A phrase of the named list, written out; phrases that need something nobody has named are passed over. */
  say(name: string, values: Values = {}): string {
    const known = { ...this.values, ...values }
    const phrases = this.#words[name]
    if (phrases === undefined) throw new Error(`The offline voice has no list called ${name}.`)
    return write(dealPhrase(name, phrases, known, this.decks), this.#words, known, this.decks)
  }

  /** Several different phrases of one list. */
  several(name: string, count: number, values: Values = {}): string[] {
    return Array.from({ length: count }, () => this.say(name, values))
  }

  fill(phrase: string, values: Values = {}): string {
    return write(phrase, this.#words, { ...this.values, ...values }, this.decks)
  }

  int(low: number, high: number): number {
    return between(this.rng, low, high)
  }

  chance(probability: number): boolean {
    return this.rng() < probability
  }
}

/** Whether the phrase reads as a singular. */
function isOne(phrase: string): boolean {
  return !/[^s]s$/.test(phrase)
}

/** How the voice speaks under a template. */
export interface Manner {
  words: Words
  speak(scene: Scene): string
}
