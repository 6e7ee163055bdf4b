import { ModelError, type ModelFailure, type ModelInfo, type Usage } from '../core/model.ts'

/** How people know a provider, and what they can mend. */
interface ProviderFace {
  name: string
  /** The environment variable with its key. */
  key: string
  /** The environment variable with its address. */
  address: string
}

const FACES: Readonly<Record<ModelInfo['provider'], ProviderFace>> = {
  anthropic: { name: 'Anthropic', key: 'ANTHROPIC_API_KEY', address: 'ANTHROPIC_BASE_URL' },
  openai: { name: 'OpenAI', key: 'OPENAI_API_KEY', address: 'OPENAI_BASE_URL' },
  openrouter: { name: 'OpenRouter', key: 'OPENROUTER_API_KEY', address: 'OPENROUTER_BASE_URL' },
  ollama: { name: 'the local model server', key: 'OLLAMA_BASE_URL', address: 'OLLAMA_BASE_URL' },
  cli: { name: 'the world interface', key: 'WORLD_INTERFACE_KEY', address: 'WORLD_INTERFACE_KEY' },
  offline: { name: 'the offline voice', key: '', address: '' },
}

export interface FailureMore {
  /** The provider's own words, already without secrets. */
  detail?: string
  status?: number
  retryAfterMs?: number
  usage?: Usage
  cause?: unknown
}

export function failed(model: ModelInfo, failure: ModelFailure, more: FailureMore = {}): ModelError {
  const { detail, status, ...rest } = more
  const said = detail === undefined || detail === '' ? '' : ` (it says: ${detail.replace(/[.\s]+$/, '')})`
  return new ModelError(failure, sentence(model, failure, { said, ...more, status }), rest)
}

function sentence(model: ModelInfo, failure: ModelFailure, more: FailureMore & { said: string }): string {
  const { name, key, address } = FACES[model.provider]
  const who = capitalized(name)
  const { said } = more
  const code = more.status === undefined ? '' : ` ${more.status}`
  switch (failure) {
    case 'rate_limited':
      return `${who} takes no more requests for ${model.display_name} just now${said}; ${wait(more.retryAfterMs)}.`
    case 'overloaded':
      return `${who} is overloaded and did not take the request for ${model.display_name}${said}; try again in a little while.`
    case 'server':
      return `${who} had an error of its own${code} while ${model.display_name} was asked${said}; try again in a little while.`
    case 'timeout':
      return `${model.display_name} did not answer in time over ${name}${said}; try again, or take another model.`
    case 'connection':
      return model.provider === 'cli'
        ? `The world interface cannot be reached${said}; start its server on port 3000.`
        : `${who} cannot be reached${said}; check the network and ${address}${model.provider === 'ollama' ? ', and that the server is running' : ''}.`
    case 'cut':
      return `The answer of ${model.display_name} over ${name} broke off before its end${said}; try again.`
    case 'empty':
      return `${model.display_name} over ${name} ended without an answer${said}; ask again, or raise max_tokens.`
    case 'refusal':
      return `${model.display_name} over ${name} refused to go on${said}; take another model, or fork from an earlier turn.`
    case 'context':
      return `The conversation has become longer than ${model.display_name} takes at ${name}${said}; fork from an earlier turn, or take a model with a larger window.`
    case 'auth':
      return `${who} did not accept the key for ${model.display_name}${said}; check ${key} and start the bot again.`
    case 'credit':
      return `The account at ${name} has no credit left for ${model.display_name}${said}; add credit there, or take another model.`
    case 'gone':
      return model.provider === 'ollama'
        ? `The local model server has no model ${model.api_name}${said}; fetch it with \`ollama pull ${model.api_name}\`, or take another.`
        : `${who} has no model ${model.api_name}, or has it no longer${said}; take another model.`
    case 'bad_request':
      return `${who} did not accept the request for ${model.display_name}${said}; check max_tokens, temperature and tools, or take another model.`
    case 'aborted':
      return `The call to ${model.display_name} was called off before it had answered.`
  }
}

function wait(ms: number | undefined): string {
  return ms === undefined ? 'try again in a minute' : `try again in ${Math.max(1, Math.ceil(ms / 1000))} s`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
