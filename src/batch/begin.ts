import type { Catalog } from '../config/catalog.ts'
import { batchRunId } from '../core/batch.ts'
import type { Batch, BatchRun } from '../core/batches.ts'
import type { Run } from '../core/run.ts'
import type { Steering } from '../core/steering.ts'
import type { Store } from '../core/store.ts'
import { specOf } from './spec.ts'

interface Parts {
  store: Store
  runner: Pick<Steering, 'start'>
  catalog: Catalog
}

/** Begins a planned run, once however often it is called: its id comes from its place in the plan. Throws UserError where it cannot begin. */
export async function beginRun({ store, runner, catalog }: Parts, batch: Batch, row: BatchRun): Promise<Run> {
  const { config } = batch.manifest
  const item = row.item === null ? null : await store.batchItem(batch.id, 'item', row.item)
  const secondary = row.secondary === null ? null : await store.batchItem(batch.id, 'secondary', row.secondary)
  const spec = specOf(catalog, config, row, { item, secondary, total: batch.total })
  const { starter_id: id, starter_name: name } = batch
  return runner.start(spec, {
    id: batchRunId(batch.id, row.index, row.attempt),
    batch_id: batch.id,
    guild_id: batch.guild_id,
    channel_id: config.threads === 'each' ? batch.channel_id : null,
    person: id === null ? null : { id, name: name ?? '', avatar_url: null },
  })
}
