import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import type { ModelInfo, Price, Quirks } from '../core/model.ts'
import { nearestSentence } from '../core/nearest.ts'
import { choice, flag, number, object, text, whole } from './fields.ts'

/** Where a model's window is not known. */
const DEFAULT_WINDOW = 128_000

const FREE: Price = { input: 0, output: 0, cached: 0, written: 0 }

const PROVIDERS = ['anthropic', 'openai', 'openrouter', 'ollama', 'cli'] as const
/** Providers that `provider:model` can name. */
const ADDRESSABLE = ['anthropic', 'openai', 'openrouter', 'ollama'] as const
type Addressable = (typeof ADDRESSABLE)[number]

const priceSchema = object({
  input: number(0),
  output: number(0),
  cached: number(0).optional(),
  written: number(0).optional(),
}).transform(
  (price): Price => ({ ...price, cached: price.cached ?? price.input, written: price.written ?? price.input }),
)

const quirksSchema = object({
  no_temperature: flag().optional(),
  no_system: flag().optional(),
  completion_tokens: flag().optional(),
  reasoning: flag().optional(),
  last_message_only: flag().optional(),
  no_tools: flag().optional(),
})

const entrySchema = object({
  provider: choice(PROVIDERS),
  api_name: text(),
  display_name: text(),
  company: text().optional(),
  context_window: whole(1).default(DEFAULT_WINDOW),
  max_tokens: whole(1).optional(),
  price: priceSchema.optional(),
  quirks: quirksSchema.optional(),
})

const limitsSchema = object({ in_flight: whole(1).optional(), per_minute: whole(1).optional() })

export const registrySchema = object({
  limits: z.record(z.string(), limitsSchema, { error: 'an object of providers' }).default({}),
  models: z.record(z.string(), entrySchema, { error: 'an object of aliases' }),
})

/** How hard one provider may be pressed: calls at once, and calls begun within a minute. Absent: as it answers. */
export type ProviderLimits = z.output<typeof limitsSchema>

export interface Registry {
  limits: Record<string, ProviderLimits>
  /** In the file's order. */
  models: ModelInfo[]
}

export function readRegistry(parsed: z.output<typeof registrySchema>): Registry {
  const models = Object.entries(parsed.models).map(([alias, entry]): ModelInfo => {
    const { provider, api_name, display_name, context_window } = entry
    const company = entry.company ?? companyOf(provider, api_name)
    const max_tokens = entry.max_tokens ?? defaultTokens(provider, api_name)
    const price = entry.price ?? (provider === 'ollama' ? FREE : null)
    return {
      alias,
      provider,
      api_name,
      display_name,
      company,
      context_window,
      max_tokens,
      price,
      quirks: entry.quirks ?? {},
    }
  })
  return { limits: parsed.limits, models }
}

/**
 * The model that a person, a config or a preset names: an alias, the API name of a registered model, or `provider:model` with any model
 * of that provider (everything after the first colon, as in `ollama:llama3.2:3b`). Throws UserError with the nearest aliases.
 */
export function findModel(registry: Registry, ref: string): ModelInfo {
  const wanted = ref.trim()
  const { models } = registry
  const known =
    models.find(({ alias }) => alias === wanted) ??
    models.find(({ alias }) => alias.toLowerCase() === wanted.toLowerCase()) ??
    models.find(({ api_name, provider }) => api_name === wanted && provider !== 'cli')
  if (known) return known
  const colon = wanted.indexOf(':')
  const provider = ADDRESSABLE.find((each) => each === wanted.slice(0, Math.max(colon, 0)).toLowerCase())
  const apiName = wanted.slice(colon + 1).trim()
  if (provider && apiName !== '') return { ...addressed(models, provider, apiName), alias: wanted }
  if (provider) throw new UserError(`"${wanted}" names no model: write it after the colon, as in ollama:llama3.2.`)
  if (colon > 0) {
    const providers = new Intl.ListFormat('en').format(ADDRESSABLE)
    throw new UserError(
      `There is no provider "${wanted.slice(0, colon)}": the providers are ${providers}, as in ollama:llama3.2.`,
    )
  }
  const aliases = models.map(({ alias }) => alias)
  throw new UserError(
    `There is no model "${wanted}". ${nearestSentence(wanted, aliases)} Any model can be named as provider:model (${ADDRESSABLE.join(', ')}).`,
  )
}

/** Whether it is a provider and a model of its, as `provider:model`, whatever that model is. */
export function isAddress(ref: string): boolean {
  return ADDRESSABLE.some(
    (provider) => ref.toLowerCase().startsWith(`${provider}:`) && ref.length > provider.length + 1,
  )
}

/** Like `findModel`; a preset may also give an unregistered API name, whose look tells its provider. */
export function findPresetModel(registry: Registry, ref: string): ModelInfo {
  try {
    return findModel(registry, ref)
  } catch (error) {
    if (/^claude-/.test(ref)) return findModel(registry, `anthropic:${ref}`)
    if (/^(gpt-|chatgpt-|o\d)/.test(ref)) return findModel(registry, `openai:${ref}`)
    if (/^[\w.~-]+\/[\w.:-]+$/.test(ref)) return findModel(registry, `openrouter:${ref}`)
    throw error
  }
}

/** Where no key is set, an offline voice speaks for every registered model; a local server needs no key and stays itself. */
export function asOffline(model: ModelInfo): ModelInfo {
  return model.provider === 'ollama' ? model : { ...model, provider: 'offline', price: FREE, quirks: {} }
}

function addressed(models: ModelInfo[], provider: Addressable, api_name: string): ModelInfo {
  const same = models.find((model) => model.provider === provider && model.api_name === api_name)
  if (same) return same
  return {
    alias: api_name,
    provider,
    api_name,
    display_name: api_name.split('/').at(-1) || api_name,
    company: companyOf(provider, api_name),
    context_window: DEFAULT_WINDOW,
    max_tokens: defaultTokens(provider, api_name),
    price: provider === 'ollama' ? FREE : null,
    quirks: guessedQuirks(provider, api_name),
  }
}

/** For models that a router serves the company is the vendor part of their API name. */
function companyOf(provider: (typeof PROVIDERS)[number], apiName: string): string {
  return provider === 'openrouter' && apiName.includes('/')
    ? (apiName.split('/')[0] as string)
    : provider === 'cli'
      ? 'CLI'
      : provider
}

function isOpenAiReasoning(apiName: string): boolean {
  return /^(o\d|gpt-([5-9]|\d\d))/.test(apiName) && !apiName.includes('chat')
}

function guessedQuirks(provider: Addressable, apiName: string): Quirks {
  if (provider !== 'openai' || !isOpenAiReasoning(apiName)) return {}
  const first = /^o1-(preview|mini)/.test(apiName)
  return { no_temperature: true, completion_tokens: true, ...(first ? { no_system: true, no_tools: true } : {}) }
}

function defaultTokens(provider: (typeof PROVIDERS)[number], apiName: string): number | null {
  if (provider === 'anthropic') return 4096
  if (provider === 'openai') return isOpenAiReasoning(apiName) ? 16_000 : 1024
  return null
}
