import type { ModelInfo } from '../core/model.ts'

/** How servers that speak Chat Completions differ. */
export interface ChatDialect {
  /** What they take as content: parts where there are several blocks, or text only. */
  content: 'either' | 'text'
  /** Takes OpenAI's `prompt_cache_key`, which leads calls with the same beginning to the same cache. */
  cacheKey: boolean
  openRouter: boolean
  /** Whether this model's cache needs marks. */
  marks: (model: ModelInfo) => boolean
}

const unmarked = () => false

export const OPENAI: ChatDialect = { content: 'either', cacheKey: true, openRouter: false, marks: unmarked }

export const OPENROUTER: ChatDialect = {
  content: 'either',
  cacheKey: false,
  openRouter: true,
  marks: (model) => model.api_name.startsWith('anthropic/'),
}

/** Ollama, llama.cpp and whatever else is compatible: only what every server knows. */
export const LOCAL: ChatDialect = { content: 'text', cacheKey: false, openRouter: false, marks: unmarked }
