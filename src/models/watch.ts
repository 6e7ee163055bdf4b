import type { Timeouts } from './provider.ts'

/**
 * Watches one request: ends it when the caller does, when no headers come, when the stream falls silent, or when it
 * goes on for ever. It counts bytes and not events, because the SDKs swallow the pings that say that work goes on.
 */
export class Watch {
  readonly #timeouts: Timeouts
  readonly #over = new AbortController()
  #total: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined
  /** Why it ended the request itself; null when it did not. */
  expired: string | null = null
  readonly signal: AbortSignal

  constructor(timeouts: Timeouts, caller: AbortSignal) {
    this.#timeouts = timeouts
    this.signal = AbortSignal.any([caller, this.#over.signal])
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    this.#total = setTimeout(() => this.#expire('its answer took too long'), this.#timeouts.total)
    this.#patience = setTimeout(() => this.#expire('no response came'), this.#timeouts.headers)
    const response = await fetch(input, init)
    this.#heard()
    if (response.body === null) return response
    const heard = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.#heard()
        controller.enqueue(chunk)
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(heard), { status, statusText, headers })
  }

  stop(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#patience)
  }

  #heard(): void {
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#expire('its stream fell silent'), this.#timeouts.idle)
  }

  #expire(reason: string): void {
    this.expired = reason
    this.#over.abort()
  }
}
