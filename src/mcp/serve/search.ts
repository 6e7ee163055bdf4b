import { ARCHIVER, indexed, SHORTEST_PART } from '../../core/archive.ts'
import { talkOf } from '../../core/log-talk.ts'
import type { Run, Turn } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'

export interface Hit {
  /** Null: an imported log, of which there is no run. */
  run_id: string | null
  /** Of what is in the archive: its key there. */
  log_file: string | null
  title: string
  /** Null: not one of its turns holds all words; they stand in its title, its prompt, or in several turns. */
  turn: Turn | null
  excerpt: string
}

const PER_RUN = 3
const AROUND = 120

/**
 * Where all words of a query stand, each at least as part of a word (short ones as its beginning); case and accents do not matter. Runs that have ended are
 * looked up in the archive's index; those that go on, or ended just now, are read. `runs`: how many match in all.
 */
export async function searchRuns(store: Store, query: string, limit: number): Promise<{ hits: Hit[]; runs: number }> {
  const words = indexed(query).match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length === 0) return { hits: [], runs: 0 }
  const places = words.map((word) => new RegExp(word.length < SHORTEST_PART ? `(?<![\\p{L}\\p{N}])${word}` : word, 'u'))
  const fits = (text: string) => {
    const plain = indexed(text)
    return places.every((place) => place.test(plain))
  }
  const found: Hit[][] = []
  for (const run of await notArchived(store)) {
    const hits = hitsOf(run, await store.turns(run.id), fits, words)
    if (hits.length > 0) found.push(hits)
  }
  const { rows, total } = await store.searchArchive({ query, limit })
  const runs = found.length + total
  for (const row of rows) {
    if (found.flat().length >= limit) break
    const run = row.run_id === null ? null : await store.run(row.run_id)
    const hits = run ? hitsOf(run, await store.turns(run.id), fits, words) : []
    const whole = hits.length > 0 ? null : await store.archived(row.log_file)
    const text = [row.title, row.prompt, whole ? talkOf(whole) : ''].join('\n')
    const anywhere = { run_id: row.run_id, title: row.title, turn: null, excerpt: excerpt(text, words) }
    found.push((hits.length > 0 ? hits : [anywhere]).map((hit) => ({ ...hit, log_file: row.log_file })))
  }
  return { hits: found.flat().slice(0, limit), runs }
}

/** Newest first. */
async function notArchived(store: Store): Promise<Run[]> {
  const live = await store.runs({ status: ['going', 'paused'] })
  return [...live, ...(await store.runs({ unfinished_by: ARCHIVER }))].sort((a, b) => b.created_at - a.created_at)
}

function hitsOf(run: Run, turns: Turn[], fits: (text: string) => boolean, words: string[]): Hit[] {
  const { title, template, query, vars } = run.spec
  const about = { run_id: run.id, log_file: null, title }
  const found = turns.filter((turn) => fits(turn.text)).slice(0, PER_RUN)
  if (found.length > 0) return found.map((turn) => ({ ...about, turn, excerpt: excerpt(turn.text, words) }))
  const seed = [title, template, query ?? '', vars.DREAM_TEXT ?? ''].join('\n')
  return fits(seed) ? [{ ...about, turn: null, excerpt: excerpt(seed, words) }] : []
}

function excerpt(text: string, words: string[]): string {
  const at = Math.max(0, fold(text).indexOf(words[0] as string))
  const [from, to] = [Math.max(0, at - AROUND), Math.min(text.length, at + AROUND)]
  const cut = text.slice(from, to).toWellFormed().replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
