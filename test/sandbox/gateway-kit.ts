/** A gateway over a real world, and a client that shows every frame. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInflate, createZstdDecompress, inflateSync } from 'node:zlib'
import { WebSocket } from 'ws'
import type { Dispatch } from '../../src/sandbox/core/events.ts'
import { GATEWAY_LIMITS, type GatewayLimits } from '../../src/sandbox/core/gateway-limits.ts'
import { World } from '../../src/sandbox/core/world.ts'
import { type AttachedGateway, attachGateway } from '../../src/sandbox/gateway/server.ts'
import type { GatewayWorld } from '../../src/sandbox/gateway/world.ts'
import { openSqlite } from '../../src/sandbox/store/sqlite.ts'

export const INTENTS = { guilds: 1, members: 2, presences: 256, messages: 512, content: 1 << 15 }

export interface Payload {
  op: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every kind
  d: any
  s: number | null
  t: string | null
}

export interface Kit {
  world: World
  server: Server
  gateway: AttachedGateway
  url: string
  /** base of the REST routes, without the version */
  api: string
  connect(query?: string): RawClient
  /** connects, identifies and waits for READY */
  login(identify?: Record<string, unknown>, query?: string): Promise<RawClient>
  emit(dispatch: Partial<Dispatch> & { t: string; d: Record<string, unknown> }): void
  close(): Promise<void>
}

interface KitOptions {
  limits?: Partial<GatewayLimits>
  limited?: boolean
  /** what differs from the real world, such as a second guild */
  world?: (world: World) => GatewayWorld
}

export async function startKit(options: KitOptions = {}): Promise<Kit> {
  const world = new World({
    storage: openSqlite(':memory:'),
    limits: {
      rates: options.limited ?? true,
      gateway: { ...GATEWAY_LIMITS, identify_window_ms: 0, ...options.limits },
    },
  })
  // The one REST route that clients ask before they connect.
  const server = createServer((request, response) => {
    const url = `ws://${request.headers.host}/gateway`
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ url, shards: 1, session_start_limit: gateway.sessionStartLimit() }))
  })
  const gateway = attachGateway(server, options.world?.(world) ?? world)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/gateway`
  const clients: RawClient[] = []
  const connect = (query = '?v=10&encoding=json') => {
    const client = new RawClient(url + query)
    clients.push(client)
    return client
  }
  return {
    world,
    server,
    gateway,
    url,
    api: url.replace('ws:', 'http:').replace('/gateway', '/api'),
    connect,
    async login(identify = {}, query) {
      const client = connect(query)
      await client.op(10)
      client.identify(world.application.token, identify)
      await client.event('READY')
      return client
    },
    emit: (dispatch) => world.dispatch({ intents: 0, to_bot: true, guild_id: world.guild.id, ...dispatch }),
    async close() {
      for (const client of clients) client.socket.terminate()
      await gateway.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export class RawClient {
  readonly socket: WebSocket
  readonly received: Payload[] = []
  /** frames as they came */
  readonly frames: { bytes: Buffer; binary: boolean }[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  #waiters = new Set<() => void>()
  #taken = new Set<Payload>()

  constructor(url: string, options: { headers?: Record<string, string> } = {}) {
    this.socket = new WebSocket(url, options)
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
    this.socket.on('error', () => {})
    const unpack = unpacker(new URL(url).searchParams.get('compress'), (json) => this.#onJson(json))
    this.socket.on('message', (data, binary) => {
      this.frames.push({ bytes: data as Buffer, binary })
      unpack(data as Buffer)
    })
  }

  #onJson(json: string): void {
    this.received.push(JSON.parse(json) as Payload)
    for (const wake of this.#waiters) wake()
  }

  send(op: number, d: unknown): void {
    this.socket.send(JSON.stringify({ op, d }))
  }

  identify(token: string, more: Record<string, unknown> = {}): void {
    this.send(2, {
      token,
      intents: INTENTS.guilds | INTENTS.messages,
      properties: { os: 'linux', browser: 'raw', device: 'raw' },
      ...more,
    })
  }

  resume(token: string, session_id: string, seq: number): void {
    this.send(6, { token, session_id, seq })
  }

  /** the next payload of this opcode that no one has waited for yet */
  op(op: number): Promise<Payload> {
    return this.#next((payload) => payload.op === op)
  }

  event(t: string): Promise<Payload> {
    return this.#next((payload) => payload.t === t)
  }

  /** names of the events so far */
  get events(): string[] {
    return this.received.filter((payload) => payload.op === 0).map((payload) => String(payload.t))
  }

  /** resolves once all that was sent before has been dealt with: the heartbeat's ACK comes after it */
  async settled(): Promise<void> {
    this.send(1, null)
    await this.op(11)
  }

  #next(fits: (payload: Payload) => boolean): Promise<Payload> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.received.find((payload) => !this.#taken.has(payload) && fits(payload))
        if (!found) return
        this.#taken.add(found)
        this.#waiters.delete(look)
        resolve(found)
      }
      this.#waiters.add(look)
      look()
    })
  }
}

function unpacker(compress: string | null, onJson: (json: string) => void): (bytes: Buffer) => void {
  // Zlib's first byte is 0x78; JSON's is not.
  if (!compress) return (bytes) => onJson((bytes[0] === 0x78 ? inflateSync(bytes) : bytes).toString())
  // A frame's payload is complete when it parses: the streams hand out text as it comes.
  const stream = compress === 'zlib-stream' ? createInflate() : createZstdDecompress()
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text += chunk
    try {
      JSON.parse(text)
    } catch {
      return
    }
    onJson(text)
    text = ''
  })
  return (bytes) => stream.write(bytes)
}
