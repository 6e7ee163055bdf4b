import type { ChatMessage } from '../core/model.ts'

/** Where in the messages a cache mark belongs. */
export interface Mark {
  message: number
  block: number
}

/** The API looks this many blocks back from a mark for something it has kept; two are left as a margin. */
const LOOKBACK = 18

/** Added by the core for one call only: a mark on it would never be found again. */
const FOR_THIS_CALL = '(continue)'

/**
 * Where Anthropic's cache is to be written and read (platform.claude.com/docs/en/build-with-claude/prompt-caching).
 * `end`: the last block that the next prompt will hold too. `earlier`: where the prompt before this one ended, if that
 * lies further back than the API looks by itself, as when many others have spoken since. Null where no mark is needed.
 */
export function cacheMarks(messages: readonly ChatMessage[]): {
  end: Mark | null
  endsForThisCall: boolean
  earlier: Mark | null
} {
  const blocks = messages.flatMap((message, index) =>
    Array.from({ length: blocksIn(message) }, (_, block) => ({ message: index, block })),
  )
  const last = messages.at(-1)
  const endsForThisCall = last?.role === 'user' && last.blocks.at(-1) === FOR_THIS_CALL
  if (endsForThisCall) blocks.pop()
  const mine = messages.findLastIndex((message) => message.role === 'assistant')
  const before = blocks.findLastIndex((mark) => mark.message < mine)
  const far = before >= 0 && blocks.length - 1 - before > LOOKBACK
  return { end: blocks.at(-1) ?? null, endsForThisCall, earlier: far ? (blocks[before] ?? null) : null }
}

function blocksIn(message: ChatMessage): number {
  if (message.role === 'tool') return message.results.length
  return message.blocks.length + (message.role === 'assistant' ? (message.tool_calls?.length ?? 0) : 0)
}
