/** A sandbox of its own for a test, a raw client with the bot's token, and a bot that answers interactions over REST. */
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'

interface Reply {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read any field of a JSON answer
  body: any
}

export interface Kit {
  sandbox: Sandbox
  /** a request of the bot's; `path` without /api/v10 */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  door(method: string, path: string, body?: unknown): Promise<Reply>
  channel(name: string): string
  /** answers every interaction with the result of `answer`, as a callback body; undefined: no answer */
  // biome-ignore lint/suspicious/noExplicitAny: an interaction's payload
  onInteraction(answer: (interaction: any) => unknown): void
  violations(): { method: string; path: string; code: number; reason: string }[]
  /** moves the sandbox's clock */
  pass(ms: number): void
  close(): Promise<void>
}

export async function kit(options: Partial<SandboxOptions> = {}): Promise<Kit> {
  let ahead = 0
  const sandbox = await startSandbox({ port: 0, limits: 'off', clock: () => Date.now() + ahead, ...options })
  const ask = async (url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Reply> => {
    const form = body instanceof FormData || typeof body === 'string'
    const response = await fetch(url, {
      method,
      headers: { ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }
  const made: Kit = {
    sandbox,
    api: (method, path, body, headers = {}) =>
      ask(`${sandbox.apiUrl}/v10${path}`, method, body, { authorization: `Bot ${sandbox.token}`, ...headers }),
    door: (method, path, body) => ask(`${sandbox.url}${path}`, method, body, {}),
    channel(name) {
      const found = sandbox.world.guildChannels().find((channel) => channel.name === name)
      if (!found) throw new Error(`no channel ${name}`)
      return found.id
    },
    onInteraction(answer) {
      sandbox.world.subscribe(({ t, d }) => {
        if (t !== 'INTERACTION_CREATE') return
        const callback = answer(d)
        if (callback !== undefined) void made.api('POST', `/interactions/${d.id}/${d.token}/callback`, callback)
      })
    },
    violations: () => sandbox.world.violations.list(),
    pass(ms) {
      ahead += ms
    },
    close: () => sandbox.close(),
  }
  return made
}
