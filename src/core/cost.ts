import type { ModelInfo, Usage } from './model.ts'

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

/** Runs on the person's own machine, so that no one sends a bill. */
export function isFree(model: ModelInfo): boolean {
  return model.provider === 'ollama' || model.provider === 'cli' || model.provider === 'offline'
}
