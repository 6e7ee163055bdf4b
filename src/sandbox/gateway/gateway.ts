/** The sessions and connections of the sandbox's gateway, and what happens to a payload or an event. */
import type { WebSocket } from 'ws'
import type { Dispatch } from '../core/events.ts'
import { CLOSE, GatewayRefusal } from './close-codes.ts'
import type { TransportCompression } from './compression.ts'
import { type Command, Connection } from './connection.ts'
import { GatewayFaults } from './faults.ts'
import { IdentifyLimits, type SessionStartLimit } from './identify-limits.ts'
import { checkIntents, guildSeenWith, seenWith } from './intents.ts'
import { MemberRequests } from './members.ts'
import { type Identify, OP, type Resume } from './payloads.ts'
import { Session } from './session.ts'
import { isForShard, type Shard } from './shards.ts'
import type { GatewayWorld } from './world.ts'

export class Gateway {
  readonly connections = new Set<Connection>()
  readonly sessions = new Map<string, Session>()
  #world: GatewayWorld
  #identifies: IdentifyLimits
  #memberRequests: MemberRequests
  #faults: GatewayFaults
  #unsubscribe: () => void

  constructor(world: GatewayWorld) {
    this.#world = world
    this.#identifies = new IdentifyLimits(world.limits)
    this.#memberRequests = new MemberRequests(world.limits)
    this.#faults = new GatewayFaults(world, this)
    this.#unsubscribe = world.subscribe((dispatch) => this.#onDispatch(dispatch))
  }

  connect(socket: WebSocket, compression: TransportCompression, url: string): void {
    const connection = new Connection(
      socket,
      {
        received: (from, payload) => this.#receive(from, payload),
        refused: (from, refusal) => this.#onRefusal(from, refusal),
        closed: (from, code) => this.#onClose(from, code),
      },
      { compression, url, table: this.#world.limits },
    )
    this.connections.add(connection)
  }

  sessionStartLimit(): SessionStartLimit {
    return this.#identifies.status()
  }

  close(): void {
    this.#unsubscribe()
    this.#faults.close()
    for (const session of this.sessions.values()) clearTimeout(session.expiry)
    this.sessions.clear()
    // 1001: going away
    for (const connection of this.connections) connection.close(1001, 'The sandbox is shutting down.')
  }

  /** The token is worth nothing any more: every session ends. */
  revokeSessions(): void {
    for (const session of this.sessions.values()) this.invalidate(session)
    for (const connection of this.connections) connection.close(CLOSE.authentication_failed, 'Authentication failed.')
  }

  /** Forgets a session; a connection that it had must identify or resume anew. */
  invalidate(session: Session): void {
    clearTimeout(session.expiry)
    this.sessions.delete(session.id)
    this.detach(session)
  }

  /** Parts a session from its connection, and leaves it to be resumed. */
  detach(session: Session): void {
    const connection = session.connection
    if (!connection) return
    connection.session = undefined
    connection.identified = false
    session.connection = undefined
    if (this.sessions.has(session.id)) this.#expireLater(session)
  }

  #onDispatch(dispatch: Dispatch): void {
    if (!dispatch.to_bot || this.sessions.size === 0) return
    this.#faults.pass(dispatch, (passed) => this.#deliver(passed))
  }

  #deliver(dispatch: Dispatch): void {
    // Sessions mostly see the same object: it is written out once.
    const written = new Map<object, string>()
    for (const session of this.sessions.values()) {
      if (!isForShard(dispatch.guild_id, session.shard)) continue
      const d = seenWith(session.intents, dispatch, this.#world)
      if (!d) continue
      let json = written.get(d)
      if (json === undefined) {
        json = JSON.stringify(d)
        written.set(d, json)
      }
      this.#dispatch(session, dispatch.t, d, json)
    }
  }

  #dispatch(session: Session, t: string, d: Record<string, unknown>, json = JSON.stringify(d)): void {
    const s = session.dispatch(t, json)
    this.#note(session, t, s, d)
  }

  #note(session: Session, t: string, s: number, d: unknown): void {
    const { id: session_id, shard, connection } = session
    this.#world.record.add({ kind: 'dispatch', t, s, session_id, shard, sent: connection !== undefined, d })
  }

  #receive(connection: Connection, payload: Command): void {
    if (payload.op === OP.identify) this.#identify(connection, payload.d)
    else if (payload.op === OP.resume) this.#resume(connection, payload.d)
    else if (connection.session) this.#obey(connection.session, payload)
    else throw new GatewayRefusal(CLOSE.not_authenticated, 'Not authenticated.')
  }

  /** Presence and voice state were judged by their shape (payloads.ts): no presence is shown here, and no voice channel exists. */
  #obey(session: Session, payload: Command): void {
    if (payload.op === OP.request_guild_members) {
      const answers = this.#memberRequests.answer(payload.d, session.intents, this.#world)
      for (const { t, d } of answers) this.#dispatch(session, t, d)
    } else if (payload.op === OP.request_soundboard_sounds) {
      // https://docs.discord.com/developers/events/gateway-events#soundboard-sounds: this server has none
      for (const guild_id of payload.d.guild_ids) {
        if (this.#world.guildCreatePayload(guild_id))
          this.#dispatch(session, 'SOUNDBOARD_SOUNDS', { guild_id, soundboard_sounds: [] })
      }
    } else if (payload.op === OP.request_channel_info && this.#world.guildCreatePayload(payload.d.guild_id)) {
      // https://docs.discord.com/developers/events/gateway-events#channel-info: no voice channel, so nothing to tell
      this.#dispatch(session, 'CHANNEL_INFO', { guild_id: payload.d.guild_id, channels: [] })
    }
  }

  /** https://docs.discord.com/developers/events/gateway#identifying */
  #identify(connection: Connection, identify: Identify): void {
    if (connection.identified) throw new GatewayRefusal(CLOSE.already_authenticated, 'Already authenticated.')
    this.#authenticate(identify.token)
    const shard = identify.shard ?? ([0, 1] as const)
    if (shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1])
      throw new GatewayRefusal(CLOSE.invalid_shard, 'Invalid shard.')
    if (!Number.isInteger(identify.intents)) throw new GatewayRefusal(CLOSE.invalid_intents, 'Invalid intent(s).')
    const intents = identify.intents as number
    checkIntents(intents, this.#world.application.flags)
    const guilds = this.#guildsOf(shard)
    if (guilds.length > this.#world.limits.gateway.guilds_per_shard)
      throw new GatewayRefusal(CLOSE.sharding_required, 'Sharding required.')
    const turn = this.#identifies.take(shard[0])
    if (turn === 'used_up') {
      // Discord ends every session and resets the token then.
      this.revokeSessions()
      return
    }
    if (turn === 'too_soon') {
      const { max_concurrency, identify_window_ms } = this.#world.limits.gateway
      this.#violation(OP.identify, 0, `more than ${max_concurrency} identify per ${identify_window_ms} ms`)
      connection.sendOp(OP.invalid_session, false)
      return
    }
    connection.identified = true
    connection.compressPayloads = Boolean(identify.compress)
    this.#faults.beforeReady(() => {
      if (this.connections.has(connection) && connection.identified)
        this.#begin(connection, shard, intents, identify.shard != null)
    })
  }

  #begin(connection: Connection, shard: Shard, intents: number, sharded: boolean): void {
    const session = new Session(shard, intents, this.#world.limits.gateway)
    this.sessions.set(session.id, session)
    this.#attach(session, connection)
    const guilds = this.#guildsOf(shard)
    const ready = {
      ...this.#world.readyPayload(),
      v: 10,
      session_id: session.id,
      resume_gateway_url: connection.url,
      guilds: guilds.map((id) => ({ id, unavailable: true })),
      ...(sharded ? { shard } : {}),
    }
    this.#note(session, 'READY', session.dispatchOnce('READY', JSON.stringify(ready)), ready)
    for (const id of guilds) {
      const guild = this.#world.guildCreatePayload(id)
      if (guild && intents & 1) this.#dispatch(session, 'GUILD_CREATE', guildSeenWith(intents, guild, this.#world))
    }
  }

  /** https://docs.discord.com/developers/events/gateway#resuming */
  #resume(connection: Connection, resume: Resume): void {
    if (connection.identified) throw new GatewayRefusal(CLOSE.already_authenticated, 'Already authenticated.')
    this.#authenticate(resume.token)
    const session = this.sessions.get(resume.session_id)
    if (session && resume.seq > session.seq) {
      this.invalidate(session)
      throw new GatewayRefusal(CLOSE.invalid_seq, 'Invalid seq.')
    }
    const missed = session?.missedSince(resume.seq)
    if (!session || !missed) {
      if (session) this.invalidate(session)
      connection.sendOp(OP.invalid_session, false)
      return
    }
    session.connection?.close(CLOSE.unknown_error, 'The session was resumed on another connection.')
    this.detach(session)
    connection.identified = true
    this.#attach(session, connection)
    for (const event of missed) {
      connection.send(event.json)
      this.#world.record.add({
        kind: 'dispatch',
        t: event.t,
        s: event.seq,
        session_id: session.id,
        shard: session.shard,
        sent: true,
        replayed: true,
      })
    }
    this.#note(session, 'RESUMED', session.dispatchOnce('RESUMED', '{"_trace":[]}'), {})
  }

  #authenticate(token: string): void {
    if (!this.#world.authenticate(token))
      throw new GatewayRefusal(CLOSE.authentication_failed, 'Authentication failed.')
  }

  #attach(session: Session, connection: Connection): void {
    clearTimeout(session.expiry)
    session.connection = connection
    connection.session = session
  }

  #guildsOf(shard: Shard): string[] {
    const guilds = (this.#world.readyPayload().guilds ?? []) as { id: string }[]
    return guilds.map((guild) => guild.id).filter((id) => isForShard(id, shard))
  }

  #onRefusal(connection: Connection, refusal: GatewayRefusal): void {
    this.#violation(undefined, refusal.code, refusal.message)
    const session = connection.session
    // Resuming after an unknown opcode is reported to be answered with op 9; the others stay resumable.
    // https://github.com/discord/discord-api-docs/pull/4376
    if (session && refusal.code === CLOSE.unknown_opcode) this.invalidate(session)
  }

  /** 1000 and 1001 end the session, anything else leaves it. https://docs.discord.com/developers/events/gateway#initiating-a-disconnect */
  #onClose(connection: Connection, code: number): void {
    this.connections.delete(connection)
    const session = connection.session
    if (!session) return
    if (code === 1000 || code === 1001) this.invalidate(session)
    else this.detach(session)
  }

  #expireLater(session: Session): void {
    clearTimeout(session.expiry)
    session.expiry = setTimeout(() => this.sessions.delete(session.id), this.#world.limits.gateway.session_ms)
    session.expiry.unref()
    session.leftAt = performance.now()
    const waiting = [...this.sessions.values()].filter((other) => !other.connection).sort((a, b) => a.leftAt - b.leftAt)
    if (waiting[0] && waiting.length > this.#world.limits.gateway.waiting_sessions) this.invalidate(waiting[0])
  }

  #violation(op: number | undefined, code: number, reason: string): void {
    this.#world.violations.add({
      method: 'GATEWAY',
      path: op === undefined ? '/gateway' : `/gateway op ${op}`,
      code,
      reason,
    })
  }
}
