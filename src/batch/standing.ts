import type { Batch } from '../core/batches.ts'
import { spentBy } from '../core/ends.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import { costOf } from './figures.ts'
import type { BatchParts } from './parts.ts'

// How a batch stands in the store, and how that is changed.

type At = Pick<BatchParts, 'store' | 'bus'>

export async function changeBatch(
  { store, bus }: At,
  id: string,
  set: Parameters<Store['changeBatch']>[1],
): Promise<Batch | null> {
  const changed = await store.changeBatch(id, set)
  bus.emit({ type: 'batch', batch_id: id })
  return changed
}

/** Throws UserError when there is none. */
export async function knownBatch({ store }: Pick<At, 'store'>, id: string): Promise<Batch> {
  const batch = await store.batch(id)
  if (!batch) throw new UserError(`There is no batch \`${id}\`.`)
  return batch
}

/** Throws UserError when there is none, or it has ended. */
export async function openBatch(at: Pick<At, 'store'>, id: string): Promise<Batch> {
  const batch = await knownBatch(at, id)
  if (batch.status === 'ended') throw new UserError(`Batch \`${id}\` has ended.`)
  return batch
}

/** Its runs that are going or paused. */
export const liveRuns = ({ store }: Pick<At, 'store'>, id: string): Promise<Run[]> =>
  store.runs({ batch_id: id, status: ['going', 'paused'] })

/** Its paused runs; with `why`, only those that are paused for that. */
export async function pausedRuns(at: Pick<At, 'store'>, id: string, why?: string): Promise<Run[]> {
  const live = await liveRuns(at, id)
  return live.filter((run) => run.status === 'paused' && (why === undefined || run.status_text === why))
}

/** USD, the runs included whose figures are not in the plan yet. */
export async function spentOn({ store }: Pick<At, 'store'>, id: string): Promise<number> {
  // One that ends between the two looks counts twice for a moment, rather than not at all.
  const unsettled = await store.batchRuns(id, { status: ['going'] })
  const runs = await Promise.all(unsettled.map(({ run_id }) => (run_id === null ? null : store.run(run_id))))
  return costOf(await store.batchTally(id)) + runs.reduce((sum, run) => sum + (run ? spentBy(run) : 0), 0)
}

/** A run may have ended or been paused in this very moment. */
export function ignoreUserErrors(error: unknown): void {
  if (!(error instanceof UserError)) throw error
}
