/**
 * How often an app may identify: one shard per rate-limit key in 5 s, and 1000 times a day.
 * https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
 * https://docs.discord.com/developers/events/gateway#identifying
 */
import type { GatewayLimits } from './limits.ts'

/** The object in GET /gateway/bot. https://docs.discord.com/developers/events/gateway#session-start-limit-object */
export interface SessionStartLimit {
  total: number
  remaining: number
  /** ms */
  reset_after: number
  max_concurrency: number
}

export class IdentifyLimits {
  #limits: GatewayLimits
  #limited: boolean
  #lastByKey = new Map<number, number>()
  #started = 0
  #windowStarted: number | undefined

  constructor(limits: GatewayLimits, limited: boolean) {
    this.#limits = limits
    this.#limited = limited
  }

  /** Counts one identify of this shard. `too_soon` is answered with op 9; `used_up` ends every session. */
  take(shardId: number): 'ok' | 'too_soon' | 'used_up' {
    if (!this.#limited) return 'ok'
    if (this.status().remaining === 0) return 'used_up'
    const now = performance.now()
    const key = shardId % this.#limits.max_concurrency
    const last = this.#lastByKey.get(key)
    if (last !== undefined && now - last < this.#limits.identify_window_ms) return 'too_soon'
    this.#lastByKey.set(key, now)
    this.#windowStarted ??= now
    this.#started += 1
    return 'ok'
  }

  status(): SessionStartLimit {
    const now = performance.now()
    const window = this.#limits.session_starts_window_ms
    if (this.#windowStarted !== undefined && now - this.#windowStarted >= window) {
      this.#windowStarted = undefined
      this.#started = 0
    }
    return {
      total: this.#limits.session_starts,
      remaining: this.#limits.session_starts - this.#started,
      reset_after: this.#windowStarted === undefined ? 0 : Math.ceil(window - (now - this.#windowStarted)),
      max_concurrency: this.#limits.max_concurrency,
    }
  }
}
