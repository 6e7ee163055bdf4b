import { type Kysely, SqliteAdapter, sql } from 'kysely'
import { serial } from '../columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('archive')
    .addColumn('seq', ...serial(db))
    .addColumn('log_file', 'text', (c) => c.notNull().unique())
    .addColumn('run_id', 'text', (c) => c.unique())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('prompt', 'text', (c) => c.notNull())
    .addColumn('models', 'text', (c) => c.notNull())
    .addColumn('template', 'text', (c) => c.notNull())
    .addColumn('max_turns', 'integer')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('duration_sec', 'integer')
    .addColumn('exit_reason', 'text')
    .addColumn('dream_id', 'text')
    .addColumn('source', 'text')
    .addColumn('guild_id', 'text')
    .addColumn('thread_id', 'text')
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('wanted', 'integer', (c) => c.notNull())
    .addColumn('synced', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('archive_by_date').on('archive').column('created_at').execute()
  await db.schema.createIndex('archive_by_sync').on('archive').columns(['wanted', 'synced', 'seq']).execute()
  // Apart from the rows, so that filters and lists never read past it.
  await db.schema
    .createTable('archive_texts')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('transcript', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('archive_removals')
    .addColumn('log_file', 'text', (c) => c.primaryKey())
    .execute()
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) return
  // Holds no text of its own: that is in the two tables. https://sqlite.org/fts5.html#contentless_delete_tables
  await sql`create virtual table archive_index using fts5(title, prompt, transcript, content='', contentless_delete=1, tokenize='unicode61')`.execute(
    db,
  )
}
