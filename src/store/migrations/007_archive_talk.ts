import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** What is archived so far was indexed with its log's frame: it is indexed again from here downwards, little by little. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) return
  await sql`insert into facts (key, value) select 'archive_index_from', max(seq) from archive having max(seq) is not null`.execute(
    db,
  )
}
