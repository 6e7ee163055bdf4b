import type { Run, Turn } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'

export interface Hit {
  run: Run
  /** Null: the run's title, template or query fits, not one of its turns. */
  turn: Turn | null
  excerpt: string
}

/** Newest first; older runs are not looked at. */
const RUNS = 1000
const PER_RUN = 3
const AROUND = 120

/** Runs in which all words stand together in one turn, or in what the run is about. Case and accents do not matter. */
export async function searchRuns(store: Store, query: string, limit: number): Promise<Hit[]> {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '')
  const fits = (text: string) => {
    const folded = fold(text)
    return words.every((word) => folded.includes(word))
  }
  const hits: Hit[] = []
  if (words.length === 0) return hits
  for (const run of await store.runs({ limit: RUNS })) {
    const { title, template, query, vars } = run.spec
    const turns = (await store.turns(run.id)).filter((turn) => fits(turn.text)).slice(0, PER_RUN)
    for (const turn of turns) hits.push({ run, turn, excerpt: excerpt(turn.text, words) })
    const about = [title, template, query ?? '', vars.DREAM_TEXT ?? ''].join('\n')
    if (turns.length === 0 && fits(about)) hits.push({ run, turn: null, excerpt: excerpt(about, words) })
    if (hits.length >= limit) break
    // A large store must not hold up the conversations.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return hits.slice(0, limit)
}

function excerpt(text: string, words: string[]): string {
  const at = Math.max(0, fold(text).indexOf(words[0] as string))
  const [from, to] = [Math.max(0, at - AROUND), Math.min(text.length, at + AROUND)]
  const cut = text.slice(from, to).toWellFormed().replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
