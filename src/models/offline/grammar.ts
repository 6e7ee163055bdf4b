import type { Decks } from './deck.ts'

/** A list's name; in code (`[guess]`) it is only text. */
const NAMED = /(?<!`)\[(\^?)(\w+)\]/g

/** Lists of phrases by name; `[name]` in a phrase stands for one of them. */
export type Words = Readonly<Record<string, readonly string[]>>

/** Single values by name, filled in for `{name}`; a phrase whose value is missing is passed over. */
export type Values = Readonly<Record<string, string | undefined>>

/**
 * Writes one phrase out: `[name]` is dealt from that list, `[^name]` likewise with a capital,
 * `{name}` is a value (`{^name}` with a capital), `<a thing>` gets the article that fits.
 */
export function write(phrase: string, words: Words, values: Values, decks: Decks): string {
  let text = phrase.replace(/<([^<>|]*(?:\|[^<>|]*)+)>/g, (_, choices: string) =>
    decks.deal(choices, choices.split('|')),
  )
  for (let depth = 0; depth < 6 && text.search(NAMED) >= 0; depth++) {
    text = text.replace(NAMED, (_, capital: string, name: string) => {
      const list = words[name]
      if (list === undefined) throw new Error(`The offline voice has no list called ${name}.`)
      const dealt = decks.deal(name, list)
      return capital === '' ? dealt : capitalized(dealt)
    })
  }
  text = text.replace(/\{(\^?)(\w+)\}/g, (_, capital: string, name: string) => {
    const value = values[name] ?? ''
    return capital === '' ? value : capitalized(value)
  })
  return text.replace(/\b([Aa]) (?=[aeiou])(?!one\b|uni|use|eu)/g, '$1n ')
}

/** The next phrase of a deck all of whose values are known. */
export function dealPhrase(name: string, phrases: readonly string[], values: Values, decks: Decks): string {
  const usable = phrases.filter((phrase) =>
    [...phrase.matchAll(/\{\^?(\w+)\}/g)].every(([, key]) => (values[key as string] ?? '') !== ''),
  )
  return decks.deal(`${name}/${usable.length}`, usable)
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
