import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** Every word that the archive's index holds, so that a search finds parts of words too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) return
  await sql`create table archive_words (word text primary key) without rowid`.execute(db)
  // https://sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
  await sql`create virtual table archive_vocabulary using fts5vocab(archive_index, row)`.execute(db)
  await sql`insert into archive_words select term from archive_vocabulary`.execute(db)
  await sql`drop table archive_vocabulary`.execute(db)
}
