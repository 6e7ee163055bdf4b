/** One session: what an identify begins and a resume takes up again, over any number of connections. */
import { randomBytes } from 'node:crypto'
import type { GatewayLimits } from '../core/gateway-limits.ts'
import type { Connection } from './connection.ts'
import type { Shard } from './shards.ts'

export interface Replayable {
  seq: number
  t: string
  json: string
}

export class Session {
  readonly id = randomBytes(16).toString('hex')
  readonly shard: Shard
  readonly intents: number
  seq = 0
  connection: Connection | undefined
  /** ends the session when no connection has taken it up in time */
  expiry: NodeJS.Timeout | undefined
  /** when it last lost its connection, ms of performance.now() */
  leftAt = 0
  #replay: Replayable[] = []
  #bytes = 0
  /** the newest sequence number that can no longer be replayed */
  #lost = 0
  #limits: GatewayLimits

  constructor(shard: Shard, intents: number, limits: GatewayLimits) {
    this.shard = shard
    this.intents = intents
    this.#limits = limits
  }

  /** Numbers the event, keeps it for replay and sends it if there is a connection. @returns its sequence number */
  dispatch(t: string, dJson: string): number {
    const event = this.#number(t, dJson)
    this.#replay.push(event)
    this.#bytes += event.json.length
    if (this.#replay.length > this.#limits.replay_events || this.#bytes > this.#limits.replay_bytes)
      this.#forgetOldest()
    this.connection?.send(event.json)
    return event.seq
  }

  /** READY and RESUMED: numbered like any event, and never replayed. */
  dispatchOnce(t: string, dJson: string): number {
    const event = this.#number(t, dJson)
    this.connection?.send(event.json)
    return event.seq
  }

  /**
   * The events after `seq`, in order; undefined when the buffer no longer reaches back so far.
   * https://docs.discord.com/developers/events/gateway#resuming
   */
  missedSince(seq: number): readonly Replayable[] | undefined {
    if (seq < this.#lost) return undefined
    return this.#replay.filter((event) => event.seq > seq)
  }

  #number(t: string, dJson: string): Replayable {
    const seq = ++this.seq
    return { seq, t, json: `{"t":"${t}","s":${seq},"op":0,"d":${dJson}}` }
  }

  /** A tenth at a time, so that a full buffer does not shift its whole length for each event. */
  #forgetOldest(): void {
    const count = Math.ceil(this.#replay.length / 10)
    for (const event of this.#replay.splice(0, count)) {
      this.#bytes -= event.json.length
      this.#lost = event.seq
    }
  }
}
