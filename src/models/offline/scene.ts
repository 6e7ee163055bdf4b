import { Decks } from './deck.ts'
import { dealPhrase, type Values, type Words, write } from './grammar.ts'
import type { Heard } from './listen.ts'
import { between, hash, type Random, randomFor, shuffled } from './random.ts'
import { Repetition } from './repetition.ts'
import { WORDS } from './words.ts'

/** Everything a manner needs to write one turn. */
export class Scene {
  readonly heard: Heard
  readonly turn: number
  readonly rng: Random
  readonly values: Record<string, string | undefined>
  readonly #seed: number
  readonly #decks: Decks
  readonly #words: Words
  readonly #repetition: Repetition

  /** `seed` is the run's, `turn` the index the turn will get. */
  constructor(heard: Heard, options: { seed: number; turn: number; words: Words }) {
    const { seed, turn, words } = options
    this.heard = heard
    this.turn = turn
    this.#seed = seed
    // Another speaker, and the same one after a rewind, finds the cards in another order.
    this.#decks = new Decks(seed ^ hash(`${heard.system}/${turn - heard.said.length}`), heard.spoken)
    this.#repetition = new Repetition(heard.said)
    this.rng = randomFor(seed, `turn ${turn}, after ${heard.last.slice(-200)}`)
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

  /**
   * A phrase of the named list, written out, and if the list has it one that has not been said. Phrases that need
   * something nobody has named are passed over.
   */
  say(name: string, values: Values = {}): string {
    const known = { ...this.values, ...values }
    const phrases = this.#list(name)
    let best = { text: '', score: Number.POSITIVE_INFINITY }
    for (let tries = 0; tries <= phrases.length && best.score > 0; tries++) {
      const text = write(dealPhrase(name, phrases, known, this.#decks), this.#words, known, this.#decks)
      const score = this.#repetition.score(text)
      if (score < best.score) best = { text, score }
    }
    this.#repetition.add(best.text)
    return best.text
  }

  several(name: string, count: number, values: Values = {}): string[] {
    return Array.from({ length: count }, () => this.say(name, values))
  }

  fill(phrase: string, values: Values = {}): string {
    return write(phrase, this.#words, { ...this.values, ...values }, this.#decks)
  }

  /** The same in all turns of the run, whoever speaks; `nth` takes another of the list. */
  once(name: string, nth = 0): string {
    const list = shuffled(this.#list(name), randomFor(this.#seed, `once ${name}`))
    return write(list[nth % list.length] as string, this.#words, {}, new Decks(this.#seed, nth))
  }

  int(low: number, high: number): number {
    return between(this.rng, low, high)
  }

  chance(probability: number): boolean {
    return this.rng() < probability
  }

  #list(name: string): readonly string[] {
    const phrases = this.#words[name]
    if (phrases === undefined) throw new Error(`The offline voice has no list called ${name}.`)
    return phrases
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
