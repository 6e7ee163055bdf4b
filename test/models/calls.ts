import type { ModelCall, ModelInfo } from '../../src/core/model.ts'

export function modelInfo(provider: ModelInfo['provider'], more: Partial<ModelInfo> = {}): ModelInfo {
  return {
    alias: 'test',
    provider,
    api_name: 'test-model',
    display_name: 'Test Model',
    company: 'Testers',
    context_window: 128_000,
    max_tokens: null,
    price: { input: 3, output: 15, cached: 0.3, written: 3.75 },
    quirks: {},
    ...more,
  }
}

export function modelCall(model: ModelInfo, more: Partial<ModelCall> = {}): ModelCall {
  return {
    model,
    system: 'You are one of two voices.',
    messages: [{ role: 'user', blocks: ['There is a green telephone on the stairs.'] }],
    max_tokens: null,
    temperature: 1,
    tools: [],
    cache_key: 'run1:0',
    seed: 7,
    signal: new AbortController().signal,
    ...more,
  }
}

/** Everything a call streamed. */
export function listener() {
  const heard = { text: '', reasoning: '', pieces: 0 }
  return {
    heard,
    onDelta: (delta: { text?: string; reasoning?: string }) => {
      heard.text += delta.text ?? ''
      heard.reasoning += delta.reasoning ?? ''
      heard.pieces++
    },
  }
}
