import { folded } from './dreams.ts'

/** What is kept of a run that has ended, for reading and searching. */
export interface ArchivedRun {
  /** Its key, here and in Supabase: `backrooms_logs/<template>/<log>.txt`, or where the predecessor had it. */
  log_file: string
  /** Null for what was imported. */
  run_id: string | null
  title: string
  /** What seeded it: its query or dream. */
  prompt: string
  /** The log's text. */
  transcript: string
  /** Aliases, in speaking order. */
  models: string[]
  template: string
  max_turns: number | null
  /** ms. */
  created_at: number
  duration_sec: number | null
  exit_reason: string | null
  dream_id: string | null
  source: string | null
  guild_id: string | null
  thread_id: string | null
}

export type ArchiveRow = Omit<ArchivedRun, 'transcript'>

export interface ArchiveFilter {
  /** Each word must occur in title, prompt or in what was said, at least as part of a word (of three letters or more; shorter ones as its beginning); case and accents do not count. */
  query?: string
  model?: string
  template?: string
  /** ms, inclusive. */
  since?: number
  /** ms, exclusive. */
  until?: number
  exit_reason?: string
  /** Runs of this server, and those of none (imported, or from the terminal); absent: all. */
  guild_id?: string
  limit: number
  offset?: number
}

export interface ArchiveStore {
  /** Upserts on `log_file`. `wanted`: it is to go to Supabase too. */
  archive(runs: ArchivedRun[], wanted: boolean): Promise<{ added: number; changed: number; same: number }>
  archived(logFile: string): Promise<ArchivedRun | null>
  /** The `log_file` of each run. */
  archivedKeys(): Promise<string[]>
  archivedRun(runId: string): Promise<ArchivedRun | null>
  /** Newest first, with the number of all that match. */
  searchArchive(filter: ArchiveFilter): Promise<{ rows: ArchiveRow[]; total: number }>
  /** One of those that match. */
  randomArchived(filter: Omit<ArchiveFilter, 'limit'>): Promise<ArchiveRow | null>
  /** Wanted in Supabase, and not there yet (or changed since), oldest first. */
  unsynced(limit: number): Promise<ArchivedRun[]>
  synced(logFiles: string[]): Promise<void>
  /** Everything that is here becomes wanted (not on a dry run). Returns how many are not there yet. */
  wantAll(dryRun?: boolean): Promise<number>
  /** Removes it, and remembers that Supabase may still have it. */
  removeArchived(runId: string): Promise<void>
  /** Brings the index of so many runs up to date, the newest first, after a change of what it holds. Returns how many are left. */
  reindexArchive(most: number): Promise<number>
  /** Log files to be removed from Supabase. */
  unsyncedRemovals(): Promise<string[]>
  removalSynced(logFile: string): Promise<void>
}

/** The observer that puts runs which have ended into the archive: where its cursor is 1, the run is there. */
export const ARCHIVER = 'archive'

/** The day (UTC) on which it began, as people read it. 0: nobody knows. */
export const dayOf = ({ created_at }: Pick<ArchivedRun, 'created_at'>): string =>
  created_at === 0 ? 'no date' : new Date(created_at).toISOString().slice(0, 10)

/** Scripts written without spaces: each character is a word of the index. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/gu

/** Text as the archive's index holds it. */
export const indexed = (text: string): string => folded(text).replaceAll(UNSPACED, ' $& ')

/** The words of a text that is `indexed`, each once. */
export const termsOf = (text: string): string[] => [...new Set(text.match(TERM))]

const TERM = /[\p{L}\p{N}]+/gu

/** Shorter parts than this stand in almost every word. */
export const SHORTEST_PART = 3

/** The words of a search of which other words may hold parts. */
export const partsOf = (query: string | undefined): string[] =>
  searched(query).flatMap(([first, ...more]) =>
    first !== undefined && more.length === 0 && first.length >= SHORTEST_PART ? [first] : [],
  )

/**
 * What is looked up for a search, as an FTS5 expression; null when it has no words. https://sqlite.org/fts5.html#full_text_query_syntax
 *
 * @param holding for each of `partsOf`, words that hold it elsewhere than at their beginning.
 */
export function matchOf(query: string | undefined, holding: ReadonlyMap<string, string[]> = new Map()): string | null {
  const words = searched(query).map((terms) => {
    const begins = `"${terms.join(' ')}" *`
    const others = terms.length === 1 ? (holding.get(terms[0] as string) ?? []) : []
    return others.length === 0 ? begins : `(${[begins, ...others.map((word) => `"${word}"`)].join(' OR ')})`
  })
  return words.length === 0 ? null : words.join(' AND ')
}

/** The terms of each word of a search. */
const searched = (query: string | undefined): string[][] =>
  (query ?? '').split(/\s+/).flatMap((word) => {
    const terms = indexed(word).match(TERM)
    return terms ? [terms] : []
  })

/** The part of a text where the search matches, on one line, with the match in bold; its beginning when it does not match. */
export function snippetOf(text: string, query: string | undefined, length = 160): string {
  const words = (query ?? '').split(/\s+/).flatMap((word) => folded(word).match(/[\p{L}\p{N}]+/gu) ?? [])
  const { flat, places } = flattened(text)
  for (const word of words) {
    const at = wordAt(flat, word)
    if (at === -1) continue
    const from = places[at] ?? 0
    const to = places[at + word.length] ?? text.length
    const before = tidy(text.slice(Math.max(0, from - length / 2), from))
    const after = tidy(text.slice(to, to + length / 2))
    const lead = from > length / 2 ? '…' : ''
    const trail = to + length / 2 < text.length ? '…' : ''
    return `${lead}${before.trimStart()}**${tidy(text.slice(from, to))}**${after.trimEnd()}${trail}`
  }
  const start = tidy(text.slice(0, length)).trim()
  return text.length > length ? `${start}…` : start
}

/** Where a word begins with it; else where it occurs at all. */
function wordAt(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? ''
    if (!/[\p{L}\p{N}]/u.test(before) || indexed(word) !== word) return at
  }
  return text.indexOf(word)
}

/** The folded text, and for each of its code units the place in the original. */
function flattened(text: string): { flat: string; places: number[] } {
  let flat = ''
  const places: number[] = []
  let at = 0
  for (const character of text) {
    const plain = folded(character)
    for (let unit = 0; unit < plain.length; unit++) places.push(at)
    flat += plain
    at += character.length
  }
  places.push(at)
  return { flat, places }
}

/** On one line, and nothing in it reads as markdown. */
const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\uFFFD', '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([\\*_~`|>#[\]<@])/g, '\\$1')
