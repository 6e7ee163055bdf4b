import type { Kysely } from 'kysely'

/** What is owed goes by rank: the conversation first, then what is posted aside, then what closes a thread. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('deliveries')
    .addColumn('rank', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}
