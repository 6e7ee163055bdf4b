import type { Decks } from './deck.ts'
import { plural } from './plural.ts'

/** A list's name; in code (`[guess]`) it is only text. */
const NAMED = /(?<!`)\[(\^?)(\w+)\](s\b)?/g

/** Lists of phrases by name; `[name]` in a phrase stands for one of them. */
export type Words = Readonly<Record<string, readonly string[]>>

/** Single values by name, filled in for `{name}`; a phrase whose value is missing is passed over. */
export type Values = Readonly<Record<string, string | undefined>>

/**
 * Writes one phrase out: `[name]` is dealt from that list and the same wherever it stands in the phrase, `[name2]` is
 * another of that list, `[^name]` has a capital, `[name]s` is more than one; `{name}` is a value; `<this|that>` is one or the other. `a` becomes `an` where it must.
 */
export function write(phrase: string, words: Words, values: Values, decks: Decks): string {
  let text = phrase.replace(/<([^<>|]*(?:\|[^<>|]*)+)>/g, (_, choices: string) =>
    decks.deal(choices, choices.split('|')),
  )
  const dealt = new Map<string, string>()
  for (let depth = 0; depth < 6 && text.search(NAMED) >= 0; depth++) {
    text = text.replace(NAMED, (_, capital: string, name: string, many: string | undefined) => {
      const card = dealt.get(name) ?? decks.deal(...listOf(name, words))
      dealt.set(name, card)
      const shown = many === undefined ? card : plural(card)
      return capital === '' ? shown : capitalized(shown)
    })
  }
  text = text.replace(/\{(\^?)(\w+)\}/g, (_, capital: string, name: string) => {
    const value = values[name] ?? ''
    return capital === '' ? value : capitalized(value)
  })
  return text.replace(/\b([Aa]) (?=[aeiou])(?!one\b|uni|use|eu)/g, '$1n ')
}

function listOf(name: string, words: Words): [string, readonly string[]] {
  const plain = words[name] === undefined ? name.replace(/\d$/, '') : name
  const list = words[plain]
  if (list === undefined) throw new Error(`The offline voice has no list called ${plain}.`)
  return [plain, list]
}

/** The next phrase of a deck all of whose values are known. */
export function dealPhrase(name: string, phrases: readonly string[], values: Values, decks: Decks): string {
  const usable = phrases.filter((phrase) =>
    [...phrase.matchAll(/\{\^?(\w+)\}/g)].every(([, key]) => (values[key as string] ?? '') !== ''),
  )
  return decks.deal(`${name}/${usable.length}`, usable)
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
