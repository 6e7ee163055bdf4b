import type { Kysely } from 'kysely'

/** Which process drives a run or a batch: null is the bot. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('driver', 'text').execute()
  await db.schema.alterTable('batches').addColumn('driver', 'text').execute()
}
