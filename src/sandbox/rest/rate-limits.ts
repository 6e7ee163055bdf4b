/** Buckets, the global limit, the ban for invalid requests. https://docs.discord.com/developers/topics/rate-limits */
import { createHash } from 'node:crypto'
import { type Taken, WindowCounter } from '../core/window-counter.ts'
import type { World } from '../core/world.ts'
import type { Route } from './route.ts'

export interface Verdict {
  headers: Record<string, string>
  /** present: the request is refused */
  refused?: { scope: 'user' | 'global' | 'shared'; retryAfter: number; announced: boolean }
}

/** The top-level resources that a bucket is counted for. https://docs.discord.com/developers/topics/rate-limits */
const MAJOR = ['channel_id', 'guild_id', 'webhook_id', 'webhook_token', 'interaction_token']

export class RateLimits {
  #world: World
  #buckets = new WindowCounter()
  #global = new WindowCounter()
  #invalid = new WindowCounter()
  #shared = new WindowCounter()
  /** bucket key → end of the window whose last request has been answered */
  #announced = new Map<string, number>()

  constructor(world: World) {
    this.#world = world
  }

  /** Whether too many invalid requests have shut the address out. @returns seconds to wait */
  banned(): number | undefined {
    const { limits } = this.#world
    if (!limits.rates) return undefined
    const left = this.#invalid.peek('invalid', limits.invalid, this.#world.now())
    return left.allowed ? undefined : (left.reset - this.#world.now()) / 1000
  }

  /** Counts an answer of 401, 403 or 429. */
  noteInvalid(): void {
    if (this.#world.limits.rates) this.#invalid.take('invalid', this.#world.limits.invalid, this.#world.now())
  }

  take(route: Route, params: Record<string, string>): Verdict {
    const { limits } = this.#world
    if (!limits.rates || route.unlimited) return { headers: {} }
    const now = this.#world.now()
    if (!route.interaction) {
      const all = this.#global.take('global', limits.global, now)
      if (!all.allowed) {
        const announced = this.#wasAnnounced('global', now)
        this.#announced.set('global', all.reset)
        return { headers: {}, refused: { scope: 'global', retryAfter: (all.reset - now) / 1000, announced } }
      }
    }
    const bucket = limits.buckets[route.bucket] ?? limits.buckets.default
    if (!bucket) return { headers: {} }
    const key = [route.bucket, ...MAJOR.map((name) => params[name] ?? '')].join(':')
    const taken = this.#buckets.take(key, bucket, now)
    const headers = headersOf(route.bucket, bucket.limit, taken, now)
    const shared = limits.shared[route.bucket]
    if (taken.allowed && shared && route.method !== 'GET') {
      const ofAll = this.#shared.take(route.bucket, shared, now)
      if (!ofAll.allowed) {
        return { headers, refused: { scope: 'shared', retryAfter: (ofAll.reset - now) / 1000, announced: false } }
      }
    }
    if (taken.allowed) {
      if (taken.remaining === 0) this.#announced.set(key, taken.reset)
      return { headers }
    }
    return {
      headers,
      refused: { scope: 'user', retryAfter: (taken.reset - now) / 1000, announced: this.#wasAnnounced(key, now) },
    }
  }

  /** What the headers of this route's bucket say while it is used up for so many seconds. */
  usedUp(route: Route, retryAfter: number): Record<string, string> {
    const { limits } = this.#world
    const bucket = limits.buckets[route.bucket] ?? limits.buckets.default
    const now = this.#world.now()
    const taken = { allowed: false, remaining: 0, reset: now + retryAfter * 1000 }
    return bucket ? headersOf(route.bucket, bucket.limit, taken, now) : {}
  }

  #wasAnnounced(key: string, now: number): boolean {
    return (this.#announced.get(key) ?? 0) > now
  }
}

const hashes = new Map<string, string>()

/** https://docs.discord.com/developers/topics/rate-limits#header-format-rate-limit-header-examples */
function headersOf(name: string, limit: number, taken: Taken, now: number): Record<string, string> {
  const hash = hashes.get(name) ?? createHash('md5').update(name).digest('hex')
  hashes.set(name, hash)
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(taken.remaining),
    'X-RateLimit-Reset': (taken.reset / 1000).toFixed(3),
    'X-RateLimit-Reset-After': Math.max(0, (taken.reset - now) / 1000).toFixed(3),
    'X-RateLimit-Bucket': hash,
  }
}

/** Headers and body of a 429. https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
export function tooMany(
  scope: 'user' | 'global' | 'shared',
  retryAfter: number,
): { headers: Record<string, string>; body: unknown } {
  const message = scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.'
  const seconds = Math.ceil(retryAfter * 1000) / 1000
  return {
    headers: {
      'Retry-After': String(Math.ceil(seconds)),
      'X-RateLimit-Scope': scope,
      ...(scope === 'global' ? { 'X-RateLimit-Global': 'true' } : {}),
    },
    body: { message, retry_after: seconds, global: scope === 'global' },
  }
}
