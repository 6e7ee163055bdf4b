import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** Which run a run was forked from, beside its spec, so that a run's forks are found without reading every spec. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('forked_from', 'text').execute()
  const origin =
    db.getExecutor().adapter instanceof SqliteAdapter
      ? sql`json_extract(spec, '$.lineage.run_id')`
      : sql`spec::json #>> '{lineage,run_id}'`
  await sql`update runs set forked_from = ${origin} where ${origin} is not null`.execute(db)
  await db.schema.createIndex('runs_by_origin').on('runs').column('forked_from').execute()
}
