import type { RawFile, REST } from 'discord.js'

export interface Asked {
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
  const queues = new Map<string, { tail: Promise<unknown>; length: number }>()
  return {
    async request<T>(method: Method, route: `/${string}`, { body, query, files }: Asked = {}): Promise<T> {
      const key = limitedTogether(method, route)
      const queue = queues.get(key) ?? { tail: Promise.resolve(), length: 0 }
      queues.set(key, queue)
      const ask = () =>
        rest.request({
          fullRoute: route,
          method: method.toUpperCase() as never,
          // A webhook's address is its key; with the bot's token it would only risk that token.
          auth: !/^\/webhooks\/\d+\/./.test(route),
          ...(body === undefined ? {} : { body }),
          ...(query ? { query: queryOf(query) } : {}),
          ...(files?.length ? { files } : {}),
        })
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
