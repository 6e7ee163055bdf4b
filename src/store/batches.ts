import { type Kysely, type Selectable, sql } from 'kysely'
import type { Batch, BatchRun, BatchStore } from '../core/batches.ts'
import { insertDeliveries } from './deliveries.ts'
import type { BatchesTable, BatchRunsTable, Schema } from './schema.ts'
import type { Writer } from './writer.ts'

/** Rows written in one statement, well below SQLite's limit of parameters. */
const CHUNK = 500

export function batchStore(db: Kysely<Schema>, writer: Writer): BatchStore {
  const load = async (on: Kysely<Schema>, id: string): Promise<Batch | null> => {
    const row = await on.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? readBatch(row) : null
  }

  return {
    createBatch: ({ items, secondary, runs, manifest, ...fresh }, deliveries) =>
      writer.write(async (trx) => {
        const existing = await load(trx, fresh.id)
        if (existing) return existing
        const batch: Batch = {
          ...fresh,
          driver: fresh.driver ?? null,
          manifest,
          status: 'going',
          status_text: null,
          waiting: null,
          message_id: null,
          message_place: null,
          rev: 1,
          shown_rev: 0,
          total: runs.length,
          created_at: Date.now(),
          ended_at: null,
        }
        await trx
          .insertInto('batches')
          .values({ ...batch, manifest: JSON.stringify(manifest) })
          .execute()
        const kept = [
          ...items.map((item, item_index) => ({ kind: 'item', item_index, item })),
          ...secondary.map((item, item_index) => ({ kind: 'secondary', item_index, item })),
        ].map((row) => ({ ...row, batch_id: fresh.id, item: JSON.stringify(row.item) }))
        for (const rows of chunks(kept)) await trx.insertInto('batch_items').values(rows).execute()
        const planned = runs.map(({ index, models, ...run }) => ({
          ...{ ...run, batch_id: fresh.id, run_index: index, models: JSON.stringify(models) },
          ...{ status: 'planned', attempt: 0, run_id: null, reason: null, text: null, cost: 0, duration: null },
        }))
        for (const rows of chunks(planned)) await trx.insertInto('batch_runs').values(rows).execute()
        await insertDeliveries(trx, deliveries, null)
        return batch
      }),

    batch: (id) => load(db, id),

    async batches({ status, guild_id, driver, limit }) {
      let query = db.selectFrom('batches').selectAll().orderBy('created_at', 'desc').orderBy('id')
      if (status) query = query.where('status', 'in', status)
      if (guild_id) query = query.where('guild_id', '=', guild_id)
      if (driver !== undefined) query = query.where('driver', driver === null ? 'is' : '=', driver)
      if (limit) query = query.limit(limit)
      return (await query.execute()).map(readBatch)
    },

    async changeBatch(id, set) {
      const row = await writer.write((trx) =>
        trx
          .updateTable('batches')
          .set({ ...set, rev: sql<number>`rev + 1` })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst(),
      )
      return row ? readBatch(row) : null
    },

    async batchShown(id, rev) {
      await writer.write((trx) => trx.updateTable('batches').set({ shown_rev: rev }).where('id', '=', id).execute())
    },

    async staleBatches() {
      const rows = await db
        .selectFrom('batches')
        .select('id')
        .where('message_id', 'is not', null)
        .whereRef('shown_rev', '<', 'rev')
        .execute()
      return rows.map(({ id }) => id)
    },

    async batchTally(id) {
      const rows = await db
        .selectFrom('batch_runs')
        .select((e) => [
          'status',
          'reason',
          e.fn.countAll<number>().as('count'),
          e.fn.sum<number | null>('cost').as('cost'),
          e.fn.sum<number | null>('duration').as('duration'),
        ])
        .where('batch_id', '=', id)
        .groupBy(['status', 'reason'])
        .execute()
      return rows.map(({ status, reason, count, cost, duration }) => ({
        ...{ status: status as BatchRun['status'], reason, count: Number(count) },
        ...{ cost: Number(cost ?? 0), duration: Number(duration ?? 0) },
      }))
    },

    async batchRuns(id, { status, limit, newest } = {}) {
      let query = db
        .selectFrom('batch_runs')
        .selectAll()
        .where('batch_id', '=', id)
        .orderBy('run_index', newest ? 'desc' : 'asc')
      if (status) query = query.where('status', 'in', status)
      if (limit) query = query.limit(limit)
      return (await query.execute()).map(readBatchRun)
    },

    async batchItem(id, kind, index) {
      const row = await db
        .selectFrom('batch_items')
        .select('item')
        .where('batch_id', '=', id)
        .where('kind', '=', kind)
        .where('item_index', '=', index)
        .executeTakeFirst()
      return row ? JSON.parse(row.item) : null
    },

    async batchItems(id, kind) {
      const rows = await db
        .selectFrom('batch_items')
        .select('item')
        .where('batch_id', '=', id)
        .where('kind', '=', kind)
        .orderBy('item_index')
        .execute()
      return rows.map(({ item }) => JSON.parse(item))
    },

    setBatchRun: (id, index, set) =>
      writer.write(async (trx) => {
        await trx.updateTable('batch_runs').set(set).where('batch_id', '=', id).where('run_index', '=', index).execute()
        await touch(trx, id)
      }),

    skipPlanned: (id, reason) =>
      writer.write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('batch_runs')
          .set({ status: 'skipped', reason })
          .where('batch_id', '=', id)
          .where('status', '=', 'planned')
          .executeTakeFirst()
        await touch(trx, id)
        return Number(numUpdatedRows)
      }),

    replanFailed: (id) =>
      writer.write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('batch_runs')
          .set({ status: 'planned', attempt: sql<number>`attempt + 1`, run_id: null, reason: null, text: null })
          .where('batch_id', '=', id)
          .where('status', '=', 'failed')
          .executeTakeFirst()
        await touch(trx, id)
        return Number(numUpdatedRows)
      }),
  }
}

function touch(trx: Kysely<Schema>, id: string) {
  return trx.updateTable('batches').set({ rev: sql<number>`rev + 1` }).where('id', '=', id).execute()
}

const chunks = <T>(rows: T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, nth) => rows.slice(nth * CHUNK, (nth + 1) * CHUNK))

const readBatch = (row: Selectable<BatchesTable>): Batch => ({ ...row, manifest: JSON.parse(row.manifest) }) as Batch

const readBatchRun = ({ run_index, ...row }: Selectable<BatchRunsTable>): BatchRun =>
  ({ ...row, index: run_index, models: JSON.parse(row.models) }) as BatchRun
