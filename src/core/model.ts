/** A language model as the registry (`configs/models.json`) or `provider:model` names it. */
export interface ModelInfo {
  /** What people type: `opus`, or `openrouter:nousresearch/hermes-4-405b`. */
  alias: string
  provider: 'anthropic' | 'openai' | 'openrouter' | 'ollama' | 'cli' | 'offline'
  api_name: string
  display_name: string
  company: string
  /** Tokens that fit into one request together with its answer. */
  context_window: number
  /** Default length of an answer in tokens; null: the provider's own. */
  max_tokens: number | null
  /** USD per million tokens; null: unknown. Local models cost 0. */
  price: Price | null
  quirks: Quirks
}

export interface Price {
  input: number
  output: number
  /** Read from the provider's prompt cache. */
  cached: number
  /** Written to the provider's prompt cache. */
  written: number
}

export interface Quirks {
  /** Its API refuses a temperature. */
  no_temperature?: boolean
  /** Takes no system prompt: it goes as `<SYSTEM>…</SYSTEM>` before the first user message. */
  no_system?: boolean
  /** `max_completion_tokens` instead of `max_tokens`. */
  completion_tokens?: boolean
  /** Ask OpenRouter for reasoning. */
  reasoning?: boolean
  /** Gets only the last message of its context (the pseudo-model `cli`). */
  last_message_only?: boolean
  /** Cannot call tools. */
  no_tools?: boolean
}

/** One message of a context, in no provider's shape. Blocks are kept apart so that a longer context starts with the bytes of the shorter one. */
export type ChatMessage =
  | { role: 'user'; blocks: string[] }
  | { role: 'assistant'; blocks: string[]; tool_calls?: ToolCall[] }
  | { role: 'tool'; results: ToolResult[] }

export interface ToolCall {
  id: string
  /** `server/tool`, as granted. */
  name: string
  /** JSON object as the model wrote it, already parsed. */
  arguments: Record<string, unknown>
}

export interface ToolResult {
  id: string
  name: string
  text: string
  is_error: boolean
}

/** One exchange with tools inside a turn: what the model asked for, and what came back. */
export interface ToolStep {
  calls: ToolCall[]
  results: ToolResult[]
}

export interface ToolSpec {
  name: string
  description: string
  /** JSON Schema of an object. */
  input_schema: Record<string, unknown>
}

export interface ModelCall {
  model: ModelInfo
  /** Empty: no system prompt. */
  system: string
  messages: ChatMessage[]
  max_tokens: number | null
  temperature: number | null
  tools: ToolSpec[]
  /** The tools are known, but none may be called any more. */
  no_more_tools?: boolean
  /** The same for all calls that share a growing prompt: `run:actor`. */
  cache_key: string
  /** A narrator's, or a media agent's that nobody waits for: conversations come first. */
  aside?: boolean
  /** The run's. Everything random in an answer of the offline voice comes from it. */
  seed: number
  /** Index that the turn will get: the offline voice says something else after a rewind. */
  turn?: number
  /** The template's name; only the offline voice looks at it. */
  template?: string
  /** It may stay silent so long (ms); absent: as long as any call. */
  patience?: number
  signal: AbortSignal
  onDelta?: (delta: { text?: string; reasoning?: string }) => void
  /** It has to wait because of our own limits on requests; null: no longer. */
  onWait?: (wait: LimitWait | null) => void
}

/** Calls that the registry's `limits` allow a provider: so many begun a minute, or under way at once. */
export interface LimitWait {
  provider: ModelInfo['provider']
  limit: 'per_minute' | 'in_flight'
  count: number
}

export interface Usage {
  /** Tokens of the prompt that were neither read from nor written to a cache. */
  input: number
  cached: number
  written: number
  output: number
  /** USD; null when neither the provider nor the registry knows. */
  cost: number | null
}

export const NO_USAGE: Usage = { input: 0, cached: 0, written: 0, output: 0, cost: 0 }

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cached: a.cached + b.cached,
    written: a.written + b.written,
    output: a.output + b.output,
    cost: a.cost === null || b.cost === null ? null : a.cost + b.cost,
  }
}

/** What a whole, unbroken answer came to. A broken stream is a ModelError, never an answer. */
export interface ModelAnswer {
  text: string
  /** The model's reasoning, apart from its answer; empty when there was none. */
  reasoning: string
  tool_calls: ToolCall[]
  stop: 'end' | 'length' | 'tool_calls'
  usage: Usage
}

export type ModelFailure =
  | 'rate_limited'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'cut'
  | 'empty'
  | 'refusal'
  | 'context'
  | 'auth'
  | 'credit'
  | 'gone'
  | 'bad_request'
  | 'aborted'

/** Why a call gave no answer. Its message is one sentence for people, with the remedy, and holds no secret. */
export class ModelError extends Error {
  readonly failure: ModelFailure
  readonly retryAfterMs: number | undefined
  /** What the failed attempt is known to have used, if the provider said so. */
  readonly usage: Usage | undefined

  constructor(
    failure: ModelFailure,
    message: string,
    more: { retryAfterMs?: number; usage?: Usage; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'ModelError'
    this.failure = failure
    this.retryAfterMs = more.retryAfterMs
    this.usage = more.usage
  }
}

/** Whoever can call models. Throws ModelError, and nothing else, when there is no answer. */
export interface Models {
  call(call: ModelCall): Promise<ModelAnswer>
  /** The environment variables that are missing for this model to be called; empty: it can be. */
  missing(model: ModelInfo): string[]
}
