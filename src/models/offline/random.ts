import { randomOf } from '../../core/random.ts'

export type Random = () => number

/** A generator for this seed and whatever distinguishes its use. */
export function randomFor(seed: number, use: string): Random {
  return randomOf(seed, hash(use))
}

/** FNV-1a. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** A whole number from `low` to `high`, both included. */
export function between(rng: Random, low: number, high: number): number {
  return low + Math.floor(rng() * (high - low + 1))
}

export function shuffled<T>(items: readonly T[], rng: Random): T[] {
  const cards = [...items]
  for (let i = cards.length - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1))
    const kept = cards[i] as T
    cards[i] = cards[j] as T
    cards[j] = kept
  }
  return cards
}
