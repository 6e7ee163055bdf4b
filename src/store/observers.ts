import type { Kysely } from 'kysely'
import type { ObserverMemory, ObserverStore } from '../core/store.ts'
import type { Schema } from './schema.ts'
import type { Writer } from './writer.ts'

export function observerStore(db: Kysely<Schema>, writer: Writer): ObserverStore {
  return {
    async observer(runId, name) {
      const row = await db
        .selectFrom('observers')
        .select(['cursor', 'memory'])
        .where('run_id', '=', runId)
        .where('name', '=', name)
        .orderBy('cursor', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? { name, cursor: row.cursor, memory: JSON.parse(row.memory) } : { name, cursor: -1, memory: null }
    },
    saveObserver: (runId, memory) =>
      writer.write(async (trx) => {
        await trx.deleteFrom('observers').where('run_id', '=', runId).where('name', '=', memory.name).execute()
        await insertObserver(trx, runId, memory)
      }),
    async observers(runId) {
      const rows = await db
        .selectFrom('observers')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('name')
        .orderBy('cursor')
        .execute()
      return rows.map((row) => ({ name: row.name, cursor: row.cursor, memory: JSON.parse(row.memory) }))
    },
  }
}

/** The same round twice leaves one row: an observer that was killed between two steps repeats the second. */
export async function insertObserver(trx: Kysely<Schema>, runId: string, memory: ObserverMemory): Promise<void> {
  const text = JSON.stringify(memory.memory ?? null)
  await trx
    .insertInto('observers')
    .values({ run_id: runId, name: memory.name, cursor: memory.cursor, memory: text })
    .onConflict((c) => c.columns(['run_id', 'name', 'cursor']).doUpdateSet({ memory: text }))
    .execute()
}
