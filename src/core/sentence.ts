/** Somebody's words as one sentence within a text of ours: on one line, with exactly one mark at its end. */
export function sentence(words: string): string {
  const line = words
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s.,;:]+$/, '')
  return /[.?!…]["”’')]?$/.test(line) ? line : `${line}.`
}
