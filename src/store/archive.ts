import { createHash, randomInt } from 'node:crypto'
import { type Kysely, type Selectable, SqliteAdapter, sql } from 'kysely'
import {
  type ArchivedRun,
  type ArchiveFilter,
  type ArchiveRow,
  type ArchiveStore,
  indexed,
  matchOf,
  partsOf,
  termsOf,
} from '../core/archive.ts'
import { wordsOf } from '../core/dreams.ts'
import { talkOf } from '../core/log-talk.ts'
import type { ArchiveTable, Schema } from './schema.ts'

/** Words that one part of a search may stand for. */
const MOST_WORDS = 500

export function archiveStore(db: Kysely<Schema>): ArchiveStore {
  const hasIndex = db.getExecutor().adapter instanceof SqliteAdapter

  async function whole(column: 'log_file' | 'run_id', value: string): Promise<ArchivedRun | null> {
    const row = await db
      .selectFrom('archive')
      .innerJoin('archive_texts', 'archive_texts.seq', 'archive.seq')
      .selectAll('archive')
      .select('transcript')
      .where(`archive.${column}`, '=', value)
      .executeTakeFirst()
    return row ? { ...readRow(row), transcript: row.transcript } : null
  }

  /** Words of the archive that hold these, elsewhere than at their beginning; the shortest where there are very many. */
  async function holding(parts: string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>()
    for (const part of hasIndex ? parts : []) {
      const { rows } = await sql<{ word: string }>`select word from archive_words where instr(word, ${part}) > 1
        order by length(word) limit ${MOST_WORDS}`.execute(db)
      found.set(
        part,
        rows.map(({ word }) => word),
      )
    }
    return found
  }

  async function matching(filter: Omit<ArchiveFilter, 'limit'>) {
    let rows = db.selectFrom('archive')
    const match = matchOf(filter.query, await holding(partsOf(filter.query)))
    if (match !== null && hasIndex)
      rows = rows.where(
        sql<boolean>`archive.seq in (select rowid from archive_index where archive_index match ${match})`,
      )
    if (!hasIndex) {
      for (const word of wordsOf(filter.query))
        rows = rows.where(
          sql<boolean>`archive.seq in (select a.seq from archive a join archive_texts t on t.seq = a.seq
            where a.title || ' ' || a.prompt || ' ' || t.transcript ilike ${`%${word.replaceAll(/[%_\\]/g, '\\$&')}%`})`,
        )
    }
    if (filter.template) rows = rows.where('template', '=', filter.template)
    if (filter.exit_reason) rows = rows.where('exit_reason', '=', filter.exit_reason)
    if (filter.since !== undefined) rows = rows.where('created_at', '>=', filter.since)
    if (filter.until !== undefined) rows = rows.where('created_at', '<', filter.until)
    if (filter.model) rows = rows.where('models', 'like', `%${JSON.stringify(filter.model).replaceAll(/[%_]/g, '')}%`)
    const guild = filter.guild_id
    if (guild !== undefined) rows = rows.where((e) => e.or([e('guild_id', '=', guild), e('guild_id', 'is', null)]))
    return { rows }
  }

  return {
    archive: (runs, wanted) =>
      db.transaction().execute(async (trx) => {
        const count = { added: 0, changed: 0, same: 0 }
        for (const { transcript, ...run } of runs) {
          const row = { ...run, models: JSON.stringify(run.models) }
          const digest = createHash('sha256')
            .update(JSON.stringify([row, transcript]))
            .digest('base64url')
          const before = await trx
            .selectFrom('archive')
            .select(['seq', 'digest', 'wanted'])
            .where('log_file', '=', run.log_file)
            .executeTakeFirst()
          if (before?.digest === digest) {
            if (wanted && before.wanted === 0)
              await trx.updateTable('archive').set({ wanted: 1 }).where('seq', '=', before.seq).execute()
            count.same++
            continue
          }
          const flags = { digest, wanted: wanted || before?.wanted === 1 ? 1 : 0, synced: 0 }
          if (before) {
            await trx
              .updateTable('archive')
              .set({ ...row, ...flags })
              .where('seq', '=', before.seq)
              .execute()
            await trx.updateTable('archive_texts').set({ transcript }).where('seq', '=', before.seq).execute()
            count.changed++
          } else count.added++
          const seq =
            before?.seq ??
            (
              await trx
                .insertInto('archive')
                .values({ ...row, ...flags })
                .returning('seq')
                .executeTakeFirstOrThrow()
            ).seq
          if (!before) await trx.insertInto('archive_texts').values({ seq, transcript }).execute()
          await trx.deleteFrom('archive_removals').where('log_file', '=', run.log_file).execute()
          if (hasIndex) {
            const texts = textsOf({ ...run, transcript })
            const words = JSON.stringify(termsOf(texts.join(' ')))
            await sql`insert or ignore into archive_words select value from json_each(${words})`.execute(trx)
            await putIndex(trx, seq, texts)
          }
        }
        return count
      }),

    archived: (logFile) => whole('log_file', logFile),
    async archivedKeys() {
      const rows = await db.selectFrom('archive').select('log_file').execute()
      return rows.map(({ log_file }) => log_file)
    },
    archivedRun: (runId) => whole('run_id', runId),

    async searchArchive(filter) {
      const { rows } = await matching(filter)
      const { total } = await rows.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const page = await rows
        .selectAll('archive')
        .orderBy('created_at', 'desc')
        .orderBy('archive.seq', 'desc')
        .limit(filter.limit)
        .offset(filter.offset ?? 0)
        .execute()
      return { rows: page.map(readRow), total: Number(total) }
    },

    async randomArchived(filter) {
      const { rows } = await matching(filter)
      const { total } = await rows.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      if (Number(total) === 0) return null
      const row = await rows
        .selectAll('archive')
        .orderBy('archive.seq')
        .limit(1)
        .offset(randomInt(Number(total)))
        .executeTakeFirst()
      return row ? readRow(row) : null
    },

    async unsynced(limit) {
      const rows = await db
        .selectFrom('archive')
        .innerJoin('archive_texts', 'archive_texts.seq', 'archive.seq')
        .selectAll('archive')
        .select('transcript')
        .where('wanted', '=', 1)
        .where('synced', '=', 0)
        .orderBy('archive.seq')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...readRow(row), transcript: row.transcript }))
    },

    async synced(logFiles) {
      await db.updateTable('archive').set({ synced: 1 }).where('log_file', 'in', logFiles).execute()
    },

    async wantAll(dryRun = false) {
      if (!dryRun) await db.updateTable('archive').set({ wanted: 1 }).where('wanted', '=', 0).execute()
      const { left } = await db
        .selectFrom('archive')
        .select((e) => e.fn.countAll<number>().as('left'))
        .where('synced', '=', 0)
        .executeTakeFirstOrThrow()
      return Number(left)
    },

    removeArchived: (runId) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('archive')
          .select(['seq', 'log_file', 'wanted'])
          .where('run_id', '=', runId)
          .executeTakeFirst()
        if (!row) return
        await trx.deleteFrom('archive').where('seq', '=', row.seq).execute()
        await trx.deleteFrom('archive_texts').where('seq', '=', row.seq).execute()
        if (hasIndex) await sql`delete from archive_index where rowid = ${row.seq}`.execute(trx)
        if (row.wanted === 1)
          await trx
            .insertInto('archive_removals')
            .values({ log_file: row.log_file })
            .onConflict((c) => c.doNothing())
            .execute()
      }),

    async reindexArchive(most) {
      if (!hasIndex || (await indexedFrom(db)) === null) return 0
      return db.transaction().execute(async (trx) => {
        const from = await indexedFrom(trx)
        if (from === null) return 0
        const rows = await trx
          .selectFrom('archive')
          .innerJoin('archive_texts', 'archive_texts.seq', 'archive.seq')
          .select(['archive.seq', 'run_id', 'title', 'prompt', 'transcript'])
          .where('archive.seq', '<=', from)
          .orderBy('archive.seq', 'desc')
          .limit(most)
          .execute()
        for (const row of rows) await putIndex(trx, row.seq, textsOf(row))
        const next = (rows.at(-1)?.seq ?? 0) - 1
        const { left } = await trx
          .selectFrom('archive')
          .select((e) => e.fn.countAll<number>().as('left'))
          .where('seq', '<=', next)
          .executeTakeFirstOrThrow()
        if (Number(left) === 0) await trx.deleteFrom('facts').where('key', '=', INDEXED_FROM).execute()
        else
          await trx
            .updateTable('facts')
            .set({ value: String(next) })
            .where('key', '=', INDEXED_FROM)
            .execute()
        return Number(left)
      })
    },

    async unsyncedRemovals() {
      const rows = await db.selectFrom('archive_removals').select('log_file').execute()
      return rows.map(({ log_file }) => log_file)
    },

    async removalSynced(logFile) {
      await db.deleteFrom('archive_removals').where('log_file', '=', logFile).execute()
    },
  }
}

/** The fact that names the newest run whose index is still to be brought up to date. */
const INDEXED_FROM = 'archive_index_from'

async function indexedFrom(db: Kysely<Schema>): Promise<number | null> {
  const fact = await db.selectFrom('facts').select('value').where('key', '=', INDEXED_FROM).executeTakeFirst()
  return fact ? Number(fact.value) : null
}

/** What the index holds of a run: title, prompt and what was said. */
const textsOf = (run: Pick<ArchivedRun, 'title' | 'prompt' | 'transcript' | 'run_id'>): [string, string, string] => [
  indexed(run.title),
  indexed(run.prompt),
  indexed(talkOf(run)),
]

async function putIndex(db: Kysely<Schema>, seq: number, [title, prompt, talk]: [string, string, string]) {
  await sql`insert or replace into archive_index(rowid, title, prompt, transcript)
    values (${seq}, ${title}, ${prompt}, ${talk})`.execute(db)
}

function readRow(row: Selectable<ArchiveTable>): ArchiveRow {
  const { log_file, run_id, title, prompt, models, template, max_turns, created_at } = row
  const { duration_sec, exit_reason, dream_id, source, guild_id, thread_id } = row
  const head = { log_file, run_id, title, prompt, models: JSON.parse(models), template, max_turns, created_at }
  return { ...head, duration_sec, exit_reason, dream_id, source, guild_id, thread_id }
}
