/** The gateway's door: WebSocket connections on `/gateway` of the sandbox's HTTP server. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { CLOSE } from './close-codes.ts'
import type { TransportCompression } from './compression.ts'
import { Gateway } from './gateway.ts'
import type { SessionStartLimit } from './identify-limits.ts'
import { isLoopback } from './loopback.ts'
import type { GatewayWorld } from './world.ts'

export interface AttachedGateway {
  /** for GET /gateway/bot */
  sessionStartLimit(): SessionStartLimit
  /** ends every session with 4004: the token was revoked */
  revokeSessions(): void
  close(): Promise<void>
}

/** More than an app may send is still read, so that it can be answered with 4002; beyond this, ws closes with 1009. */
const FRAME_BYTES = 1024 * 1024

/**
 * The versions that are not deprecated; for what is served here the two are alike. Without `v` Discord falls back to v6.
 * https://docs.discord.com/developers/reference#api-versioning-api-versions
 */
const VERSIONS = [10, 9]

/** how long `close` waits for clients to answer the close frame */
const CLOSE_MS = 500

export function attachGateway(server: Server, world: GatewayWorld): AttachedGateway {
  const gateway = new Gateway(world)
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES })

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const host = request.headers.host ?? ''
    const address = `ws://sandbox${request.url}`
    const { pathname, searchParams } = new URL(URL.canParse(address) ? address : 'ws://sandbox')
    if (pathname !== '/gateway' && pathname !== '/gateway/') return refuse(socket, 404, 'The gateway is at /gateway.')
    if (!isLoopback(host, request.headers.origin))
      return refuse(socket, 403, 'The sandbox answers loopback hosts and origins only.')
    if (gateway.connections.size >= world.limits.gateway.connections)
      return refuse(socket, 503, 'Too many gateway connections; close some first.')
    const encoding = searchParams.get('encoding') ?? 'json'
    if (encoding !== 'json')
      return refuse(socket, 400, `The sandbox's gateway speaks encoding=json, not ${JSON.stringify(encoding)}.`)
    const compression = compressionOf(searchParams)
    if (!compression) return refuse(socket, 400, 'compress may be zlib-stream or zstd-stream.')
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const version = Number(searchParams.get('v'))
      if (!VERSIONS.includes(version)) {
        return ws.close(CLOSE.invalid_api_version, 'Invalid API version: the sandbox speaks v=10 and v=9.')
      }
      gateway.connect(ws, { compression, version, url: `ws://${host}/gateway` })
    })
  }
  server.on('upgrade', onUpgrade)

  return {
    sessionStartLimit: () => gateway.sessionStartLimit(),
    revokeSessions: () => gateway.revokeSessions(),
    async close() {
      server.off('upgrade', onUpgrade)
      gateway.close()
      const impatience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, CLOSE_MS)
      await new Promise((resolve) => sockets.close(resolve))
      clearTimeout(impatience)
    },
  }
}

/** https://docs.discord.com/developers/events/gateway#connecting-gateway-url-query-string-params */
function compressionOf(query: URLSearchParams): TransportCompression | undefined {
  const asked = query.get('compress')
  if (!asked) return 'none'
  return asked === 'zlib-stream' || asked === 'zstd-stream' ? asked : undefined
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ message, code: 0 })
  // a client that does not hang up is not waited for
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
