/**
 * The world on disk: one SQLite file, written through.
 * WAL with synchronous=NORMAL: a commit survives the death of this process at any moment (not a power cut), which is what is promised.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Blob, MessageQuery, Storage, StoredMessage } from '../core/storage.ts'

interface MessageRow {
  ephemeral_for: string | null
  interaction_id: string | null
  body: string
}

function fromRow(row: MessageRow): StoredMessage {
  return {
    message: JSON.parse(row.body) as StoredMessage['message'],
    ...(row.ephemeral_for === null ? {} : { ephemeral_for: row.ephemeral_for }),
    ...(row.interaction_id === null ? {} : { interaction_id: row.interaction_id }),
  }
}

const NEWEST = 9223372036854775807n

/** An id as SQLite holds it: people may ask for numbers that are larger than any. */
function toInteger(id: string): bigint {
  const value = BigInt(id)
  return value > NEWEST ? NEWEST : value
}

/** @param file a path, or `:memory:` */
export function openSqlite(file: string): Storage {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const db = new DatabaseSync(file)
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS things (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS messages (
      id INTEGER PRIMARY KEY, channel_id TEXT NOT NULL, ephemeral_for TEXT, interaction_id TEXT, body TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS messages_by_channel ON messages (channel_id, id);
    CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, name TEXT NOT NULL, content_type TEXT NOT NULL, bytes BLOB NOT NULL);
  `)
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    const known = statements.get(text)
    if (known) return known
    const made = db.prepare(text)
    statements.set(text, made)
    return made
  }
  const columns = 'ephemeral_for, interaction_id, body'

  return {
    all: <T>(kind: string) =>
      (sql('SELECT body FROM things WHERE kind = ? ORDER BY length(id), id').all(kind) as { body: string }[]).map(
        (row) => JSON.parse(row.body) as T,
      ),
    put: (kind, id, value) => {
      sql('INSERT OR REPLACE INTO things (kind, id, body) VALUES (?, ?, ?)').run(kind, id, JSON.stringify(value))
    },
    remove: (kind, id) => {
      sql('DELETE FROM things WHERE kind = ? AND id = ?').run(kind, id)
    },
    message: (id) => {
      const row = sql(`SELECT ${columns} FROM messages WHERE id = ?`).get(toInteger(id)) as unknown as
        | MessageRow
        | undefined
      return row && fromRow(row)
    },
    putMessage: ({ message, ephemeral_for, interaction_id }) => {
      sql(
        'INSERT OR REPLACE INTO messages (id, channel_id, ephemeral_for, interaction_id, body) VALUES (?, ?, ?, ?, ?)',
      ).run(
        BigInt(message.id),
        message.channel_id,
        ephemeral_for ?? null,
        interaction_id ?? null,
        JSON.stringify(message),
      )
    },
    removeMessage: (id) => {
      sql('DELETE FROM messages WHERE id = ?').run(toInteger(id))
    },
    removeMessagesOf: (channelId) => {
      sql('DELETE FROM messages WHERE channel_id = ?').run(channelId)
    },
    messages: (query: MessageQuery) => {
      const oldestFirst = query.after !== undefined && query.before === undefined
      const rows = sql(
        `SELECT ${columns} FROM messages WHERE channel_id = ? AND id > ? AND id < ? ORDER BY id ${oldestFirst ? 'ASC' : 'DESC'} LIMIT ?`,
      ).all(
        query.channel_id,
        toInteger(query.after ?? '0'),
        query.before === undefined ? NEWEST : toInteger(query.before),
        query.limit,
      ) as unknown as MessageRow[]
      return (oldestFirst ? rows.reverse() : rows).map(fromRow)
    },
    newestMessageId: () => {
      const row = sql('SELECT CAST(max(id) AS TEXT) AS id FROM messages').get() as { id: string | null }
      return row.id ?? undefined
    },
    putBlob: (id, blob: Blob) => {
      sql('INSERT OR REPLACE INTO blobs (id, name, content_type, bytes) VALUES (?, ?, ?, ?)').run(
        id,
        blob.name,
        blob.content_type,
        blob.bytes,
      )
    },
    blob: (id) => {
      const row = sql('SELECT name, content_type, bytes FROM blobs WHERE id = ?').get(id) as unknown as Blob | undefined
      return row && { name: row.name, content_type: row.content_type, bytes: row.bytes }
    },
    removeBlob: (id) => {
      sql('DELETE FROM blobs WHERE id = ?').run(id)
    },
    begin: () => db.exec('BEGIN IMMEDIATE'),
    commit: () => db.exec('COMMIT'),
    rollback: () => db.exec('ROLLBACK'),
    close: () => db.close(),
  }
}
