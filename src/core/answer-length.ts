import type { ModelCall, ModelInfo } from './model.ts'

/** Length of an answer in tokens where neither the run nor the registry says; null: the provider's own. */
const DEFAULT_LENGTH: Readonly<Record<ModelInfo['provider'], number | null>> = {
  anthropic: 4096,
  openai: 1024,
  openrouter: null,
  ollama: null,
  cli: null,
  offline: null,
}
/** OpenAI's reasoning models think on the same budget. */
const REASONING_LENGTH = 16_000

/** Tokens that the provider is told an answer may have; null: it is told nothing. */
export function answerLength({ model, max_tokens }: Pick<ModelCall, 'model' | 'max_tokens'>): number | null {
  if (max_tokens !== null) return max_tokens
  if (model.max_tokens !== null) return model.max_tokens
  return model.quirks.completion_tokens === true ? REASONING_LENGTH : DEFAULT_LENGTH[model.provider]
}
