import { answerLength } from './answer-length.ts'
import { isFree } from './cost.ts'
import type { ModelInfo } from './model.ts'
import type { RunSpec } from './run.ts'
import { roughTokens } from './tokens.ts'

/** USD above which a start asks first, unless a server says otherwise (rule 10). */
export const ASK_ABOVE = 5

/** USD. What a run will probably cost at least, and what it may cost at most; never more than its `max_cost`. */
export interface Estimate {
  low: number
  high: number
}

/** Tokens of a short answer. */
const SHORT = 150
/** How many rounds a run without `max_turns` is taken to last at least. */
const FEW_ROUNDS = 5
/** Tokens that are not cached because the prompt is shorter: the least that any provider keeps. */
const UNCACHED = 1024

/**
 * Rounds × actors × a context that grows by everybody's answers (rule 10). Low: short answers and every prompt found in
 * the provider's cache. High: answers as long as they may be, no cache. Without `max_turns`, with a price or a longest answer that nobody
 * knows, or where more than the actors call models, high is `max_cost`: only the cap is sure.
 */
export function estimateRun(spec: RunSpec): Estimate {
  const cap = spec.max_cost ?? Number.POSITIVE_INFINITY
  const models = spec.actors.map((actor) => actor.model)
  if (models.every(isFree)) return { low: 0, high: 0 }
  const known = models.every((model) => isFree(model) || (model.price !== null && longest(spec, model) !== null))
  const low = Math.min(
    cap,
    costOf(spec, {
      rounds: spec.max_turns ?? FEW_ROUNDS,
      answer: (model) => Math.min(longest(spec, model) ?? SHORT, SHORT),
      cached: true,
    }),
  )
  if (spec.max_turns === null || !known || othersCall(spec)) return { low, high: spec.max_cost ?? low }
  return {
    low,
    high: Math.min(
      cap,
      costOf(spec, { rounds: spec.max_turns, answer: (model) => longest(spec, model) ?? 0, cached: false }),
    ),
  }
}

/** Tokens that an answer may have; null: nobody knows. */
const longest = ({ max_tokens }: RunSpec, model: ModelInfo): number | null => answerLength({ model, max_tokens })

/** Narrators, media agents, tools and moderators call models as well, nobody knows how often or at what length. */
const othersCall = ({ profiles, media, tools, order }: RunSpec): boolean =>
  [...profiles, ...media].some(({ fault }) => fault === undefined) || tools.length > 0 || order === 'moderator'

function costOf(
  spec: RunSpec,
  { rounds, answer, cached }: { rounds: number; answer: (model: ModelInfo) => number; cached: boolean },
): number {
  const answers = spec.actors.map(({ model }) => answer(model))
  const sum = (tokens: number[]) => tokens.reduce((total, each) => total + each, 0)
  const [aRound, own] = [sum(answers), (position: number) => answers[position] ?? 0]
  return spec.actors.reduce((total, actor, position) => {
    const opening = roughTokens([actor.system, ...actor.history.map(({ content }) => content)].join('\n'))
    const { model } = actor
    const window = spec.context_window ?? model.context_window
    const first = opening + sum(answers.slice(0, position))
    let before = 0
    let usd = 0
    for (let round = 0; round < rounds; round++) {
      const prompt = first + round * aRound
      // Over-long contexts end a run: the rest is never asked.
      if (prompt + own(position) > window) break
      const kept = cached && before > UNCACHED ? before : 0
      usd += callCost(model, { kept, added: prompt - kept, answer: own(position), cached })
      before = prompt
    }
    return total + usd
  }, 0)
}

function callCost(
  model: ModelInfo,
  { kept, added, answer, cached }: { kept: number; added: number; answer: number; cached: boolean },
): number {
  if (isFree(model) || model.price === null) return 0
  const { price } = model
  return (
    (kept * price.cached +
      added * (cached ? price.written : Math.max(price.input, price.written)) +
      answer * price.output) /
    1_000_000
  )
}
