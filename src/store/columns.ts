import { type ColumnDefinitionBuilderCallback, type Kysely, SqliteAdapter } from 'kysely'

/** A row number that only grows: `integer primary key autoincrement` in SQLite, `bigserial` in Postgres. */
export function serial(db: Kysely<unknown>): ['integer' | 'bigserial', ColumnDefinitionBuilderCallback] {
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? ['integer', (c) => c.primaryKey().autoIncrement()]
    : ['bigserial', (c) => c.primaryKey()]
}
