import { AsyncLocalStorage } from 'node:async_hooks'
import type { Timeouts } from './provider.ts'

const current = new AsyncLocalStorage<Watch>()

/** What an SDK's client fetches with: the watch of the call that it serves. So one client serves all calls; making one for each was costly. */
export const watchedFetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
  const watch = current.getStore()
  if (!watch) throw new Error('A request was made outside of a watch.')
  return watch.fetch(input, init)
}

/**
 * Watches one request: ends it when the caller does, when no headers come, when the stream falls silent, or when it
 * goes on for ever. It counts bytes and not events, because the SDKs swallow the pings that say that work goes on.
 */
export class Watch {
  readonly #timeouts: Timeouts
  readonly #over = new AbortController()
  #total: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined
  #begun = false
  /** Why it ended the request itself; null when it did not. */
  expired: string | null = null
  readonly signal: AbortSignal

  constructor(timeouts: Timeouts, caller: AbortSignal) {
    this.#timeouts = timeouts
    this.signal = AbortSignal.any([caller, this.#over.signal])
  }

  /** Requests that `work` makes through `watchedFetch` are under this watch. */
  over<T>(work: () => Promise<T>): Promise<T> {
    return current.run(this, work)
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    this.#total = setTimeout(() => this.#expire('its answer took too long'), this.#timeouts.total)
    this.#patience = setTimeout(() => this.#expire('no response came'), this.#timeouts.headers)
    const response = await fetch(input, init)
    this.#heard()
    if (response.body === null) return response
    const reader = response.body.getReader()
    const heard = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        this.#heard()
        controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    })
    const { status, statusText, headers } = response
    return new Response(heard, { status, statusText, headers })
  }

  stop(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#patience)
  }

  #heard(): void {
    if (this.#begun) {
      this.#patience?.refresh()
      return
    }
    this.#begun = true
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#expire('its stream fell silent'), this.#timeouts.idle)
  }

  #expire(reason: string): void {
    this.expired = reason
    this.#over.abort()
  }
}
