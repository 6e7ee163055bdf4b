/** Nouns of the lists that no rule makes, by their last word. */
const IRREGULAR: Readonly<Record<string, string>> = {
  tooth: 'teeth',
  fish: 'fish',
  postman: 'postmen',
  ferryman: 'ferrymen',
}

/** More than one of a thing: `sheath knives`, `spools of thread`, `widows from the corner`. The noun is the word before the first preposition. */
export function plural(phrase: string): string {
  const [, noun = phrase, rest = ''] = /^(.+?)( (?:of|from|in|with|at|to) .*)?$/s.exec(phrase) ?? []
  return noun.replace(/[^\s-]+$/, pluralWord) + rest
}

function pluralWord(word: string): string {
  const irregular = IRREGULAR[word.toLowerCase()]
  if (irregular !== undefined) return irregular
  if (/(kni|wi|li)fe$/.test(word)) return word.replace(/fe$/, 'ves')
  if (/(lf|oaf|eaf|arf|thief)$/.test(word)) return word.replace(/f$/, 'ves')
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies')
  return /(s|sh|ch|x|z)$/.test(word) ? `${word}es` : `${word}s`
}
