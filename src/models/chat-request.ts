import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { answerLength } from '../core/answer-length.ts'
import type { ChatMessage, ModelCall } from '../core/model.ts'
import { cacheMarks } from './cache-marks.ts'
import type { ChatDialect } from './chat-dialects.ts'
import { withQuirks } from './quirks.ts'
import { nameForApi } from './tool-names.ts'

/** Fields that OpenRouter adds to the API (openrouter.ai/docs/api-reference/parameters). */
interface OpenRouterFields {
  reasoning?: { enabled: true }
  usage?: { include: true }
}

/** Parts only where marks are needed: they are fields of parts. */
type Content = ChatDialect['content'] | 'parts'

export type ChatRequest = ChatCompletionCreateParamsStreaming & OpenRouterFields

/** The Chat Completions API's shape of a call, in a server's dialect. */
export function chatRequest(original: ModelCall, dialect: ChatDialect): ChatRequest {
  const call = withQuirks(original)
  const { model } = call
  const length = answerLength(call)
  const marked = dialect.marks(model)
  const messages = call.messages.flatMap((message) => toMessages(message, marked ? 'parts' : dialect.content))
  if (marked) markMessages(messages, call.messages)
  return {
    model: model.api_name,
    messages: call.system === '' ? messages : [{ role: 'system', content: call.system }, ...messages],
    ...(call.tools.length > 0 ? { tools: call.tools.map(toTool) } : {}),
    ...(call.tools.length > 0 && call.no_more_tools ? { tool_choice: 'none' as const } : {}),
    ...(call.temperature === null ? {} : { temperature: call.temperature }),
    ...(length === null
      ? {}
      : model.quirks.completion_tokens === true
        ? { max_completion_tokens: length }
        : { max_tokens: length }),
    ...(dialect.cacheKey ? { prompt_cache_key: call.cache_key } : {}),
    ...(dialect.openRouter ? { usage: { include: true } } : {}),
    ...(dialect.openRouter && model.quirks.reasoning === true ? { reasoning: { enabled: true } } : {}),
    stream: true,
    stream_options: { include_usage: true },
  }
}

function toMessages(message: ChatMessage, content: Content): ChatCompletionMessageParam[] {
  if (message.role === 'tool') {
    return message.results.map((result) => ({
      role: 'tool',
      tool_call_id: result.id,
      content: content === 'parts' ? [{ type: 'text', text: result.text }] : result.text,
    }))
  }
  if (message.role === 'user') return [{ role: 'user', content: contentOf(message.blocks, content) }]
  const calls = (message.tool_calls ?? []).map((call) => ({
    type: 'function' as const,
    id: call.id,
    function: { name: nameForApi(call.name), arguments: JSON.stringify(call.arguments) },
  }))
  return [
    {
      role: 'assistant',
      ...(message.blocks.length > 0 ? { content: contentOf(message.blocks, content) } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ]
}

/** Several blocks stay several parts where the server knows parts; one block is plain text, which every server knows. */
function contentOf(blocks: readonly string[], content: Content): string | { type: 'text'; text: string }[] {
  if (content === 'text' || (content === 'either' && blocks.length === 1)) return blocks.join('\n\n')
  return blocks.map((text) => ({ type: 'text', text }))
}

function toTool(tool: ModelCall['tools'][number]) {
  const { name, description, input_schema } = tool
  return { type: 'function' as const, function: { name: nameForApi(name), description, parameters: input_schema } }
}

/** OpenRouter hands Anthropic's marks on, as fields of text parts (openrouter.ai/docs/features/prompt-caching). */
function markMessages(messages: ChatCompletionMessageParam[], from: readonly ChatMessage[]): void {
  const { end, earlier } = cacheMarks(from)
  // Every block of ours, in order, is one part: a tool message became one message a result.
  const parts = from.map(() => [] as object[])
  let next = 0
  from.forEach((message, index) => {
    const count = message.role === 'tool' ? message.results.length : 1
    for (const { content } of messages.slice(next, next + count)) {
      if (Array.isArray(content)) parts[index]?.push(...content)
    }
    next += count
  })
  for (const place of [earlier, end]) {
    const part = place === null ? undefined : parts[place.message]?.[place.block]
    if (part !== undefined) Object.assign(part, { cache_control: { type: 'ephemeral' } })
  }
}
