import type { Turn } from '../core/run.ts'
import { turnNumber } from '../core/turns.ts'

/** `turns 5 to 7 and 18 no longer count`: an earlier rewind may have dropped some between. */
export function whatIsDropped(turns: Turn[]): string {
  if (turns.length === 1) return `turn ${turnNumber((turns[0] as Turn).turn_index)} no longer counts`
  const stretches: [number, number][] = []
  for (const { turn_index } of turns) {
    const stretch = stretches.at(-1)
    if (stretch && turn_index === stretch[1] + 1) stretch[1] = turn_index
    else stretches.push([turn_index, turn_index])
  }
  const told = stretches.map(([from, to]) =>
    from === to ? turnNumber(from) : `${turnNumber(from)} to ${turnNumber(to)}`,
  )
  return `turns ${new Intl.ListFormat('en').format(told.map(String))} no longer count`
}
