import type OpenAI from 'openai'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { Spent } from '../core/cost.ts'
import type { ModelAnswer, ModelCall, ToolCall } from '../core/model.ts'
import { attempt } from './attempt.ts'
import type { ChatDialect } from './chat-dialects.ts'
import { chatRequest } from './chat-request.ts'
import type { Draft } from './draft.ts'
import { failed } from './failure.ts'
import type { Provider, Timeouts } from './provider.ts'
import { nameFromApi, parseArguments } from './tool-names.ts'
import { watchedFetch } from './watch.ts'
import { asStream } from './whole-answer.ts'

export interface ChatOptions {
  /** A server without keys takes any. */
  apiKey: string
  /** With `/v1`. */
  baseURL: string
  dialect: ChatDialect
  timeouts: Timeouts
}

/** The Chat Completions API, streamed: OpenAI, OpenRouter, Ollama, llama.cpp and any compatible server. */
export function chatProvider({ apiKey, baseURL, dialect, timeouts }: ChatOptions): Provider {
  let client: OpenAI | undefined
  return (call) =>
    attempt({
      call,
      timeouts,
      secrets: [apiKey],
      stream: async (draft, watch) => {
        client ??= await connect({ apiKey, baseURL, timeout: timeouts.total })
        const { completions } = client.chat
        const chunks = await watch.over(() => completions.create(chatRequest(call, dialect), { signal: watch.signal }))
        return read(chunks, call, draft)
      },
    })
}

/** Imported when first needed: the bot is ready sooner without it. */
async function connect(options: { apiKey: string; baseURL: string; timeout: number }): Promise<OpenAI> {
  const { default: Client } = await import('openai')
  return new Client({
    ...options,
    // What the environment says of these is meant for OpenAI's own service.
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: async (input, init) => asStream(await watchedFetch(input, init)),
  })
}

/** Reasoning comes as `reasoning` (OpenRouter, Ollama) or `reasoning_content` (llama.cpp, DeepSeek, vLLM). */
type Delta = ChatCompletionChunk.Choice.Delta & { reasoning?: string | null; reasoning_content?: string | null }

async function read(chunks: AsyncIterable<ChatCompletionChunk>, call: ModelCall, draft: Draft): Promise<ModelAnswer> {
  const tools: { id: string; name: string; json: string }[] = []
  let finish: string | null = null
  let declined = false
  try {
    for await (const chunk of chunks) {
      draft.begun = true
      if (chunk.usage) draft.spent = spentOf(chunk.usage)
      const choice = chunk.choices?.[0]
      if (choice === undefined) continue
      const delta: Delta = choice.delta ?? {}
      draft.reason(delta.reasoning ?? delta.reasoning_content ?? '')
      draft.write(delta.content ?? '')
      if (delta.refusal) {
        declined = true
        draft.write(delta.refusal)
      }
      for (const part of delta.tool_calls ?? []) addTo(tools, part)
      finish = choice.finish_reason ?? finish
    }
  } catch (error) {
    // The answer was whole; only the figures after it are lost.
    if (finish === null || call.signal.aborted) throw error
  }
  // The SDK's loop ends without a word when the stream is aborted or cut.
  if (finish === null || finish === 'error') {
    throw failed(call.model, 'cut', { usage: draft.begun ? draft.usage() : undefined })
  }
  // Some servers end a call for tools with `stop`; a call cut off by the length is none.
  const calls = finish === 'length' ? [] : tools.map((tool, index) => toCall(tool, index, call))
  return draft.finish(declined ? 'refusal' : stopOf(finish, calls), calls)
}

function addTo(
  tools: { id: string; name: string; json: string }[],
  part: ChatCompletionChunk.Choice.Delta.ToolCall,
): void {
  const index = part.index ?? tools.length
  const tool = tools[index] ?? { id: '', name: '', json: '' }
  tools[index] = tool
  if (part.id) tool.id = part.id
  tool.name += part.function?.name ?? ''
  tool.json += part.function?.arguments ?? ''
}

function toCall(tool: { id: string; name: string; json: string }, index: number, call: ModelCall): ToolCall {
  return {
    id: tool.id === '' ? `call_${index}` : tool.id,
    name: nameFromApi(tool.name, call.tools),
    arguments: parseArguments(tool.json),
  }
}

function stopOf(finish: string, calls: readonly ToolCall[]): ModelAnswer['stop'] | 'refusal' {
  if (finish === 'content_filter') return 'refusal'
  if (calls.length > 0) return 'tool_calls'
  return finish === 'length' ? 'length' : 'end'
}

/** OpenRouter adds `cost`; with a key of one's own there, the provider's bill comes on top of it. */
type ApiUsage = NonNullable<ChatCompletionChunk['usage']> & {
  cost?: number | null
  is_byok?: boolean
  cost_details?: { upstream_inference_cost?: number | null } | null
}

/** `prompt_tokens` holds those read from and written to the cache as well. */
function spentOf(usage: ApiUsage): Spent {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0
  const written = usage.prompt_tokens_details?.cache_write_tokens ?? 0
  const upstream = usage.is_byok === true ? (usage.cost_details?.upstream_inference_cost ?? 0) : 0
  return {
    input: Math.max(0, (usage.prompt_tokens ?? 0) - cached - written),
    cached,
    written,
    output: usage.completion_tokens ?? 0,
    ...(typeof usage.cost === 'number' ? { reported: usage.cost + upstream } : {}),
  }
}
