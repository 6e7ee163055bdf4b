/** What happens to a connection of the sandbox's gateway, and to each payload that comes over it. */
import type { WebSocket } from 'ws'
import { CLOSE, GatewayRefusal } from './close-codes.ts'
import { type Command, Connection, type ConnectionOptions } from './connection.ts'
import { GatewayFaults } from './faults.ts'
import { IdentifyLimits, type SessionStartLimit } from './identify-limits.ts'
import { checkIntents, guildSeenWith } from './intents.ts'
import { MemberRequests } from './members.ts'
import { type Identify, OP, type Resume } from './payloads.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import { isForShard, type Shard } from './shards.ts'
import type { GatewayWorld } from './world.ts'

export class Gateway {
  readonly connections = new Set<Connection>()
  #world: GatewayWorld
  #sessions: Sessions
  #identifies: IdentifyLimits
  #memberRequests: MemberRequests
  #faults: GatewayFaults
  #unsubscribe: () => void

  constructor(world: GatewayWorld) {
    this.#world = world
    this.#sessions = new Sessions(world)
    this.#identifies = new IdentifyLimits(world.limits)
    this.#memberRequests = new MemberRequests(world.limits)
    this.#faults = new GatewayFaults(world, this.connections, this.#sessions)
    this.#unsubscribe = world.subscribe((dispatch) => {
      if (!dispatch.to_bot || this.#sessions.none) return
      this.#faults.pass(dispatch, (passed) => this.#sessions.deliver(passed))
    })
  }

  connect(socket: WebSocket, asked: Omit<ConnectionOptions, 'table'>): void {
    const connection = new Connection(
      socket,
      {
        received: (from, payload) => this.#receive(from, payload),
        refused: (from, refusal) => this.#onRefusal(from, refusal),
        closed: (from, code) => this.#onClose(from, code),
      },
      { ...asked, table: this.#world.limits },
    )
    this.connections.add(connection)
  }

  sessionStartLimit(): SessionStartLimit {
    return this.#identifies.status()
  }

  close(): void {
    this.#unsubscribe()
    this.#faults.close()
    this.#sessions.forgetAll()
    // 1001: going away
    for (const connection of this.connections) connection.close(1001, 'The sandbox is shutting down.')
  }

  /** The token is worth nothing any more: every session ends. */
  revokeSessions(): void {
    this.#sessions.forgetAll()
    for (const connection of this.connections) connection.close(CLOSE.authentication_failed, 'Authentication failed.')
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
      for (const { t, d } of answers) this.#sessions.dispatch(session, t, d)
    } else if (payload.op === OP.request_soundboard_sounds) {
      // https://docs.discord.com/developers/events/gateway-events#soundboard-sounds: this server has none
      for (const guild_id of payload.d.guild_ids) {
        if (this.#world.guildCreatePayload(guild_id))
          this.#sessions.dispatch(session, 'SOUNDBOARD_SOUNDS', { guild_id, soundboard_sounds: [] })
      }
    } else if (payload.op === OP.request_channel_info && this.#world.guildCreatePayload(payload.d.guild_id)) {
      // https://docs.discord.com/developers/events/gateway-events#channel-info: no voice channel, so nothing to tell
      this.#sessions.dispatch(session, 'CHANNEL_INFO', { guild_id: payload.d.guild_id, channels: [] })
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
      // An app that was started anew cannot know when it last identified; one whose shards are running can.
      const couldKnow = [...this.connections].some((other) => other !== connection && other.identified)
      if (couldKnow)
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
    const session = this.#sessions.open(shard, intents)
    this.#sessions.attach(session, connection)
    const guilds = this.#guildsOf(shard)
    const ready = {
      ...this.#world.readyPayload(),
      v: connection.version,
      session_id: session.id,
      resume_gateway_url: connection.url,
      guilds: guilds.map((id) => ({ id, unavailable: true })),
      ...(sharded ? { shard } : {}),
    }
    this.#sessions.dispatchOnce(session, 'READY', ready)
    for (const id of guilds) {
      const guild = this.#world.guildCreatePayload(id)
      if (guild && intents & 1)
        this.#sessions.dispatch(session, 'GUILD_CREATE', guildSeenWith(intents, guild, this.#world))
    }
  }

  /** https://docs.discord.com/developers/events/gateway#resuming */
  #resume(connection: Connection, resume: Resume): void {
    if (connection.identified) throw new GatewayRefusal(CLOSE.already_authenticated, 'Already authenticated.')
    this.#authenticate(resume.token)
    const session = this.#sessions.get(resume.session_id)
    if (session && resume.seq > session.seq) {
      this.#sessions.invalidate(session)
      throw new GatewayRefusal(CLOSE.invalid_seq, 'Invalid seq.')
    }
    const missed = session?.missedSince(resume.seq)
    if (!session || !missed) {
      if (session) this.#sessions.invalidate(session)
      connection.sendOp(OP.invalid_session, false)
      return
    }
    session.connection?.close(CLOSE.unknown_error, 'The session was resumed on another connection.')
    this.#sessions.detach(session)
    connection.identified = true
    this.#sessions.attach(session, connection)
    this.#sessions.replay(session, missed)
    this.#sessions.dispatchOnce(session, 'RESUMED', { _trace: [] })
  }

  #authenticate(token: string): void {
    if (!this.#world.authenticate(token))
      throw new GatewayRefusal(CLOSE.authentication_failed, 'Authentication failed.')
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
    if (session && refusal.code === CLOSE.unknown_opcode) this.#sessions.invalidate(session)
  }

  /** 1000 and 1001 end the session, anything else leaves it. https://docs.discord.com/developers/events/gateway#initiating-a-disconnect */
  #onClose(connection: Connection, code: number): void {
    this.connections.delete(connection)
    const session = connection.session
    if (!session) return
    if (code === 1000 || code === 1001) this.#sessions.invalidate(session)
    else this.#sessions.detach(session)
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
