import type { BatchRunStatus, BatchTally } from '../core/batches.ts'

/** How many runs there are of each kind. `stopped`: ended by a person before their time, so not done. */
export function countsOf(tally: BatchTally[]): Record<BatchRunStatus | 'stopped', number> {
  const counts = { planned: 0, going: 0, done: 0, failed: 0, skipped: 0, stopped: 0 }
  for (const { status, reason, count } of tally)
    counts[status === 'done' && reason === 'stopped' ? 'stopped' : status] += count
  return counts
}

/** USD of the runs that have ended. */
export const costOf = (tally: BatchTally[]): number => tally.reduce((sum, { cost }) => sum + cost, 0)
