import type { RunSpec, Turn } from './run.ts'

/**
 * The conversation as it stood when turn `from` had been said: what counted then, though a rewind may have dropped it since. Null: there
 * is no such turn.
 *
 * @param all dropped ones included, in order
 */
export function turnsUpTo(all: Turn[], from: number): Turn[] | null {
  const last = all.find(({ turn_index }) => turn_index === from)
  if (!last) return null
  const counted = ({ dropped_at }: Turn) =>
    dropped_at === null || dropped_at === last.dropped_at || dropped_at > last.created_at
  return all.filter((turn) => turn.turn_index <= from && counted(turn))
}

/** People count turns from 1. */
export const turnNumber = (index: number): number => index + 1

/** `after turn 3`, for the index of the last turn that a fork kept; -1: none. */
export const afterTurn = (index: number): string =>
  index < 0 ? 'before its first turn' : `after turn ${turnNumber(index)}`

/** A fork of a run that has had all its rounds would end at once: it gets as many again. Null: no limit. */
export function roundsForFork({ max_turns, actors }: RunSpec, kept: Turn[]): number | null {
  if (max_turns === null) return null
  const rounds = Math.floor(kept.filter((turn) => turn.actor_index !== null).length / actors.length)
  return rounds < max_turns ? max_turns : rounds + max_turns
}
