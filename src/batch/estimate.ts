import { isFree } from '../core/cost.ts'
import { estimateRun } from '../core/estimate.ts'
import type { RunSpec } from '../core/run.ts'

/** USD that a run is expected to cost, between the least and the most (their geometric mean); null where a price is not known. */
export function expectedCost(spec: RunSpec): number | null {
  if (spec.actors.some(({ model }) => !isFree(model) && model.price === null)) return null
  const { low, high } = estimateRun(spec)
  return Math.sqrt(low * high)
}
