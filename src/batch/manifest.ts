import type { Batch } from '../core/batches.ts'
import type { Store } from '../core/store.ts'

/** All that a batch was planned from and what became of it, as JSON: config, seed, items, pairs, model versions, results. */
export async function manifestOf(batch: Batch, store: Store): Promise<string> {
  const { manifest, ...facts } = batch
  const items = await store.batchItems(batch.id, 'item')
  const secondary = await store.batchItems(batch.id, 'secondary')
  const runs = await store.batchRuns(batch.id)
  return JSON.stringify(
    {
      batch: batch.id,
      name: batch.name,
      status: batch.status,
      started: new Date(batch.created_at).toISOString(),
      ended: batch.ended_at === null ? null : new Date(batch.ended_at).toISOString(),
      started_by: facts.starter_name,
      seed: manifest.seed,
      from: manifest.from,
      config: manifest.config,
      notes: manifest.notes,
      estimate: manifest.estimate,
      models: manifest.models,
      items,
      ...(secondary.length > 0 ? { secondary } : {}),
      runs: runs.map(({ batch_id: _, index, ...run }) => ({ index, ...run })),
    },
    null,
    1,
  )
}
