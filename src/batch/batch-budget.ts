import type { Run } from '../core/run.ts'
import type { BatchParts } from './parts.ts'
import { spentOn } from './standing.ts'

/** Before each call of a run: ends it when its batch has used its budget. Returns whether it did. */
export async function holdToBudget(parts: Pick<BatchParts, 'store' | 'runner'>, run: Run): Promise<boolean> {
  if (run.batch_id === null) return false
  const batch = await parts.store.batch(run.batch_id)
  const limit = batch?.manifest.config.max_cost ?? null
  if (!batch || limit === null) return false
  const spent = await spentOn(parts, batch.id)
  if (spent < limit || spent === 0) return false
  await parts.runner.end(run.id, 'cost_budget', `The batch has used $${spent.toFixed(4)} of its $${limit} budget.`)
  return true
}
