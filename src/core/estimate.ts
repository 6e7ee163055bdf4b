import { isFree } from './cost.ts'
import type { ModelInfo } from './model.ts'
import type { RunSpec } from './run.ts'
import { roughTokens } from './tokens.ts'

/** USD above which a start asks first, unless a server says otherwise (rule 10). */
export const ASK_ABOVE = 5

/** USD. What a run will probably cost at least and at most; never more than its `max_cost`. */
export interface Estimate {
  low: number
  high: number
}

/** Tokens of a short and of a long answer, where the run sets no length. */
const SHORT = 150
const LONG = 1000
/** How many rounds a run without `max_turns` is taken to last at least. */
const FEW_ROUNDS = 5
/** Tokens that are not cached because the prompt is shorter: the least that any provider keeps. */
const UNCACHED = 1024

/**
 * Rounds × actors × a context that grows by everybody's answers (rule 10). Low: short answers and every prompt found in
 * the provider's cache. High: long answers, no cache. Without `max_turns`, or with a price that nobody knows, high is
 * `max_cost`: only the cap is sure.
 */
export function estimateRun(spec: RunSpec): Estimate {
  const cap = spec.max_cost ?? Number.POSITIVE_INFINITY
  const models = spec.actors.map((actor) => actor.model)
  if (models.every(isFree)) return { low: 0, high: 0 }
  const known = models.every((model) => isFree(model) || model.price !== null)
  const low = Math.min(
    cap,
    costOf(spec, { rounds: spec.max_turns ?? FEW_ROUNDS, answer: answer(spec, SHORT), cached: true }),
  )
  if (spec.max_turns === null || !known) return { low, high: spec.max_cost ?? low }
  return {
    low,
    high: Math.min(cap, costOf(spec, { rounds: spec.max_turns, answer: answer(spec, LONG), cached: false })),
  }
}

function answer(spec: RunSpec, usual: number): number {
  return spec.max_tokens === null ? usual : Math.min(spec.max_tokens, usual)
}

function costOf(
  spec: RunSpec,
  { rounds, answer, cached }: { rounds: number; answer: number; cached: boolean },
): number {
  const count = spec.actors.length
  return spec.actors.reduce((sum, actor, position) => {
    const opening = roughTokens([actor.system, ...actor.history.map(({ content }) => content)].join('\n'))
    const { model } = actor
    const window = spec.context_window ?? model.context_window
    let before = 0
    let usd = 0
    for (let round = 0; round < rounds; round++) {
      const prompt = opening + (round * count + position) * answer
      // Over-long contexts end a run: the rest is never asked.
      if (prompt + answer > window) break
      const kept = cached && before > UNCACHED ? before : 0
      usd += callCost(model, { kept, added: prompt - kept, answer, cached })
      before = prompt
    }
    return sum + usd
  }, 0)
}

function callCost(
  model: ModelInfo,
  { kept, added, answer, cached }: { kept: number; added: number; answer: number; cached: boolean },
): number {
  if (isFree(model) || model.price === null) return 0
  const { price } = model
  return (kept * price.cached + added * (cached ? price.written : price.input) + answer * price.output) / 1_000_000
}
