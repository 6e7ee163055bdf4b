import { setTimeout as sleep } from 'node:timers/promises'
import { actorsNow } from '../../core/actors.ts'
import { UserError } from '../../core/errors.ts'
import type { Run, Turn } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'

/** Characters of turns in one answer; the next page has the rest. */
const PAGE = 40_000
const LOOK_EVERY_MS = 400

/** A run as programs see it. */
export function runFacts(run: Run) {
  const { spec, state } = run
  return {
    run_id: run.id,
    title: spec.title,
    template: spec.template,
    actors: actorsNow(run).map(({ name, model }) => ({ name, model: model.alias })),
    status: run.status,
    end_reason: run.end_reason,
    status_text: run.status_text,
    turns: run.next_index,
    cost: Math.round(((state.usage.cost ?? 0) + state.side_cost) * 1e6) / 1e6,
    thread_id: run.thread_id,
    started_by: run.starter_name,
    started: new Date(run.created_at).toISOString(),
    ended: run.ended_at === null ? null : new Date(run.ended_at).toISOString(),
  }
}

/** One line of a list, for models. */
export function runLine(run: Run): string {
  const facts = runFacts(run)
  const state = facts.end_reason === null ? facts.status : `ended: ${facts.end_reason}`
  const actors = facts.actors.map(({ name }) => name).join(', ')
  return `${facts.run_id} · ${facts.title} · ${facts.template} · ${actors} · ${state} · ${facts.turns} turns · $${facts.cost} · ${facts.started}`
}

export async function requireRun(store: Store, id: string): Promise<Run> {
  const run = await store.run(id)
  if (!run) throw new UserError(`There is no run "${id.slice(0, 60)}"; list_runs shows those there are.`)
  return run
}

export interface Page {
  run: Run
  turns: Turn[]
  /** Where to read on; null while there is nothing more. */
  next: number | null
}

/** Turns from an index on, as many as fit. Waits up to `waitMs` for the first of them while the run goes. */
export async function readPage(
  store: Store,
  id: string,
  { from, limit, waitMs, signal }: { from: number; limit: number; waitMs: number; signal: AbortSignal },
): Promise<Page> {
  const until = Date.now() + waitMs
  for (;;) {
    const run = await requireRun(store, id)
    const there = run.next_index > from ? (await store.turns(id)).filter((turn) => turn.turn_index >= from) : []
    if (there.length > 0 || run.status !== 'going' || Date.now() >= until || signal.aborted) {
      const turns = fitting(there.slice(0, limit))
      const last = turns.at(-1)
      return { run, turns, next: last && turns.length < there.length ? last.turn_index + 1 : null }
    }
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(1, until - Date.now())))
  }
}

function fitting(turns: Turn[]): Turn[] {
  let size = 0
  const fits = turns.findIndex((turn) => {
    size += turn.text.length
    return size > PAGE
  })
  return fits < 0 ? turns : turns.slice(0, Math.max(1, fits))
}
