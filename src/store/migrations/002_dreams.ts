import { type Kysely, SqliteAdapter, sql } from 'kysely'
import { serial } from '../columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dreams')
    .addColumn('seq', ...serial(db))
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('date', 'text')
    .addColumn('source', 'text')
    .addColumn('more', 'text', (c) => c.notNull())
    .addColumn('folded', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('dreams_by_date').on('dreams').columns(['date', 'seq']).execute()
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) return
  // Trigrams find parts of words without reading every dream. https://sqlite.org/fts5.html#the_trigram_tokenizer
  for (const statement of [
    sql`create virtual table dreams_index using fts5(folded, content='dreams', content_rowid='seq', tokenize='trigram case_sensitive 1')`,
    sql`create trigger dreams_added after insert on dreams begin
      insert into dreams_index(rowid, folded) values (new.seq, new.folded);
    end`,
    sql`create trigger dreams_changed after update of folded on dreams begin
      insert into dreams_index(dreams_index, rowid, folded) values ('delete', old.seq, old.folded);
      insert into dreams_index(rowid, folded) values (new.seq, new.folded);
    end`,
    sql`create trigger dreams_removed after delete on dreams begin
      insert into dreams_index(dreams_index, rowid, folded) values ('delete', old.seq, old.folded);
    end`,
  ])
    await statement.execute(db)
}
