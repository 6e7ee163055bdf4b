import { money } from './figures.ts'
import type { Actor, EndReason, Run, Turn } from './run.ts'
import { roughTokens } from './tokens.ts'

export interface End {
  reason: EndReason
  /** One sentence of detail. */
  text: string
}

/** A reason to end before the next call, or null. Each is one small rule; the first that speaks wins. */
export function endBeforeCall(run: Run, turns: Turn[], index: number): End | null {
  for (const rule of [maxTurns, costBudget, contextBudget]) {
    const end = rule(run, turns, index)
    if (end) return end
  }
  return null
}

/** Rounds that are complete: each actor once. */
export function roundsDone(run: Run): number {
  return Math.floor(run.state.spoken.length / run.spec.actors.length)
}

export function maxTurns(run: Run): End | null {
  const limit = run.spec.max_turns
  if (limit === null || roundsDone(run) < limit) return null
  return { reason: 'max_turns', text: `Reached maximum number of turns (${limit}). Conversation ended.` }
}

function costBudget(run: Run, _turns: Turn[], index: number): End | null {
  const limit = run.spec.max_cost
  const spent = spentBy(run)
  if (limit === null || spent < limit) return null
  // A budget of nothing lets those speak who cost nothing.
  const price = (run.state.swaps[index] ?? run.spec.actors[index]?.model)?.price
  if (spent === 0 && price && price.input + price.output === 0) return null
  return { reason: 'cost_budget', text: `The run has used ${money(spent)} of its budget of ${money(limit)}.` }
}

/** USD that are known to have been spent, narrators and media agents included. */
export function spentBy(run: Run): number {
  return (run.state.usage.cost ?? 0) + run.state.side_cost
}

/** Whether the next answer, expected to be as long as the speaker's last, would take any actor's context over its budget. */
function contextBudget(run: Run, turns: Turn[], index: number): End | null {
  const frac = run.spec.max_context_frac
  if (frac <= 0) return null
  const last = turns.findLast((turn) => turn.actor_index === index)
  const answer = last ? roughTokens(last.text) : 0
  for (const [at, actor] of run.spec.actors.entries()) {
    const window = run.spec.context_window ?? (run.state.swaps[at] ?? actor.model).context_window
    const budget = Math.floor(frac * window)
    const size = contextTokens(actor, turns, at) + answer
    if (size > budget) {
      const text = `Context budget limit reached: ${size} of ${budget} tokens (${frac} of ${window}). Conversation ended.`
      return { reason: 'context_budget', text }
    }
  }
  return null
}

/** What the provider counted at this actor's last turn, and a rough count of what came since. */
function contextTokens(actor: Actor, turns: Turn[], at: number): number {
  const own = turns.findLastIndex((turn) => turn.actor_index === at)
  const usage = turns[own]?.usage
  const counted = usage ? usage.input + usage.cached + usage.written + usage.output : 0
  if (counted > 0) return counted + tokens(turns.slice(own + 1))
  const opening = [actor.system, ...actor.history.map(({ content }) => content)]
  return opening.reduce((sum, text) => sum + roughTokens(text), 0) + tokens(turns)
}

const tokens = (turns: Turn[]): number => turns.reduce((sum, turn) => sum + roughTokens(turn.text), 0)
