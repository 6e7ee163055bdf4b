import type { Kysely } from 'kysely'
import type { PreviewStore } from '../core/store.ts'
import type { Schema } from './schema.ts'
import type { Writer } from './writer.ts'

export function previewStore(db: Kysely<Schema>, writer: Writer): PreviewStore {
  return {
    async previewIntended(runId, part) {
      const row = await writer.write((trx) =>
        trx
          .insertInto('previews')
          .values({ run_id: runId, part, message_id: null, created_at: Date.now() })
          .returning('id')
          .executeTakeFirstOrThrow(),
      )
      return row.id
    },
    async previewPosted(id, messageId) {
      await writer.write((trx) =>
        trx.updateTable('previews').set({ message_id: messageId }).where('id', '=', id).execute(),
      )
    },
    previews: (runId) =>
      db.selectFrom('previews').selectAll().where('run_id', '=', runId).orderBy('part').orderBy('id').execute(),
    async previewGone(id) {
      await writer.write((trx) => trx.deleteFrom('previews').where('id', '=', id).execute())
    },
    async runsWithPreviews() {
      const rows = await db.selectFrom('previews').select('run_id').distinct().execute()
      return rows.map((row) => row.run_id)
    },
  }
}
