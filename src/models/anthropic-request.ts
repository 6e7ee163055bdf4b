import type {
  CacheControlEphemeral,
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages'
import { answerLength } from '../core/answer-length.ts'
import type { ChatMessage, ModelCall } from '../core/model.ts'
import { cacheMarks, type Mark } from './cache-marks.ts'
import { withQuirks } from './quirks.ts'
import { nameForApi } from './tool-names.ts'

const EPHEMERAL: CacheControlEphemeral = { type: 'ephemeral' }

/** The Messages API's shape of a call. Apart from the marks, a longer context's messages begin with the shorter one's. */
export function anthropicRequest(original: ModelCall): MessageCreateParamsStreaming {
  const call = withQuirks(original)
  const marks = cacheMarks(call.messages)
  const messages = call.messages.map(toMessage)
  if (marks.earlier !== null) mark(messages, marks.earlier)
  if (marks.endsForThisCall && marks.end !== null) mark(messages, marks.end)
  return {
    model: call.model.api_name,
    max_tokens: answerLength(call) ?? 4096,
    ...(call.tools.length > 0 ? { tools: call.tools.map(toTool) } : {}),
    ...(call.tools.length > 0 && call.no_more_tools ? { tool_choice: { type: 'none' as const } } : {}),
    ...(call.system === '' ? {} : { system: call.system }),
    messages,
    // The API takes 0 to 1 where others take 0 to 2; in a mixed run one number is meant for all.
    ...(call.temperature === null ? {} : { temperature: Math.min(1, call.temperature) }),
    ...(marks.endsForThisCall ? {} : { cache_control: EPHEMERAL }),
    stream: true,
  }
}

function toMessage(message: ChatMessage): MessageParam {
  if (message.role === 'user') return { role: 'user', content: message.blocks.map(toText) }
  if (message.role === 'tool') {
    return {
      role: 'user',
      content: message.results.map((result) => ({
        type: 'tool_result',
        tool_use_id: result.id,
        content: result.text === '' ? '(no text)' : result.text,
        ...(result.is_error ? { is_error: true } : {}),
      })),
    }
  }
  const calls = (message.tool_calls ?? []).map((call) => ({
    type: 'tool_use' as const,
    id: call.id,
    name: nameForApi(call.name),
    input: call.arguments,
  }))
  return { role: 'assistant', content: [...message.blocks.map(toText), ...calls] }
}

function toText(text: string): ContentBlockParam {
  return { type: 'text', text }
}

function toTool(tool: ModelCall['tools'][number]) {
  return {
    name: nameForApi(tool.name),
    description: tool.description,
    input_schema: { ...tool.input_schema, type: 'object' as const },
  }
}

function mark(messages: MessageParam[], { message, block }: Mark): void {
  const content = messages[message]?.content
  const marked = typeof content === 'string' ? undefined : content?.[block]
  if (marked !== undefined) Object.assign(marked, { cache_control: EPHEMERAL })
}
