import type { Usage } from './model.ts'
import type { RunState } from './run.ts'

// Figures as people read them.

export const count = (n: number): string => n.toLocaleString('en-US')

export const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`

/** USD, with as many digits as tell something. */
export function money(usd: number): string {
  if (usd === 0) return '$0'
  if (usd < 0.0001) return 'under $0.0001'
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`
}

/** What something will cost at least and at most: `$0.40 to $2.10`, or `up to $2.00` where only the limit is known. */
export function range({ low, high }: { low: number; high: number }): string {
  return money(low) === money(high) ? `up to ${money(high)}` : `${money(low)} to ${money(high)}`
}

/** `12,345 tokens in (10,000 from the cache), 678 out`. */
export function tokens(usage: Usage): string {
  const read = usage.input + usage.cached + usage.written
  const cached = usage.cached > 0 ? ` (${count(usage.cached)} from the cache)` : ''
  return `${count(read)} tokens in${cached}, ${count(usage.output)} out`
}

/** What a run has cost, narrators, pictures and moderators included. */
export function cost(state: RunState): string {
  const { usage, unpriced, side_cost } = state
  const known = money((usage.cost ?? 0) + side_cost)
  const side = side_cost > 0 ? ` (${money(side_cost)} of it beside the turns)` : ''
  return `${known}${side}${unpriced > 0 ? ` and ${plural(unpriced, 'turn')} of unknown price` : ''}`
}
