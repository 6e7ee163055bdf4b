import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { ServeParts } from './parts.ts'
import { backroomsServer } from './server.ts'

export interface McpDoor {
  /** Answers a request to `/mcp`. */
  handle(request: Request): Promise<Response>
  close(): Promise<void>
}

interface OpenSession {
  transport: WebStandardStreamableHTTPServerTransport
  close(): Promise<void>
  usedAt: number
  /** Requests that are being answered. */
  busy: number
}

/** A client that went away without a word is forgotten after this long (ms). */
const IDLE_MS = 60 * 60_000
const MOST_SESSIONS = 100
const BODY_BYTES = 1024 * 1024

/**
 * Our MCP server over Streamable HTTP (specification 2025-11-25, "Transports"), for whoever holds the token; a session for each client.
 * Pages in a browser are refused unless they are of this very host.
 *
 * @param host on which address the door is. On a loopback address it is open to this machine alone: a `Host` that is another's name is
 * then somebody's trick (DNS rebinding), or a proxy that should pass on a loopback `Host`.
 */
export function mcpDoor(parts: ServeParts, { token, host }: { token: string; host: string }): McpDoor {
  const loopback = LOOPBACK.test(host) || host === '::1'
  const sessions = new Map<string, OpenSession>()
  const wanted = digest(token)

  const forget = (id: string) => {
    const session = sessions.get(id)
    sessions.delete(id)
    void session?.close().catch((err) => parts.log.debug({ err }, 'an MCP session could not be closed'))
  }
  const makeRoom = () => {
    const idle = [...sessions].filter(([, { busy }]) => busy === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt)
    for (const [id, { usedAt }] of idle) {
      if (sessions.size < MOST_SESSIONS && Date.now() - usedAt < IDLE_MS) return
      forget(id)
    }
  }
  const open = async (): Promise<OpenSession> => {
    makeRoom()
    const server = backroomsServer(parts)
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: BODY_BYTES,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => forget(id),
    })
    const session: OpenSession = { transport, close: () => server.close(), usedAt: Date.now(), busy: 0 }
    await server.connect(transport)
    return session
  }

  const handle = async (request: Request): Promise<Response> => {
    const { headers, method } = request
    const refused = strange(headers.get('host'), headers.get('origin'), loopback)
    if (refused) return problem(403, refused)
    const [, given = ''] = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
    if (!timingSafeEqual(digest(given), wanted))
      return problem(401, 'This door wants the token of BACKROOMS_MCP_TOKEN as a bearer token.', {
        'WWW-Authenticate': 'Bearer realm="backrooms"',
      })
    const id = headers.get('mcp-session-id')
    const known = id === null ? undefined : sessions.get(id)
    if (id !== null && !known) return problem(404, 'There is no such session (any more): initialize a new one.')
    if (!known && method !== 'POST') return problem(400, 'Mcp-Session-Id is missing: initialize a session first.')
    if (!known && sessions.size >= MOST_SESSIONS) {
      makeRoom()
      if (sessions.size >= MOST_SESSIONS) return problem(503, 'Too many MCP sessions are open here.')
    }
    const session = known ?? (await open())
    session.usedAt = Date.now()
    session.busy++
    try {
      return await session.transport.handleRequest(request)
    } finally {
      session.busy--
      // Whoever said something else than `initialize` got an error, and no session.
      if (!known && session.transport.sessionId === undefined) await session.close()
    }
  }

  return {
    handle,
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()))
      sessions.clear()
    },
  }
}

/** Equal lengths, whatever was given: the comparison then takes as long for any. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Why a request is refused before its token is looked at; null when it is not. */
function strange(host: string | null, origin: string | null, loopback: boolean): string | null {
  if (loopback && !LOOPBACK.test(host ?? '')) return 'This door answers only under a loopback name, like 127.0.0.1.'
  if (origin === null) return null
  const from = URL.canParse(origin) ? new URL(origin).host : null
  return from !== null && (from === host || (loopback && LOOPBACK.test(from)))
    ? null
    : 'Pages of other origins may not use this door.'
}

/** A JSON-RPC error without an id, as the specification ("Sending Messages to the Server") has it. */
function problem(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', error: { code: -32000, message } }, { status, headers })
}
