import { isFree } from '../core/cost.ts'
import type { RunSpec } from '../core/run.ts'
import { roughTokens } from '../core/tokens.ts'

/** How long an answer is taken to be, in tokens, and a run without `max_turns`, in rounds. */
const ANSWER = 350
const ROUNDS = 30
const MILLION = 1_000_000

/**
 * USD that a run will roughly cost: every answer of a usual length, every prompt read from the cache but for what is new in it. Null where
 * a price is not known. Never more than the run may cost.
 */
export function estimateRun(spec: RunSpec): number | null {
  let sum = 0
  for (const { model, system, history } of spec.actors) {
    if (isFree(model)) continue
    if (model.price === null) return null
    const opening = roughTokens(system) + history.reduce((all, { content }) => all + roughTokens(content), 0)
    const answer = Math.min(spec.max_tokens ?? model.max_tokens ?? ANSWER, ANSWER)
    const rounds = spec.max_turns ?? ROUNDS
    const fresh = answer * spec.actors.length
    // Round r reads what stood before it from the cache: the opening and all earlier rounds.
    const cached = rounds * opening + (fresh * rounds * (rounds - 1)) / 2
    const { input, cached: reading, written, output } = model.price
    sum +=
      ((opening + fresh * rounds) * Math.max(input, written) + cached * reading + rounds * answer * output) / MILLION
  }
  return spec.max_cost === null ? sum : Math.min(sum, spec.max_cost)
}
