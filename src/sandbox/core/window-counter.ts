/** Counts in fixed windows that begin with the first request, as Discord's buckets do. */
import type { Bucket } from './limits.ts'

export interface Taken {
  allowed: boolean
  remaining: number
  /** ms since 1970 when the window ends */
  reset: number
}

/** Windows that have ended are swept when there are this many. */
const SWEEP_AT = 5000

export class WindowCounter {
  #windows = new Map<string, { used: number; reset: number }>()

  take(key: string, bucket: Bucket, now: number): Taken {
    const current = this.#windows.get(key)
    const window = current && current.reset > now ? current : { used: 0, reset: now + bucket.window }
    if (window !== current) this.#open(key, window, now)
    const allowed = window.used < bucket.limit
    if (allowed) window.used += 1
    return { allowed, remaining: Math.max(0, bucket.limit - window.used), reset: window.reset }
  }

  /** What is left without taking any. */
  peek(key: string, bucket: Bucket, now: number): Taken {
    const current = this.#windows.get(key)
    if (!current || current.reset <= now) return { allowed: true, remaining: bucket.limit, reset: now + bucket.window }
    return {
      allowed: current.used < bucket.limit,
      remaining: Math.max(0, bucket.limit - current.used),
      reset: current.reset,
    }
  }

  clear(): void {
    this.#windows.clear()
  }

  #open(key: string, window: { used: number; reset: number }, now: number): void {
    if (this.#windows.size >= SWEEP_AT) {
      for (const [other, { reset }] of this.#windows) if (reset <= now) this.#windows.delete(other)
    }
    this.#windows.set(key, window)
  }
}
