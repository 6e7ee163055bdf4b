import type { Run } from '../core/run.ts'
import type { PurseOptions } from '../engine/purse.ts'
import type { BatchParts } from './parts.ts'
import { spentOn } from './standing.ts'

/** The budget of a batch as a cap under which the calls of all its runs fall together. */
export function batchCap(store: BatchParts['store']): NonNullable<PurseOptions['other']> {
  return {
    keyOf: ({ batch_id }) => (batch_id ? `batch ${batch_id}` : null),
    async look({ batch_id }) {
      const limit = batch_id ? ((await store.batch(batch_id))?.manifest.config.max_cost ?? null) : null
      if (!batch_id || limit === null) return null
      const spent = await spentOn({ store }, batch_id)
      return { key: `batch ${batch_id}`, limit, spent, refusal: used(spent, limit), outcome: { end: 'cost_budget' } }
    },
  }
}

const used = (spent: number, limit: number): string =>
  `The batch has used $${spent.toFixed(4)} of its $${limit} budget.`

/** Before each call of a run: ends it when its batch has used its budget. Returns whether it did. */
export async function holdToBudget(parts: Pick<BatchParts, 'store' | 'runner'>, run: Run): Promise<boolean> {
  if (run.batch_id === null) return false
  const batch = await parts.store.batch(run.batch_id)
  const limit = batch?.manifest.config.max_cost ?? null
  if (!batch || limit === null) return false
  const spent = await spentOn(parts, batch.id)
  if (spent < limit || spent === 0) return false
  await parts.runner.end(run.id, 'cost_budget', used(spent, limit))
  return true
}
