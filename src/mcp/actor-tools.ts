import type { Bus } from '../core/bus.ts'
import { type Mcp, McpError } from '../core/mcp.ts'
import type { ToolCall, ToolResult, ToolSpec } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import { sentence } from '../core/sentence.ts'
import { shorten } from '../core/shorten.ts'
import type { Store } from '../core/store.ts'
import { commit } from '../engine/commit.ts'
import type { Log, Tools, Transcript } from '../engine/ports.ts'
import { answerText } from './result-text.ts'
import { seconds } from './words.ts'

interface ActorToolsParts {
  mcp: Mcp
  store: Store
  bus: Bus
  transcript: Transcript
  log: Log
}

/** Characters of a result that reach a model: a turn that reads a book would cost as much as a run. */
const MOST_TEXT = 20_000
/** What a model is told of a tool. */
const MOST_DESCRIPTION = 1000
/** A turn waits no longer (ms) for a server to say which tools it has. */
const SPECS_MS = 30_000

/** Tools of MCP servers for the actors of a run: those that its template or its start named as `server/tool`, and no others. */
export function createActorTools(parts: ActorToolsParts): Tools {
  return {
    async specs(run, signal) {
      const granted = run.spec.tools.map((name) => split(name))
      const found = await Promise.all(
        [...new Set(granted.map(({ server }) => server))].map((server) => specsOf(parts, run, server, signal)),
      )
      const specs = new Map(found.flat().map((spec) => [spec.name, spec]))
      return [...new Set(run.spec.tools)].flatMap((name) => specs.get(name) ?? [])
    },

    async call(run, call, signal) {
      if (!run.spec.tools.includes(call.name)) return failed(call, notGranted(run, call.name))
      const { server, tool } = split(call.name)
      try {
        const answer = await parts.mcp.call(server, tool, call.arguments, { signal })
        const text = answerText(answer, MOST_TEXT)
        return { id: call.id, name: call.name, text, is_error: answer.isError }
      } catch (error) {
        if (!(error instanceof McpError)) {
          parts.log.error({ run: run.id, tool: call.name, err: error }, 'a tool call stumbled over a mistake of ours')
          return failed(call, `${call.name} failed in an unexpected way.`)
        }
        return failed(call, error.message)
      }
    },
  }
}

/** Those of the server's tools that the run was granted. What is missing is told in the thread, once. */
async function specsOf(parts: ActorToolsParts, run: Run, server: string, signal: AbortSignal): Promise<ToolSpec[]> {
  const wanted = run.spec.tools.map(split).flatMap((name) => (name.server === server ? [name.tool] : []))
  const late = AbortSignal.timeout(SPECS_MS)
  try {
    const has = await parts.mcp.tools(server, { signal: AbortSignal.any([signal, late]) })
    const missing = wanted.filter((name) => !has.some((tool) => tool.name === name))
    if (missing.length > 0) {
      const names = has.map((tool) => tool.name).join(', ') || 'none'
      await tellOnce(parts, run, server, `it has no ${missing.join(', ')}; its tools are ${names}.`)
    }
    return has
      .filter((tool) => wanted.includes(tool.name))
      .map((tool) => ({
        name: `${server}/${tool.name}`,
        description: tool.description.slice(0, MOST_DESCRIPTION).toWellFormed(),
        input_schema: tool.inputSchema,
      }))
  } catch (error) {
    if (signal.aborted) return []
    const why = late.aborted ? `it did not answer within ${seconds(SPECS_MS)}.` : (error as Error).message
    await tellOnce(parts, run, server, why)
    return []
  }
}

async function tellOnce({ store, bus, transcript, log }: ActorToolsParts, run: Run, server: string, why: string) {
  const key = `tools:${server}`
  if (run.state.reported.includes(key)) return
  const text = `The actors cannot use all tools of \`${server}\`: ${sentence(shorten(why, 1800))}`
  try {
    await commit({ store, bus }, run.id, (now) =>
      now.state.reported.includes(key) || now.status === 'ended'
        ? null
        : {
            state: { ...now.state, reported: [...now.state.reported, key] },
            deliveries: (after) => transcript.notice(after, text),
          },
    )
  } catch (err) {
    log.warn({ run: run.id, err }, 'missing tools could not be told')
  }
}

const failed = (call: ToolCall, text: string): ToolResult => ({ id: call.id, name: call.name, text, is_error: true })

function notGranted(run: Run, name: string): string {
  return `There is no tool "${name}" in this conversation. ${run.spec.tools.length === 0 ? 'There are none.' : `There are: ${run.spec.tools.join(', ')}.`}`
}

/** `server/tool`; a tool's own name may hold further slashes. */
function split(name: string): { server: string; tool: string } {
  const at = name.indexOf('/')
  return at < 0 ? { server: name, tool: '' } : { server: name.slice(0, at), tool: name.slice(at + 1) }
}
