import type { BatchRun } from '../core/batches.ts'
import { spentBy } from '../core/ends.ts'
import type { Run } from '../core/run.ts'
import type { BatchParts } from './parts.ts'
import { showFailed } from './show-failed.ts'

/** Ends that are a failure of the run, which `retry failed` runs again. */
const FAILED = new Set(['error', 'refusal', 'thread_gone'])

/**
 * Notes in the plan what has become of a run that was going.
 * @returns the run while it has not ended; else null, with whether it failed (null: it does not count).
 */
export async function settle(
  parts: Pick<BatchParts, 'store' | 'transcript' | 'bus'>,
  { batch_id, index, run_id, cost }: BatchRun,
): Promise<{ run: Run } | { run: null; failed: boolean | null }> {
  const { store } = parts
  const run = run_id === null ? null : await store.run(run_id)
  if (!run) {
    await store.setBatchRun(batch_id, index, { status: 'skipped', reason: 'deleted', text: 'A person deleted it.' })
    return { run: null, failed: null }
  }
  if (run.status !== 'ended') return { run }
  const reason = run.end_reason ?? 'error'
  // Whoever deletes the thread of a run does not want that run: it has not failed, and must not come again with `retry failed`.
  // A run that never got a thread has lost its channel, which is a failure.
  const unwanted = reason === 'thread_gone' && run.thread_id !== null
  const failed = FAILED.has(reason) && !unwanted
  if (failed) await showFailed(parts, run)
  await store.setBatchRun(batch_id, index, {
    status: unwanted ? 'skipped' : failed ? 'failed' : 'done',
    reason,
    text: run.status_text,
    cost: cost + spentBy(run),
    duration: (run.ended_at ?? Date.now()) - run.created_at,
  })
  return { run: null, failed: unwanted ? null : failed }
}
