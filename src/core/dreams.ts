/** A row that seeds a run: a dream, or an item of any other table. */
export interface Dream {
  id: string
  /** The text, after the fallback fields were tried; may be empty. */
  content: string
  /** As it stands in the source, normally ISO 8601. */
  date: string | null
  /** Whose it is: `mine`, `rsos`, any other. */
  source: string | null
  /** The whole row as the source gave it. */
  fields: Record<string, unknown>
}

/** What to find; `data_source` of a config has this shape. */
export interface DreamQuery {
  table: string
  /** Every word of it must occur in `search_column`, as part of a word at least. */
  query?: string
  search_column: string
  /** At most so many. */
  limit: number
  /** `all`: whosever. */
  source: string
  /** Null: rows are not told apart by source. */
  source_column: string | null
  /** These and no others, in this order. */
  ids?: string[]
  order_column: string
  order_desc: boolean
  id_column: string
  content_field: string
  content_fallback_fields: string[]
  /** The first that has a value is the date. */
  date_fields: string[]
  require_content: boolean
  /** Columns to ask for; absent: all. */
  select?: string[]
}

/** Where dreams come from. */
export interface DreamSource {
  /** As people call it: `the local store`, `Supabase`. */
  readonly name: string
  /** In the order asked for. Throws UserError when the source cannot answer, naming the cause and the remedy. */
  find(query: DreamQuery): Promise<Dream[]>
  /** Adds dreams, or replaces those of the same id. Throws UserError. */
  put(dreams: NewDream[]): Promise<Put>
}

export interface NewDream {
  id: string
  content: string
  date: string | null
  source: string | null
  /** Columns beside these four. */
  more: Record<string, unknown>
}

export interface Put {
  added: number
  changed: number
  same: number
}

/** The local store's dreams. */
export interface DreamStore {
  findDreams(query: DreamQuery): Promise<Dream[]>
  putDreams(dreams: NewDream[]): Promise<Put>
}

/** A plain search among dreams, every other option at its default. */
export function dreamQuery(more: Partial<DreamQuery> = {}): DreamQuery {
  return {
    table: 'dreams',
    search_column: 'content',
    limit: 200,
    source: 'all',
    source_column: 'source',
    order_column: 'date',
    order_desc: true,
    id_column: 'id',
    content_field: 'content',
    content_fallback_fields: [],
    date_fields: [],
    require_content: true,
    ...more,
  }
}

/** Reads a row as a dream. */
export function dreamOf(row: Record<string, unknown>, query: DreamQuery): Dream {
  const content = [query.content_field, ...query.content_fallback_fields]
    .map((field) => textOf(row[field]))
    .find((text) => text.trim() !== '')
  const date = [...query.date_fields, 'date'].map((field) => textOf(row[field])).find((text) => text !== '')
  const source = query.source_column === null ? '' : textOf(row[query.source_column])
  return {
    id: textOf(row[query.id_column]),
    content: content ?? '',
    date: date ?? null,
    source: source === '' ? null : source,
    fields: row,
  }
}

/** A field as text: nothing for null, JSON for what is no plain value. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The words of a search, each of which must occur. */
export const wordsOf = (query: string | undefined): string[] => (query ?? '').split(/\s+/).filter((word) => word !== '')

/** Text as it is searched: without accents, in lower case, in one form of every character. */
export const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
