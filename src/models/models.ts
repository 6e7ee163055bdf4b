import type { ModelInfo, Models } from '../core/model.ts'
import { offlineProvider } from './offline.ts'
import type { ModelEnv, Provider } from './provider.ts'

export interface ModelsOptions {
  env: ModelEnv
  /** Time for an ordinary turn of the offline voice, ms; 0 in tests. */
  paceMs?: number
}

/** Everything that can be called, behind one interface. */
export function createModels(options: ModelsOptions): Models {
  const providers: Partial<Record<ModelInfo['provider'], Provider>> = { offline: offlineProvider(options.paceMs) }
  return {
    call(call) {
      const provider = providers[call.model.provider]
      if (provider === undefined) throw new Error(`Nothing here speaks to ${call.model.provider}.`)
      return provider(call)
    },
    missing: (model) => KEYS[model.provider].filter((name) => (options.env[name] ?? '') === ''),
  }
}

/** Variables without which a provider cannot be called. */
const KEYS: Readonly<Record<ModelInfo['provider'], readonly string[]>> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  openrouter: ['OPENROUTER_API_KEY'],
  ollama: [],
  cli: ['WORLD_INTERFACE_KEY'],
  offline: [],
}
