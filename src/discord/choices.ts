import type { Choice } from './command.ts'

/** Discord's limits: 25 choices, 100 characters in a name and in a value. */
const MAX_CHOICES = 25
const MAX_LENGTH = 100

export interface Entry {
  value: string
  /** What is shown after the value, and found by its words. */
  label?: string
}

/**
 * The entries that fit what was typed so far, best first: those whose value starts with it, then those in which every typed word starts
 * a word, then those that contain it. Nothing typed: the first ones.
 */
export function choicesFor(typed: string, entries: readonly Entry[]): Choice[] {
  const query = fold(typed.trim())
  const words = query.split(SEPARATORS).filter((word) => word !== '')
  const ranks: Entry[][] = [[], [], []]
  for (const entry of entries) {
    if (entry.value.length > MAX_LENGTH) continue
    const rank = rankOf(query, words, entry)
    if (rank !== null) ranks[rank]?.push(entry)
    if (ranks[0] && ranks[0].length >= MAX_CHOICES) break
  }
  return ranks
    .flat()
    .slice(0, MAX_CHOICES)
    .map(({ value, label }) => ({ name: clip(label || value), value }))
}

/**
 * The same for an option that takes several, commas between: completes the last and keeps those before it.
 * @param again whether one may be chosen twice.
 */
export function choicesForLast(typed: string, entries: readonly Entry[], again = false): Choice[] {
  const comma = typed.lastIndexOf(',')
  if (comma < 0) return choicesFor(typed, entries)
  const chosen = typed
    .slice(0, comma)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const before = chosen.map((name) => `${name},`).join('')
  return choicesFor(
    typed.slice(comma + 1),
    entries.filter(({ value }) => again || !chosen.includes(value)),
  )
    .filter(({ value }) => before.length + value.length <= MAX_LENGTH)
    .map(({ name, value }) => ({ name: clip(`${chosen.join(', ')}, ${name}`), value: before + value }))
}

const SEPARATORS = /[^\p{L}\p{N}]+/u

function rankOf(query: string, words: string[], { value, label = '' }: Entry): number | null {
  const foldedValue = fold(value)
  if (foldedValue.startsWith(query)) return 0
  const text = `${foldedValue} ${fold(label)}`
  const parts = text.split(SEPARATORS)
  if (words.length > 0 && words.every((word) => parts.some((part) => part.startsWith(word)))) return 1
  return text.includes(query) ? 2 : null
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** To Discord's length, never through the middle of a character. */
function clip(text: string): string {
  if (text.length <= MAX_LENGTH) return text
  const cut = text.slice(0, MAX_LENGTH - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
