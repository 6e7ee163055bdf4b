/** All sessions: those with a connection and those that wait for one, and who of them is told of an event. https://docs.discord.com/developers/events/gateway#resuming */
import type { Dispatch } from '../core/events.ts'
import type { Connection } from './connection.ts'
import { seenWith } from './intents.ts'
import { type Replayable, Session } from './session.ts'
import { isForShard, type Shard } from './shards.ts'
import type { GatewayWorld } from './world.ts'

export class Sessions {
  #sessions = new Map<string, Session>()
  #world: GatewayWorld

  constructor(world: GatewayWorld) {
    this.#world = world
  }

  get none(): boolean {
    return this.#sessions.size === 0
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id)
  }

  open(shard: Shard, intents: number): Session {
    const session = new Session(shard, intents, this.#world.limits.gateway)
    this.#sessions.set(session.id, session)
    return session
  }

  attach(session: Session, connection: Connection): void {
    clearTimeout(session.expiry)
    session.connection = connection
    connection.session = session
    connection.identified = true
  }

  /** Parts a session from its connection, and leaves it to be resumed. */
  detach(session: Session): void {
    const connection = session.connection
    if (!connection) return
    connection.session = undefined
    connection.identified = false
    session.connection = undefined
    if (this.#sessions.has(session.id)) this.#expireLater(session)
  }

  /** Forgets a session; a connection that it had must identify anew. */
  invalidate(session: Session): void {
    clearTimeout(session.expiry)
    this.#sessions.delete(session.id)
    this.detach(session)
  }

  forgetAll(): void {
    for (const session of [...this.#sessions.values()]) this.invalidate(session)
  }

  /** Tells every session that may know of the event. */
  deliver(dispatch: Dispatch): void {
    // Sessions mostly see the same object: it is written out once.
    const written = new Map<object, string>()
    for (const session of this.#sessions.values()) {
      if (!isForShard(dispatch.guild_id, session.shard)) continue
      const d = seenWith(session.intents, dispatch, this.#world)
      if (!d) continue
      let json = written.get(d)
      if (json === undefined) {
        json = JSON.stringify(d)
        written.set(d, json)
      }
      this.dispatch(session, dispatch.t, d, json)
    }
  }

  dispatch(session: Session, t: string, d: Record<string, unknown>, json = JSON.stringify(d)): void {
    const s = session.dispatch(t, json)
    this.#note(session, { t, s, d })
  }

  /** READY and RESUMED, which are never replayed. */
  dispatchOnce(session: Session, t: string, d: Record<string, unknown>): void {
    const s = session.dispatchOnce(t, JSON.stringify(d))
    this.#note(session, { t, s, d })
  }

  /** Sends again what a lost connection may not have delivered. */
  replay(session: Session, missed: readonly Replayable[]): void {
    for (const { t, seq, json } of missed) {
      session.connection?.send(json)
      this.#note(session, { t, s: seq, replayed: true })
    }
  }

  #note(session: Session, event: Record<string, unknown>): void {
    const { id: session_id, shard, connection } = session
    this.#world.record.add({ kind: 'dispatch', session_id, shard, sent: connection !== undefined, ...event })
  }

  #expireLater(session: Session): void {
    const { session_ms, waiting_sessions } = this.#world.limits.gateway
    clearTimeout(session.expiry)
    session.expiry = setTimeout(() => this.#sessions.delete(session.id), session_ms)
    session.expiry.unref()
    session.leftAt = performance.now()
    const waiting = [...this.#sessions.values()]
      .filter((other) => !other.connection)
      .sort((a, b) => a.leftAt - b.leftAt)
    if (waiting[0] && waiting.length > waiting_sessions) this.invalidate(waiting[0])
  }
}
