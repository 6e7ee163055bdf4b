import {
  type Dream,
  type DreamQuery,
  type DreamSource,
  dreamOf,
  type NewDream,
  textOf,
  wordsOf,
} from '../core/dreams.ts'
import type { Client } from '../supabase/client.ts'
import { type Answer, dataOf } from '../supabase/failure.ts'

/** Rows a request brings; Supabase gives at most 1,000 by default. */
const PAGE = 1000
/** Pages that are read at most. */
const PAGES = 50
/** Ids in one request: they go into its address. */
const IDS = 100

type Row = Record<string, unknown>

/** Dreams from the person's own Supabase: by the function `dreams_search` where it exists, else by `ilike` on every word. */
export function supabaseDreams(client: Client): DreamSource {
  /** Null until it was tried. */
  let hasFunction: boolean | null = null

  async function find(query: DreamQuery): Promise<Dream[]> {
    const words = wordsOf(query.query)
    if (query.ids) return byIds(query, query.ids, words)
    const plain = query.table === 'dreams' && query.search_column === 'content' && query.content_field === 'content'
    if (plain && words.length > 0 && hasFunction !== false) {
      const found = await byFunction(query)
      if (found) return found
    }
    return byWords(query, words)
  }

  /** Null where the database has no such function. */
  async function byFunction(query: DreamQuery): Promise<Dream[] | null> {
    const rows = new Map<string, Row>()
    for (let page = 0; page < PAGES; page++) {
      const args = { q: query.query, limit: PAGE, offset: page * PAGE }
      const answer = (await client.rpc('dreams_search', args)) as Answer<Row[]>
      // https://docs.postgrest.org/en/stable/references/errors.html
      if (answer.error?.code === 'PGRST202' || answer.error?.code === '42883') {
        hasFunction = false
        return null
      }
      const more = dataOf(answer, { table: 'dreams_search', verb: 'read' })
      const before = rows.size
      for (const row of more) rows.set(textOf(row[query.id_column]), row)
      // A function of one's own may know no pages and give the same again.
      if (more.length < PAGE || rows.size === before) break
    }
    hasFunction = true
    // The function knows no filters and has an order of its own.
    const wanted = [...rows.values()].filter((row) => ofSource(row, query)).sort(byOrder(query))
    return wanted
      .map((row) => dreamOf(row, query))
      .filter((dream) => hasText(dream, query))
      .slice(0, query.limit)
  }

  async function byWords(query: DreamQuery, words: string[]): Promise<Dream[]> {
    const dreams: Dream[] = []
    for (let page = 0; page < PAGES && dreams.length < query.limit; page++) {
      const size = Math.min(PAGE, Math.max(query.limit, 100))
      let request = client.from(query.table).select(columnsOf(query))
      for (const word of words) request = request.ilike(query.search_column, `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`)
      if (query.source !== 'all' && query.source_column !== null)
        request = request.eq(query.source_column, query.source)
      const answer = await request
        .order(query.order_column, { ascending: !query.order_desc, nullsFirst: false })
        .order(query.id_column, { ascending: !query.order_desc })
        .range(page * size, page * size + size - 1)
      const rows = dataOf(answer as unknown as Answer<Row[]>, { table: query.table, verb: 'read' })
      // PostgREST reads * as any text: rows that match only because of that are left out here.
      const exact = rows.filter((row) => hasWords(row, query, words))
      dreams.push(...exact.map((row) => dreamOf(row, query)).filter((dream) => hasText(dream, query)))
      if (rows.length < size) break
    }
    return dreams.slice(0, query.limit)
  }

  async function byIds(query: DreamQuery, ids: string[], words: string[]): Promise<Dream[]> {
    const found = new Map<string, Dream>()
    for (let at = 0; at < ids.length; at += IDS) {
      const answer = await client
        .from(query.table)
        .select(columnsOf(query))
        .in(query.id_column, ids.slice(at, at + IDS))
      for (const row of dataOf(answer as unknown as Answer<Row[]>, { table: query.table, verb: 'read' })) {
        const dream = dreamOf(row, query)
        if (ofSource(row, query) && hasWords(row, query, words) && hasText(dream, query)) found.set(dream.id, dream)
      }
    }
    return ids.flatMap((id) => found.get(id) ?? []).slice(0, query.limit)
  }

  return {
    name: 'Supabase',
    find,
    async put(dreams) {
      const put = { added: 0, changed: 0, same: 0 }
      for (let at = 0; at < dreams.length; at += IDS) {
        const rows = dreams.slice(at, at + IDS).map(rowOf)
        const answer = await client
          .from('dreams')
          .select('id,content,date,source')
          .in(
            'id',
            rows.map(({ id }) => id),
          )
        const known = dataOf(answer as unknown as Answer<Row[]>, { table: 'dreams', verb: 'read' })
        const before = new Map(known.map((row) => [textOf(row.id), row]))
        const fresh = rows.filter((row) => {
          const was = before.get(row.id)
          const isSame =
            was !== undefined &&
            was.content === row.content &&
            textOf(was.source) === textOf(row.source) &&
            sameDate(was.date, row.date)
          if (isSame) put.same++
          else if (was === undefined) put.added++
          else put.changed++
          return !isSame
        })
        if (fresh.length === 0) continue
        const written = await client.from('dreams').upsert(fresh, { onConflict: 'id' })
        dataOf(written as unknown as Answer<null>, { table: 'dreams', verb: 'write' })
      }
      return put
    },
  }
}

/** Postgres writes a date in its own form. */
const sameDate = (a: unknown, b: string | null): boolean =>
  textOf(a) === textOf(b) || (b !== null && Date.parse(textOf(a)) === Date.parse(b))

const rowOf = ({ id, content, date, source }: NewDream) => ({ id, content, date, source })

/** What was asked for, with what is needed to read a row. */
function columnsOf({ select, id_column, content_field, source_column }: DreamQuery): string {
  if (!select || select.includes('*')) return '*'
  const needed = [id_column, content_field, ...(source_column === null ? [] : [source_column])]
  return [...new Set([...select, ...needed])].join(',')
}

const ofSource = (row: Row, { source, source_column }: DreamQuery): boolean =>
  source === 'all' || source_column === null || textOf(row[source_column]) === source

const hasText = (dream: Dream, query: DreamQuery): boolean => !query.require_content || dream.content.trim() !== ''

function hasWords(row: Row, { search_column }: DreamQuery, words: string[]): boolean {
  // A column that was not asked for was searched all the same.
  if (words.length === 0 || !(search_column in row)) return true
  const text = textOf(row[search_column]).toLowerCase()
  return words.every((word) => text.includes(word.toLowerCase()))
}

function byOrder({ order_column, order_desc }: DreamQuery): (a: Row, b: Row) => number {
  return (a, b) => {
    const [x, y] = [a[order_column], b[order_column]]
    if (x == null || y == null) return Number(x == null) - Number(y == null)
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : textOf(x) < textOf(y)
          ? -1
          : textOf(x) > textOf(y)
            ? 1
            : 0
    return order_desc ? -order : order
  }
}
