import { answerLength } from './answer-length.ts'
import type { ModelCall, ModelInfo, Usage } from './model.ts'
import { roughTokens } from './tokens.ts'

/** Tokens of one answer, and the provider's own figure in USD where it gives one. */
export interface Spent {
  input: number
  cached: number
  written: number
  output: number
  /** OpenRouter's `usage.cost`. */
  reported?: number
}

const MILLION = 1_000_000

/** Prices an answer (rule 10): the provider's figure, else 0 for local models, else the registry's price, else null. */
export function priced(model: ModelInfo, spent: Spent): Usage {
  const { reported, ...tokens } = spent
  return { ...tokens, cost: reported ?? costOf(model, tokens) }
}

function costOf(model: ModelInfo, tokens: Omit<Spent, 'reported'>): number | null {
  if (isFree(model)) return 0
  if (model.price === null) return null
  const { input, output, cached, written } = model.price
  return (tokens.input * input + tokens.output * output + tokens.cached * cached + tokens.written * written) / MILLION
}

/**
 * USD that a call can come to at most: its prompt, counted roughly and read from no cache, and the longest answer that it may get
 * (where nothing limits that, as much as the window holds). Infinite where nobody knows the price.
 */
export function highestCost(call: Pick<ModelCall, 'model' | 'max_tokens' | 'system' | 'messages' | 'tools'>): number {
  const { model, system, messages, tools } = call
  if (isFree(model)) return 0
  if (model.price === null) return Number.POSITIVE_INFINITY
  const input = roughTokens(JSON.stringify([system, messages, tools]))
  const output = answerLength(call) ?? Math.max(0, model.context_window - input)
  const { price } = model
  return (input * Math.max(price.input, price.written) + output * price.output) / MILLION
}

/** Runs on the person's own machine, so that no one sends a bill. */
export function isFree(model: ModelInfo): boolean {
  return model.provider === 'ollama' || model.provider === 'cli' || model.provider === 'offline'
}
