import type Anthropic from '@anthropic-ai/sdk'
import type { Usage as ApiUsage, MessageDeltaUsage, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { Spent } from '../core/cost.ts'
import type { ModelAnswer, ModelCall, ToolCall } from '../core/model.ts'
import { anthropicRequest } from './anthropic-request.ts'
import { attempt } from './attempt.ts'
import type { Draft } from './draft.ts'
import { failed } from './failure.ts'
import type { Provider, Timeouts } from './provider.ts'
import { nameFromApi, parseArguments } from './tool-names.ts'
import { watchedFetch } from './watch.ts'

export interface AnthropicOptions {
  apiKey: string
  /** Without `/v1`. */
  baseURL: string
  timeouts: Timeouts
}

/** Anthropic's Messages API, streamed (platform.claude.com/docs/en/build-with-claude/streaming). */
export function anthropicProvider({ apiKey, baseURL, timeouts }: AnthropicOptions): Provider {
  let client: Anthropic | undefined
  return (call) =>
    attempt({
      call,
      timeouts,
      secrets: [apiKey],
      stream: async (draft, watch) => {
        client ??= await connect({ apiKey, baseURL, timeout: timeouts.total })
        const { messages } = client
        const events = await watch.over(() => messages.create(anthropicRequest(call), { signal: watch.signal }))
        return read(events, call, draft)
      },
    })
}

/** Imported when first needed: the bot is ready sooner without it. */
async function connect(options: { apiKey: string; baseURL: string; timeout: number }): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk')
  return new Client({ ...options, authToken: null, maxRetries: 0, logLevel: 'off', fetch: watchedFetch })
}

async function read(events: AsyncIterable<RawMessageStreamEvent>, call: ModelCall, draft: Draft): Promise<ModelAnswer> {
  const tools = new Map<number, { id: string; name: string; json: string }>()
  let stop: string | null = null
  let whole = false
  for await (const event of events) {
    draft.begun = true
    if (event.type === 'message_start') {
      draft.spent = spentOf(event.message.usage, null)
    } else if (event.type === 'content_block_start') {
      const block = event.content_block
      if (block.type === 'text') draft.write(block.text)
      if (block.type === 'tool_use') tools.set(event.index, { id: block.id, name: block.name, json: '' })
    } else if (event.type === 'content_block_delta') {
      const { delta } = event
      if (delta.type === 'text_delta') draft.write(delta.text)
      else if (delta.type === 'thinking_delta') draft.reason(delta.thinking)
      else if (delta.type === 'input_json_delta') {
        const tool = tools.get(event.index)
        if (tool !== undefined) tool.json += delta.partial_json
      }
    } else if (event.type === 'message_delta') {
      stop = event.delta.stop_reason
      draft.spent = spentOf(event.usage, draft.spent)
    } else if (event.type === 'message_stop') {
      whole = true
    }
  }
  // The SDK's loop ends without a word when the stream is aborted or cut.
  if (!whole) throw failed(call.model, 'cut', { usage: draft.begun ? draft.usage() : undefined })
  const calls = stop === 'tool_use' ? [...tools.values()].map((tool) => toCall(tool, call)) : []
  if (stop === 'model_context_window_exceeded' && draft.isBlank())
    throw failed(call.model, 'context', { usage: draft.usage() })
  return draft.finish(stopOf(stop), calls)
}

function toCall(tool: { id: string; name: string; json: string }, call: ModelCall): ToolCall {
  return { id: tool.id, name: nameFromApi(tool.name, call.tools), arguments: parseArguments(tool.json) }
}

function stopOf(reason: string | null): ModelAnswer['stop'] | 'refusal' {
  if (reason === 'refusal') return 'refusal'
  if (reason === 'tool_use') return 'tool_calls'
  return reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'length' : 'end'
}

/** `input_tokens` leaves out what was read from or written to the cache; later events repeat what they know, or null. */
function spentOf(usage: ApiUsage | MessageDeltaUsage, before: Spent | null): Spent {
  return {
    input: usage.input_tokens ?? before?.input ?? 0,
    cached: usage.cache_read_input_tokens ?? before?.cached ?? 0,
    written: usage.cache_creation_input_tokens ?? before?.written ?? 0,
    output: usage.output_tokens ?? before?.output ?? 0,
  }
}
