import { type Kysely, type OrderByItemBuilder, type RawBuilder, SqliteAdapter, sql } from 'kysely'
import {
  type Dream,
  type DreamQuery,
  type DreamStore,
  dreamOf,
  folded,
  type NewDream,
  textOf,
  wordsOf,
} from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import type { Schema } from './schema.ts'

const COLUMNS = ['id', 'content', 'date', 'source'] as const
type Column = (typeof COLUMNS)[number]

/** Rows written in one statement, well below SQLite's limit of parameters. */
const CHUNK = 200
/** So many dreams are read through before the index is asked. */
const FIRST = 3000

export function dreamStore(db: Kysely<Schema>): DreamStore {
  const indexed = db.getExecutor().adapter instanceof SqliteAdapter

  return {
    async findDreams(query) {
      if (query.table !== 'dreams')
        throw new UserError(
          `The local store holds only the table \`dreams\`, not \`${query.table}\`: set SUPABASE_URL and SUPABASE_KEY to read others.`,
        )
      const words = wordsOf(query.query).map(folded)
      const inContent = query.search_column === 'content'
      const plain = inContent && query.content_field === 'content' && query.content_fallback_fields.length === 0
      const passes = (dream: Dream) =>
        (!query.require_content || dream.content.trim() !== '') &&
        (inContent || containsAll(textOf(dream.fields[query.search_column]), words)) &&
        (query.source === 'all' ||
          query.source_column === null ||
          textOf(dream.fields[query.source_column]) === query.source)

      async function among(onlyUntil: string | null): Promise<Dream[]> {
        let rows = db.selectFrom('dreams').select([...COLUMNS, 'more'])
        const found = inContent ? conditions(words, { indexed, byIndex: indexed && onlyUntil === null }) : []
        for (const condition of found) rows = rows.where(condition)
        if (onlyUntil !== null) rows = rows.where('date', query.order_desc ? '>=' : '<=', onlyUntil)
        if (query.source !== 'all' && query.source_column === 'source') rows = rows.where('source', '=', query.source)
        if (query.ids) rows = rows.where('id', 'in', query.ids)
        else {
          const order = (o: OrderByItemBuilder) => (query.order_desc ? o.desc() : o.asc()).nullsLast()
          rows = rows
            .orderBy(columnOf(query.order_column, 'order_column'), order)
            .orderBy('seq', query.order_desc ? 'desc' : 'asc')
        }
        if (plain && query.require_content) rows = rows.where(sql<boolean>`trim(content) <> ''`)
        if (plain && !query.ids) rows = rows.limit(query.limit)
        const read = (await rows.execute()).map(({ more, ...row }) => dreamOf({ ...JSON.parse(more), ...row }, query))
        return inOrderOf(query, read.filter(passes)).slice(0, query.limit)
      }

      // A common word is found soon enough among the first, while the index would bring up all that have it.
      if (indexed && plain && words.length > 0 && !query.ids && query.order_column === 'date') {
        const last = await db
          .selectFrom('dreams')
          .select('date')
          .where('date', 'is not', null)
          .orderBy('date', query.order_desc ? 'desc' : 'asc')
          .offset(FIRST)
          .limit(1)
          .executeTakeFirst()
        const found = last?.date ? await among(last.date) : []
        if (found.length >= query.limit) return found
      }
      return among(null)
    },

    putDreams: (dreams) =>
      db.transaction().execute(async (trx) => {
        const put = { added: 0, changed: 0, same: 0 }
        for (let at = 0; at < dreams.length; at += CHUNK) {
          const chunk = [...new Map(dreams.slice(at, at + CHUNK).map((dream) => [dream.id, dream])).values()]
          const known = await trx
            .selectFrom('dreams')
            .select([...COLUMNS, 'more'])
            .where(
              'id',
              'in',
              chunk.map(({ id }) => id),
            )
            .execute()
          const before = new Map(known.map((row) => [row.id, JSON.stringify(row)]))
          const rows = chunk.map(rowOf).filter((row) => {
            const { folded: _, ...shown } = row
            const was = before.get(row.id)
            const isSame = was === JSON.stringify(shown)
            if (isSame) put.same++
            else if (was === undefined) put.added++
            else put.changed++
            return !isSame
          })
          if (rows.length === 0) continue
          await trx
            .insertInto('dreams')
            .values(rows)
            .onConflict((c) =>
              c.column('id').doUpdateSet((e) => ({
                content: e.ref('excluded.content'),
                date: e.ref('excluded.date'),
                source: e.ref('excluded.source'),
                more: e.ref('excluded.more'),
                folded: e.ref('excluded.folded'),
              })),
            )
            .execute()
        }
        return put
      }),
  }
}

/** By the index of trigrams, words of three letters and more are looked up there; others in the text itself. */
function conditions(
  words: string[],
  { indexed, byIndex }: { indexed: boolean; byIndex: boolean },
): RawBuilder<boolean>[] {
  const long = byIndex ? words.filter((word) => [...word].length >= 3) : []
  const rest = words.filter((word) => !long.includes(word))
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')
  return [
    ...(long.length > 0
      ? [sql<boolean>`seq in (select rowid from dreams_index where dreams_index match ${match})`]
      : []),
    ...rest.map((word) =>
      indexed ? sql<boolean>`instr(folded, ${word}) > 0` : sql<boolean>`position(${word} in folded) > 0`,
    ),
  ]
}

function containsAll(text: string, words: string[]): boolean {
  const there = folded(text)
  return words.every((word) => there.includes(word))
}

function inOrderOf(query: DreamQuery, dreams: Dream[]): Dream[] {
  if (!query.ids) return dreams
  const byId = new Map(dreams.map((dream) => [dream.id, dream]))
  return query.ids.flatMap((id) => byId.get(id) ?? [])
}

function columnOf(name: string, where: string): Column {
  const column = COLUMNS.find((each) => each === name)
  if (column) return column
  throw new UserError(`${where}: the local store has no column \`${name}\`; it has ${COLUMNS.join(', ')}.`)
}

function rowOf({ id, content, date, source, more }: NewDream) {
  return { id, content, date, source, more: JSON.stringify(more), folded: folded(content) }
}
