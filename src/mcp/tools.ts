import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js'
import type { ToolInfo } from '../core/mcp.ts'
import { argumentChecks } from './arguments.ts'
import type { Session } from './session.ts'

export const LIST_MS = 30_000
const MAX_TOOLS = 2000

export interface KnownTool extends ToolInfo {
  check: ReturnType<ReturnType<typeof argumentChecks>>
  /** It answers by a task alone (specification 2025-11-25, "Tasks"). */
  needsTask: boolean
  /** It says that calling it twice does no more than calling it once (specification, "ToolAnnotations"). */
  repeatable: boolean
}

/** Every page of what a server has. */
export async function listTools({ client, scrub }: Session): Promise<KnownTool[]> {
  if (!client.getServerCapabilities()?.tools) return []
  const tools: KnownTool[] = []
  const checkOf = argumentChecks()
  let cursor: string | undefined
  do {
    const params = cursor === undefined ? {} : { cursor }
    const page = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, { timeout: LIST_MS })
    for (const tool of page.tools) {
      tools.push({
        name: tool.name,
        title: tool.title ?? tool.annotations?.title ?? null,
        description: scrub.text(tool.description ?? ''),
        inputSchema: scrub.json(tool.inputSchema),
        check: checkOf(tool.inputSchema),
        needsTask: tool.execution?.taskSupport === 'required',
        repeatable: tool.annotations?.readOnlyHint === true || tool.annotations?.idempotentHint === true,
      })
    }
    cursor = page.nextCursor === cursor ? undefined : page.nextCursor
  } while (cursor !== undefined && tools.length < MAX_TOOLS)
  return tools
}

type How = { signal: AbortSignal; timeout: number; maxTotalTimeout: number }

/** Calls a tool that answers by a task, and asks until it is done. */
export async function throughTask(
  session: Session,
  params: { name: string; arguments: Record<string, unknown> },
  how: How,
) {
  const stream = session.client.experimental.tasks.callToolStream(params, CallToolResultSchema, { ...how, task: {} })
  for await (const message of stream) {
    if (message.type === 'result')
      return message.result as { content: unknown; structuredContent?: Record<string, unknown>; isError?: boolean }
    if (message.type === 'error') throw message.error
  }
  throw new Error('the task ended without a result')
}
