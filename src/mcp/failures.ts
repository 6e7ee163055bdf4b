import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ErrorCode, McpError as ProtocolError } from '@modelcontextprotocol/sdk/types.js'
import { McpError, type McpFailure } from '../core/mcp.ts'
import { type Session, TOO_LARGE } from './session.ts'
import { oneLine, reasonOf, seconds } from './words.ts'

interface Where {
  server: string
  /** Null: while its tools were listed. */
  tool: string | null
  session: Session
  signal: AbortSignal | undefined
  timeoutMs: number
  /** May it be asked again when nobody knows whether it was done? */
  repeatable: boolean
}

/** What went wrong with a request, as one sentence. */
export function failureOf(error: unknown, where: Where): McpError {
  const { server, tool, session, signal, timeoutMs, repeatable } = where
  const what = tool === null ? `listing the tools of the MCP server "${server}"` : `the call of ${server}/${tool}`
  const make = (failure: McpFailure, why: string) => {
    const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)} ${why}`
    return new McpError(failure, { server, tool }, `${sentence.replace(/[.\s]+$/, '')}.`, error)
  }
  if (signal?.aborted) return make('aborted', 'was cancelled')
  if (session.broken?.among) return make('too_large', beside(session.broken.among, session.broken.why, repeatable))
  if (session.broken) return make(session.broken.failure, `failed: ${session.broken.why}`)
  const garbage = session.garbage === null ? '' : `; the server wrote what is not MCP to stdout: "${session.garbage}"`
  if (session.ended) return make('died', `failed: the server went away: ${session.lastWords()}${garbage}`)
  if (isTimeout(error)) return make('timeout', `took too long: nothing came within ${seconds(timeoutMs)}${garbage}`)
  const said = oneLine(session.scrub.text(reasonOf(error)), 300)
  if (error instanceof ProtocolError && error.code === TOO_LARGE) return make('too_large', `failed: ${said}`)
  if (error instanceof ProtocolError) return make('refused', `was refused by the server: ${said}`)
  if (error instanceof StreamableHTTPError)
    return make('refused', `failed: the server answered HTTP ${error.code}: ${said}`)
  if (error instanceof Error && error.name.includes('Zod'))
    return make('refused', 'failed: what the server answered is not what MCP asks for')
  return make('died', `failed: ${said}`)
}

/** Several were being asked, and one answer ended them all. */
function beside(among: string[], why: string, repeatable: boolean): string {
  const all = [...new Set(among)].join(', ')
  const again = repeatable ? '' : '. It may have been done, so it was not asked again'
  return `was cut off: while the server answered ${among.length} calls (${all}), ${why}${again}`
}

/** The server says that it knows no such session, as after its restart; nothing was done. */
export function isSessionGone(error: unknown): boolean {
  if (error instanceof StreamableHTTPError)
    return error.code === 404 || (error.code === 400 && /session/i.test(error.message))
  return isRefusedConnection(error)
}

function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  return inner instanceof Error && 'code' in inner && inner.code === 'ECONNREFUSED'
}

function isTimeout(error: unknown): boolean {
  return (
    error instanceof ProtocolError &&
    error.code === ErrorCode.RequestTimeout &&
    /Request timed out|Maximum total timeout/.test(error.message)
  )
}
