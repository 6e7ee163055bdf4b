import type { ModelAnswer, ModelCall, ModelInfo, Models } from '../core/model.ts'
import { anthropicProvider } from './anthropic.ts'
import { chatProvider } from './chat.ts'
import { LOCAL, OPENAI, OPENROUTER } from './chat-dialects.ts'
import { cliProvider } from './cli.ts'
import { failed } from './failure.ts'
import { Door, type LimitName, type ProviderLimits } from './limits.ts'
import { offlineProvider, type Pace } from './offline.ts'
import type { ModelEnv, Provider, Timeouts } from './provider.ts'

type ProviderName = ModelInfo['provider']

export interface ModelsOptions {
  env: ModelEnv
  /** From `configs/models.json`. */
  limits?: Partial<Record<ProviderName, ProviderLimits>>
  /** Time for an ordinary turn of the offline voice, ms; 0 in tests. */
  paceMs?: Pace
  timeouts?: Partial<Timeouts>
  /** Where the pseudo-model `cli` is served. */
  worldInterface?: string
  log?: { debug(data: object, message: string): void }
}

/** A reasoning model may think for minutes before its first word, a local server load its model first. */
const TIMEOUTS: Timeouts = { headers: 180_000, idle: 180_000, total: 1_200_000 }

/** Everything that can be called, behind one interface. Whatever a provider does is an answer or a ModelError. */
export function createModels(options: ModelsOptions): Models {
  const providers = providersOf(options)
  const doors = Object.fromEntries(
    Object.keys(providers).map((name) => [name, new Door(options.limits?.[name as ProviderName] ?? {})]),
  ) as Record<ProviderName, Door>
  const missing = (model: ModelInfo) => KEYS[model.provider].filter((name) => (options.env[name] ?? '') === '')

  return {
    missing,
    async call(call) {
      const { model } = call
      const [key] = missing(model)
      if (key !== undefined) throw failed(model, 'auth', { detail: `${key} is not set` })
      const leave = await enter(doors[model.provider], call, options.limits?.[model.provider] ?? {})
      const start = performance.now()
      try {
        const answer = await providers[model.provider](call)
        options.log?.debug(summary(call, answer, performance.now() - start), 'A model answered.')
        return answer
      } finally {
        leave()
      }
    },
  }
}

function providersOf({ env, paceMs, timeouts: given, worldInterface }: ModelsOptions): Record<ProviderName, Provider> {
  const timeouts = { ...TIMEOUTS, ...given }
  const value = (name: string, otherwise: string) => env[name] || otherwise
  return {
    anthropic: anthropicProvider({
      apiKey: value('ANTHROPIC_API_KEY', ''),
      baseURL: value('ANTHROPIC_BASE_URL', 'https://api.anthropic.com'),
      timeouts,
    }),
    openai: chatProvider({
      apiKey: value('OPENAI_API_KEY', ''),
      baseURL: value('OPENAI_BASE_URL', 'https://api.openai.com/v1'),
      dialect: OPENAI,
      timeouts,
    }),
    openrouter: chatProvider({
      apiKey: value('OPENROUTER_API_KEY', ''),
      baseURL: value('OPENROUTER_BASE_URL', 'https://openrouter.ai/api/v1'),
      dialect: OPENROUTER,
      timeouts,
    }),
    ollama: chatProvider({
      apiKey: 'none',
      baseURL: value('OLLAMA_BASE_URL', 'http://localhost:11434/v1'),
      dialect: LOCAL,
      timeouts,
    }),
    cli: cliProvider({
      apiKey: value('WORLD_INTERFACE_KEY', ''),
      baseURL: worldInterface ?? 'http://localhost:3000/v1',
      timeouts,
    }),
    offline: offlineProvider(paceMs),
  }
}

/** A wait before a provider's door shorter than this (ms) is nobody's news. */
const TELL_AFTER = 1000

/** A run waits in one line with all its actors: `cache_key` begins with `run:`. */
async function enter(door: Door, call: ModelCall, limits: ProviderLimits): Promise<() => void> {
  const [run = ''] = call.cache_key.split(':')
  const { provider } = call.model
  let limit: LimitName = 'in_flight'
  let told = false
  const tell = () => {
    told = true
    call.onWait?.({ provider, limit, count: limits[limit] ?? 0 })
  }
  let timer: NodeJS.Timeout | undefined
  try {
    return await door.enter(run, call.signal, call.aside, (next) => {
      limit = next
      if (told) tell()
      else timer ??= setTimeout(tell, TELL_AFTER)
    })
  } catch {
    throw failed(call.model, 'aborted')
  } finally {
    clearTimeout(timer)
    if (told) call.onWait?.(null)
  }
}

function summary({ model, cache_key }: ModelCall, { usage, stop, text }: ModelAnswer, ms: number): object {
  return {
    model: model.alias,
    provider: model.provider,
    cache_key,
    stop,
    usage,
    characters: text.length,
    ms: Math.round(ms),
  }
}

/** Variables without which a provider cannot be called. */
const KEYS: Readonly<Record<ProviderName, readonly string[]>> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  openrouter: ['OPENROUTER_API_KEY'],
  ollama: [],
  cli: ['WORLD_INTERFACE_KEY'],
  offline: [],
}
