import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'

/** Kysely's SQLite dialect over Node's own `node:sqlite`: safe across processes and after kill -9. */
export function sqliteDialect(file: string): SqliteDialect {
  return new SqliteDialect({ database: async () => openSqlite(file) })
}

/**
 * A second connection to the same file, for reads alone: they see what is committed and never wait for a write. They are over at once, so
 * nobody has to take turns for it; Kysely's turns cost a wake-up of everybody who waits, for each one who is served.
 */
export function sqliteReaderDialect(file: string): SqliteDialect {
  return new ReaderDialect({ database: async () => openSqlite(file) })
}

class ReaderDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new ReaderAdapter()
  }
}

class ReaderAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

function openSqlite(file: string): SqliteDatabase {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const db = new DatabaseSync(file, { timeout: 10_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  const prepared = new Map<string, SqliteStatement>()
  return {
    close: () => db.close(),
    prepare(sql) {
      // A transaction here always writes. Taking the lock at once avoids SQLITE_BUSY_SNAPSHOT when another process writes between.
      const text = sql === 'begin' ? 'begin immediate' : sql
      let statement = prepared.get(text)
      if (!statement) {
        statement = wrap(db.prepare(text))
        if (prepared.size < 500) prepared.set(text, statement)
      }
      return statement
    },
  }
}

function wrap(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}
