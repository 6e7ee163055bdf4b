import { setTimeout as delay } from 'node:timers/promises'
import type { RawFile, REST } from 'discord.js'

interface Asked {
  body?: unknown
  query?: Record<string, string | number | boolean | undefined>
  files?: RawFile[]
}

type Method = 'get' | 'post' | 'patch' | 'delete'

/**
 * Requests to Discord, one at a time for each thing that Discord limits together: whoever asks first goes first, so that runs
 * which share a webhook take turns, and none of them runs into a limit that an answer under way is about to tell.
 */
export interface Api {
  request<T>(method: Method, route: `/${string}`, asked?: Asked): Promise<T>
  /** How many wait before the next such request. */
  waiting(method: Method, route: `/${string}`): number
}

export function makeApi(rest: REST): Api {
  const turn = pacer(rest)
  const limits = limitsOf(rest)
  const queues = new Map<string, { tail: Promise<unknown>; length: number }>()
  return {
    async request<T>(method: Method, route: `/${string}`, { body, query, files }: Asked = {}): Promise<T> {
      const key = limitedTogether(method, route)
      const queue = queues.get(key) ?? { tail: Promise.resolve(), length: 0 }
      queues.set(key, queue)
      const askedAt = performance.now()
      const ask = async () => {
        await limits.pass(key)
        await turn(askedAt)
        return rest.request({
          fullRoute: route,
          method: method.toUpperCase() as never,
          // A webhook's address is its key; with the bot's token it would only risk that token.
          auth: !/^\/webhooks\/\d+\/./.test(route),
          ...(body === undefined ? {} : { body }),
          ...(query ? { query: queryOf(query) } : {}),
          ...(files?.length ? { files } : {}),
        })
      }
      const mine = queue.tail.then(ask, ask)
      queue.tail = mine
      queue.length++
      try {
        return (await mine) as T
      } finally {
        if (--queue.length === 0) queues.delete(key)
      }
    },
    waiting: (method, route) => queues.get(limitedTogether(method, route))?.length ?? 0,
  }
}

/**
 * What the answers said of their limits. REST heeds them as well; here it is done before a request takes its place in the second, or
 * requests that waited for the same moment would all leave at once.
 */
function limitsOf(rest: REST): { pass(key: string): Promise<void> } {
  const full = new Map<string, number>()
  const offset = typeof rest.options.offset === 'number' ? rest.options.offset : 50
  rest.on('response', ({ method, path }, { headers }) => {
    const key = limitedTogether(method.toLowerCase() as Method, path)
    const reset = Number(headers.get('x-ratelimit-reset-after') ?? 0) * 1000
    if (headers.get('x-ratelimit-remaining') === '0') full.set(key, performance.now() + reset + offset + 1)
    else full.delete(key)
  })
  return {
    async pass(key) {
      const left = (full.get(key) ?? 0) - performance.now()
      if (left > 0) await delay(left)
    },
  }
}

/** Of the requests that Discord allows a bot each second, so many are used here; the rest is for answers to people. */
const SHARE = 0.93
/** After a second's rest so many requests may leave at once: opening a run takes about as many. */
const RESTED_BURST = 10

/**
 * Spreads requests over the second. A client that sends all it may at the start of each second is refused whenever Discord's second
 * began a little later than its own; no header tells of this limit before it is passed. Whoever has asked longest goes first, so that
 * threads are served alike, however many of them share a webhook.
 */
function pacer(rest: REST): (askedAt: number) => Promise<void> {
  const apart = 1000 / (rest.options.globalRequestsPerSecond * SHARE)
  const waiting: { askedAt: number; go: () => void }[] = []
  let next = 0
  let working = false
  let eased = 0
  let spare = 1

  /** While REST itself holds everything back, nothing shall pile up in it. */
  const paused = () => (rest.globalRemaining > 0 ? 0 : rest.globalReset + RESUMED_AFTER - Date.now())

  async function work(): Promise<void> {
    working = true
    if (performance.now() - next > 1000) {
      spare = RESTED_BURST
      eased = 0
    }
    while (waiting.length > 0) {
      next = Math.max(next, performance.now() - spare * apart)
      for (let wait = Math.max(next - performance.now(), paused()); wait > 0; wait = paused()) await delay(wait)
      next += eased++ < EASED ? apart * 1.5 : apart
      spare = Math.max(1, spare - 1)
      const longest = waiting.reduce((a, b) => (b.askedAt < a.askedAt ? b : a))
      waiting.splice(waiting.indexOf(longest), 1)
      longest.go()
    }
    working = false
  }

  return (askedAt) =>
    new Promise((go) => {
      waiting.push({ askedAt, go })
      if (!working) void work()
    })
}

/** After a rest so many requests go a little slower: the burst counts too, and opening connections brings requests closer together. */
const EASED = 50
/** REST waits this much (ms) longer than Discord says. */
const RESUMED_AFTER = 55

/** https://docs.discord.com/developers/topics/rate-limits: by method, route and the channel, server or webhook in it; other ids do not count. */
function limitedTogether(method: Method, route: string): string {
  const [, top = '', rest = ''] = /^(\/[a-z]+\/\d+)(.*)$/.exec(route) ?? [null, '', route]
  return `${method} ${top}${rest.replaceAll(/\d{16,}/g, ':id')}`
}

function queryOf(query: NonNullable<Asked['query']>): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value))
  return params
}
