import type { BatchRunStatus, BatchTally } from '../core/batches.ts'

export function countsOf(tally: BatchTally[]): Record<BatchRunStatus, number> {
  const counts = { planned: 0, going: 0, done: 0, failed: 0, skipped: 0 }
  for (const { status, count } of tally) counts[status] += count
  return counts
}

/** USD of the runs that have ended. */
export const costOf = (tally: BatchTally[]): number => tally.reduce((sum, { cost }) => sum + cost, 0)
