import { isFree } from '../core/cost.ts'
import { type Estimate, estimateRun } from '../core/estimate.ts'
import type { RunSpec } from '../core/run.ts'

/** What a run of a batch will cost; null where a price is not known. */
export function estimateOf(spec: RunSpec): Estimate | null {
  return spec.actors.some(({ model }) => !isFree(model) && model.price === null) ? null : estimateRun(spec)
}

/** All of them together, never more than the batch may cost; null where one is not known. */
export function sumOf(estimates: (Estimate | null)[], limit: number | null): Estimate | null {
  const most = limit ?? Number.POSITIVE_INFINITY
  let [low, high] = [0, 0]
  for (const estimate of estimates) {
    if (estimate === null) return null
    low += estimate.low
    high += estimate.high
  }
  return { low: Math.min(low, most), high: Math.min(high, most) }
}
