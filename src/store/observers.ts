import type { Kysely } from 'kysely'
import type { ObserverStore } from '../core/store.ts'
import type { Schema } from './schema.ts'

export function observerStore(db: Kysely<Schema>): ObserverStore {
  return {
    async observer(runId, name) {
      const row = await db
        .selectFrom('observers')
        .select(['cursor', 'memory'])
        .where('run_id', '=', runId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row ? { cursor: row.cursor, memory: JSON.parse(row.memory) } : { cursor: -1, memory: null }
    },
    async saveObserver(runId, name, cursor, memory) {
      await db
        .insertInto('observers')
        .values({ run_id: runId, name, cursor, memory: JSON.stringify(memory) })
        .onConflict((c) => c.columns(['run_id', 'name']).doUpdateSet({ cursor, memory: JSON.stringify(memory) }))
        .execute()
    },
    async observers(runId) {
      const rows = await db.selectFrom('observers').selectAll().where('run_id', '=', runId).orderBy('name').execute()
      return rows.map((row) => ({ name: row.name, cursor: row.cursor, memory: JSON.parse(row.memory) }))
    },
  }
}
