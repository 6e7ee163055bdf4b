import type { Run } from '../core/run.ts'
import type { Change, Changed } from '../core/store.ts'
import type { EngineParts } from './parts.ts'

/** Changes a run in one transaction, then tells whoever listens. */
export async function commit(
  { store, bus }: Pick<EngineParts, 'store' | 'bus'>,
  runId: string,
  decide: (now: Run) => Change | null,
): Promise<Changed | null> {
  const changed = await store.change(runId, decide)
  if (!changed) return null
  const { run, turn, deliveries } = changed
  if (turn) bus.emit({ type: 'committed', run_id: run.id, turn_index: turn.turn_index })
  for (const lane of new Set(deliveries.map((delivery) => delivery.lane))) bus.emit({ type: 'owed', lane })
  bus.emit({ type: 'changed', run_id: run.id, run })
  if (run.status === 'ended') bus.emit({ type: 'ended', run_id: run.id })
  return changed
}
