import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { nearestSentence } from '../../core/nearest.ts'
import type { Log } from '../../engine/ports.ts'

export const runId = z.string().min(1).max(100).describe('As start_run and list_runs give it')

/**
 * The arguments of a tool, and no others: `max_turn` in place of `max_turns` would begin a run without an end. The refusal names what was meant.
 */
export function only<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map((key) => `There is no argument "${key.slice(0, 60)}". ${nearestSentence(key, Object.keys(shape))}`)
            .join(' ')
        : undefined,
  })
}

interface Extra {
  signal: AbortSignal
}

/** A tool's handler. What a person can mend is told to the client; a mistake of ours goes to the log. */
export function answering<A>(log: Log, work: (args: A, extra: Extra) => Promise<CallToolResult>) {
  return async (args: A, extra: Extra): Promise<CallToolResult> => {
    try {
      return await work(args, extra)
    } catch (error) {
      if (error instanceof UserError) return failed(error.message)
      log.error({ err: error }, 'an MCP client met a mistake of ours')
      return failed('Something went wrong here; the log of Backrooms says more.')
    }
  }
}

/** For clients that read text, and for those that read data. */
export function told(text: string, structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent }
}

const failed = (text: string): CallToolResult => ({ isError: true, content: [{ type: 'text', text }] })
