/** One WebSocket of an app: hello, heartbeats, the send limit, packing, and a bounded backlog. */
import type { WebSocket } from 'ws'
import { CLOSE, GatewayRefusal } from './close-codes.ts'
import { createPacker, type Packer, packPayload, type TransportCompression } from './compression.ts'
import { OP, parsePayload, type SentPayload } from './payloads.ts'
import type { Session } from './session.ts'
import type { GatewayWorld } from './world.ts'

/** What an app sends besides heartbeats. */
export type Command = Exclude<SentPayload, { op: typeof OP.heartbeat }>

interface ConnectionHandlers {
  received(connection: Connection, payload: Command): void
  /** the app broke a rule; the connection is being closed with that code */
  refused(connection: Connection, refusal: GatewayRefusal): void
  /** `code` as the app gave it; 1006 when it gave none, or when this side closed */
  closed(connection: Connection, code: number): void
}

export interface ConnectionOptions {
  /** of the API */
  version: number
  compression: TransportCompression
  /** where this app reached the gateway, for `resume_gateway_url` */
  url: string
  table: GatewayWorld['limits']
}

export class Connection {
  readonly url: string
  readonly version: number
  session: Session | undefined
  /** from an accepted identify until READY or the end of the session; another identify meanwhile is refused */
  identified = false
  /** the app asked for it in its identify, and did not ask for transport compression */
  compressPayloads = false
  #socket: WebSocket
  #transport: TransportCompression
  #packer: Packer
  #handlers: ConnectionHandlers
  #table: GatewayWorld['limits']
  #heartbeatDue: NodeJS.Timeout | undefined
  #ended = false
  #window = { started: 0, sends: 0 }
  /** payloads held back by the `silence` fault, or undefined */
  #held: string[] | undefined
  #heldBytes = 0

  constructor(socket: WebSocket, handlers: ConnectionHandlers, options: ConnectionOptions) {
    this.#socket = socket
    this.#handlers = handlers
    this.#table = options.table
    this.url = options.url
    this.version = options.version
    this.#packer = createPacker(
      options.compression,
      (frame) => this.#transmit(frame),
      () => this.close(CLOSE.unknown_error, 'Unknown error.'),
    )
    this.#transport = options.compression
    socket.on('message', (data) => this.#onMessage(data as Buffer))
    socket.on('close', (code) => this.#end(code))
    // ws closes the socket itself (1007, 1009 …) after a frame that breaks the protocol
    socket.on('error', () => {})
    this.#awaitHeartbeat()
    this.sendOp(OP.hello, { heartbeat_interval: this.#table.gateway.heartbeat_interval_ms, _trace: [] })
  }

  sendOp(op: number, d: unknown): void {
    this.send(JSON.stringify({ t: null, s: null, op, d }))
  }

  /** @param json a whole payload */
  send(json: string): void {
    if (this.#ended) return
    if (this.#held) {
      this.#held.push(json)
      this.#heldBytes += json.length
    } else if (this.compressPayloads && this.#transport === 'none') this.#transmit(packPayload(json))
    else this.#packer.pack(json)
    // A reader slower than the events would otherwise hold them all in memory; its session can still be resumed.
    if (this.#socket.bufferedAmount + this.#packer.pending + this.#heldBytes > this.#table.gateway.backlog_bytes)
      this.cut()
  }

  close(code: number, reason: string): void {
    this.#end(1006)
    this.#socket.close(code, reason.slice(0, 120))
    // an app that does not answer the close frame is not waited for
    setTimeout(() => this.#socket.terminate(), 2000).unref()
  }

  /** Ends the connection without a close frame. */
  cut(): void {
    this.#end(1006)
    this.#socket.terminate()
  }

  /** Nothing more is sent, not even heartbeat ACKs, until `speak`. */
  hush(): void {
    this.#held ??= []
  }

  speak(): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#heldBytes = 0
    for (const json of held) this.send(json)
  }

  #transmit(frame: string | Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame)
  }

  #onMessage(data: Buffer): void {
    if (this.#ended) return
    try {
      this.#countSend()
      const payload = parsePayload(data, this.#table.gateway.payload_bytes)
      if (payload.op === OP.heartbeat) this.#onHeartbeat()
      else this.#handlers.received(this, payload)
    } catch (error) {
      if (error instanceof GatewayRefusal) {
        this.#handlers.refused(this, error)
        this.close(error.code, error.message)
      } else {
        // A mistake of the sandbox's own costs this connection, not the process.
        process.emitWarning(error instanceof Error ? error : String(error))
        this.close(CLOSE.unknown_error, 'Unknown error.')
      }
    }
  }

  #onHeartbeat(): void {
    this.#awaitHeartbeat()
    this.sendOp(OP.heartbeat_ack, null)
  }

  /**
   * A missed heartbeat closes the connection; its session can be resumed ("you will be forced to Resume").
   * https://docs.discord.com/developers/events/gateway#sending-heartbeats
   */
  #awaitHeartbeat(): void {
    clearTimeout(this.#heartbeatDue)
    const due = this.#table.gateway.heartbeat_interval_ms + this.#table.gateway.heartbeat_grace_ms
    this.#heartbeatDue = setTimeout(() => {
      const refusal = new GatewayRefusal(CLOSE.session_timed_out, 'Session timed out: no heartbeat in time.')
      this.#handlers.refused(this, refusal)
      this.close(refusal.code, refusal.message)
    }, due)
    this.#heartbeatDue.unref()
  }

  /** https://docs.discord.com/developers/events/gateway#rate-limiting */
  #countSend(): void {
    if (!this.#table.rates) return
    const now = performance.now()
    if (now - this.#window.started >= this.#table.gateway.sends_window_ms) this.#window = { started: now, sends: 0 }
    this.#window.sends += 1
    if (this.#window.sends > this.#table.gateway.sends) throw new GatewayRefusal(CLOSE.rate_limited, 'Rate limited.')
  }

  /** At once, also when the other side has yet to notice: what happens from now on is for a resume to bring. */
  #end(code: number): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#heartbeatDue)
    this.#packer.close()
    this.#handlers.closed(this, code)
  }
}
