import type { Turn } from './run.ts'

export interface Loop {
  kind: 'repetition' | 'shrinking'
  /** One sentence for the thread. */
  text: string
}

/**
 * How alike two of an actor's turns must be to count as the same thing said again. The measurements behind it stand in
 * test/core/loop.test.ts: talk that moves on stays below 0.35, paraphrase of one sentence lies between 0.45 and 0.7, repetition above 0.75.
 */
export const SAME = 0.72
/** So often in a row must every actor have repeated itself. */
const REPEATS = 3
/** An answer this short (characters) says little … */
const SHORT = 48
/** … and when it was at least this many times longer some rounds ago, the talk is running dry. */
const SHRUNK = 4
const SHRINKING_ROUNDS = 4
/** A cycle may be this many of each actor's turns long; it is seen when every actor has gone through it twice, word for word. */
const LONGEST_CYCLE = 6

/**
 * Whether the last rounds go nowhere: everyone who speaks in them says what they said before (exactly, nearly, in a fixed A/B/A/B
 * alternation, which is the same seen per actor, or in a longer cycle, which must be exact), or answers have dwindled to almost nothing.
 * An actor that the order passes over has no say in it. Persons' turns and dropped ones must not be among `turns`.
 */
export function findLoop(turns: Turn[], actors: number): Loop | null {
  const speakers = new Set(turns.slice(-actors * REPEATS).map((turn) => turn.actor_index))
  const series = [...speakers].map((speaker) => lastTexts(turns, speaker, 2 * LONGEST_CYCLE))
  if (series.length === 0) return null
  if (series.every(repeats)) {
    return { kind: 'repetition', text: `The last ${REPEATS} rounds said almost the same again.` }
  }
  for (let period = REPEATS; period <= LONGEST_CYCLE; period++) {
    if (series.every((own) => repeats(own) || cycles(own, period)))
      return {
        kind: 'repetition',
        text: `The last ${period} rounds said word for word what the ${period} before them said.`,
      }
  }
  if (series.every(dwindles)) {
    return { kind: 'shrinking', text: 'The answers have become shorter and shorter, down to a few words.' }
  }
  return null
}

/** So many of an actor's last turns, however far they lie back, oldest first. */
function lastTexts(turns: Turn[], speaker: number | null, count: number): string[] {
  const texts: string[] = []
  for (let at = turns.length - 1; at >= 0 && texts.length < count; at--) {
    const turn = turns[at]
    if (turn?.actor_index === speaker) texts.unshift(turn.text)
  }
  return texts
}

/** The last turns each resemble an earlier one of the same actor, the one before or the one before that. */
function repeats(own: string[]): boolean {
  if (own.length <= REPEATS) return false
  return own.slice(-REPEATS).every((text, nth) => {
    const at = own.length - REPEATS + nth
    return [own[at - 1], own[at - 2]].some((before) => before !== undefined && likeness(before, text) >= SAME)
  })
}

/** The last turns, a whole `period` of them, are those of the period before. Shorter periods are what `repeats` sees. */
function cycles(own: string[], period: number): boolean {
  if (own.length < 2 * period) return false
  return own.slice(-period).every((text, nth) => plain(text) === plain(own[own.length - 2 * period + nth] as string))
}

function dwindles(own: string[]): boolean {
  if (own.length < SHRINKING_ROUNDS + 1) return false
  const lengths = own.slice(-SHRINKING_ROUNDS - 1).map((text) => text.trim().length)
  const falling = lengths.every((length, at) => at === 0 || length <= (lengths[at - 1] as number))
  const [first, last] = [lengths[0] as number, lengths.at(-1) as number]
  return falling && last <= SHORT && first >= SHRUNK * Math.max(1, last)
}

/** From 0 (nothing in common) to 1 (the same): Dice's coefficient over three-letter pieces, case and white space aside. */
export function likeness(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)]
  if (left.size === 0 && right.size === 0) return 1
  let common = 0
  for (const [piece, count] of left) common += Math.min(count, right.get(piece) ?? 0)
  return (2 * common) / (total(left) + total(right))
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim()

function pieces(text: string): Map<string, number> {
  const whole = plain(text)
  const counts = new Map<string, number>()
  const size = Math.min(3, whole.length)
  for (let at = 0; size > 0 && at + size <= whole.length; at++) {
    const piece = whole.slice(at, at + size)
    counts.set(piece, (counts.get(piece) ?? 0) + 1)
  }
  return counts
}

const total = (counts: Map<string, number>): number => counts.values().reduce((sum, count) => sum + count, 0)
