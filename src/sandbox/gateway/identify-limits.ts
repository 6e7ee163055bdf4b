/**
 * How often an app may identify: one shard per rate-limit key in 5 s, and 1000 times a day.
 * https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
 * https://docs.discord.com/developers/events/gateway#identifying
 */
import type { GatewayWorld } from './world.ts'

type LimitTable = GatewayWorld['limits']

/** The object in GET /gateway/bot. https://docs.discord.com/developers/events/gateway#session-start-limit-object */
export interface SessionStartLimit {
  total: number
  remaining: number
  /** ms */
  reset_after: number
  max_concurrency: number
}

export class IdentifyLimits {
  #table: LimitTable
  #lastByKey = new Map<number, number>()
  #started = 0
  #windowStarted: number | undefined

  constructor(table: LimitTable) {
    this.#table = table
  }

  /** Counts one identify of this shard. `too_soon` is answered with op 9; `used_up` ends every session. */
  take(shardId: number): 'ok' | 'too_soon' | 'used_up' {
    if (!this.#table.rates) return 'ok'
    if (this.status().remaining === 0) return 'used_up'
    const now = performance.now()
    const key = shardId % this.#table.gateway.max_concurrency
    const last = this.#lastByKey.get(key)
    if (last !== undefined && now - last < this.#table.gateway.identify_window_ms) return 'too_soon'
    this.#lastByKey.set(key, now)
    this.#windowStarted ??= now
    this.#started += 1
    return 'ok'
  }

  status(): SessionStartLimit {
    const now = performance.now()
    const window = this.#table.gateway.session_starts_window_ms
    if (this.#windowStarted !== undefined && now - this.#windowStarted >= window) {
      this.#windowStarted = undefined
      this.#started = 0
    }
    return {
      total: this.#table.gateway.session_starts,
      remaining: this.#table.gateway.session_starts - this.#started,
      reset_after: this.#windowStarted === undefined ? 0 : Math.ceil(window - (now - this.#windowStarted)),
      max_concurrency: this.#table.gateway.max_concurrency,
    }
  }
}
