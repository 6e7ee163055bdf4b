/**
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes
 * What goes wrong on the gateway on demand. A fault on `*` strikes at once, one on an event's name when that event comes:
 *   cut              the connection ends without a close frame
 *   reconnect        op 7, and the connection is closed a little later
 *   invalid_session  op 9; `resumable` false (the default) forgets the session
 *   silence          nothing is sent for `ms` (10,000), not even ACKs; what was held back follows
 *   duplicate        the event comes twice
 *   out_of_order     the event waits for up to three events of other channels (at most `ms`, 250); order within its channel holds
 *   late_ready       READY comes `ms` (5,000) late
 */
import type { Dispatch } from '../core/events.ts'
import { type Fault, type GatewayKind, seeded } from '../core/faults.ts'
import { CLOSE } from './close-codes.ts'
import type { Connection } from './connection.ts'
import { OP } from './payloads.ts'
import type { Sessions } from './sessions.ts'
import type { GatewayWorld } from './world.ts'

const ON_EVENT: readonly GatewayKind[] = ['cut', 'reconnect', 'invalid_session', 'silence', 'duplicate', 'out_of_order']

interface Held {
  dispatches: Dispatch[]
  /** events of other channels still to pass before it */
  behind: number
  release: () => void
  timer: NodeJS.Timeout
}

export class GatewayFaults {
  #world: GatewayWorld
  #connections: ReadonlySet<Connection>
  #sessions: Sessions
  #unsubscribe: () => void
  #held = new Map<string, Held>()
  #timers = new Set<NodeJS.Timeout>()
  #random = seeded(1)

  constructor(world: GatewayWorld, connections: ReadonlySet<Connection>, sessions: Sessions) {
    this.#world = world
    this.#connections = connections
    this.#sessions = sessions
    this.#unsubscribe = world.faults.onGateway((fault) => this.#strike(fault))
  }

  close(): void {
    this.#unsubscribe()
    for (const held of this.#held.values()) clearTimeout(held.timer)
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** Hands an event on, perhaps twice, perhaps later, perhaps just as the connection breaks. */
  pass(dispatch: Dispatch, deliver: (dispatch: Dispatch) => void): void {
    const fault = this.#world.faults.take('gateway', dispatch.t, ON_EVENT)
    const channel = channelOf(dispatch)
    const held = this.#held.get(channel)
    if (held) {
      held.dispatches.push(dispatch)
      if (fault?.kind === 'duplicate') held.dispatches.push(dispatch)
    } else if (fault?.kind === 'out_of_order') {
      this.#hold(channel, dispatch, fault, deliver)
      return
    } else {
      // Cut before the event is sent: it is what a resume must bring.
      if (fault && fault.kind !== 'duplicate') this.#strike(fault)
      deliver(dispatch)
      if (fault?.kind === 'duplicate') deliver(dispatch)
    }
    for (const [other, waiting] of this.#held) {
      if (other !== channel && --waiting.behind <= 0) waiting.release()
    }
  }

  beforeReady(begin: () => void): void {
    const fault = this.#world.faults.take('gateway', 'READY', ['late_ready'])
    if (fault) this.#later(fault.ms ?? 5_000, begin)
    else begin()
  }

  /** @returns whether the fault was of a kind that strikes at once */
  #strike(fault: Fault): boolean {
    const connections = [...this.#connections]
    switch (fault.kind) {
      case 'cut':
        for (const connection of connections) connection.cut()
        return true
      case 'reconnect':
        for (const connection of connections) {
          connection.sendOp(OP.reconnect, null)
          this.#later(this.#world.limits.gateway.reconnect_close_ms, () =>
            connection.close(CLOSE.unknown_error, 'Reconnect.'),
          )
        }
        return true
      case 'invalid_session':
        for (const connection of connections) {
          const session = connection.session
          if (!session) continue
          if (fault.resumable) this.#sessions.detach(session)
          else this.#sessions.invalidate(session)
          connection.sendOp(OP.invalid_session, fault.resumable === true)
        }
        return true
      case 'silence':
        for (const connection of connections) connection.hush()
        this.#later(fault.ms ?? 10_000, () => {
          for (const connection of connections) connection.speak()
        })
        return true
      default:
        return false
    }
  }

  #hold(channel: string, dispatch: Dispatch, fault: Fault, deliver: (dispatch: Dispatch) => void): void {
    if (fault.seed !== undefined) this.#random = seeded(fault.seed)
    const release = () => {
      clearTimeout(held.timer)
      this.#held.delete(channel)
      for (const waiting of held.dispatches) deliver(waiting)
    }
    const timer = setTimeout(release, fault.ms ?? 250)
    const held: Held = { dispatches: [dispatch], behind: 1 + Math.floor(this.#random() * 3), release, timer }
    this.#held.set(channel, held)
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    this.#timers.add(timer)
  }
}

/** The channel whose order an event belongs to; a server-wide event belongs to its server's. */
function channelOf({ t, d, guild_id }: Dispatch): string {
  const own = t.startsWith('CHANNEL_') || t.startsWith('THREAD_') ? d.id : d.channel_id
  return String(own ?? guild_id ?? '')
}
