import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport, SseError } from '@modelcontextprotocol/sdk/client/sse.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type McpServer, withSecrets } from '../config/servers.ts'
import { McpError, type McpFailure } from '../core/mcp.ts'
import type { Log } from '../engine/ports.ts'
import { inherited, program } from './child.ts'
import { boundedFetch } from './http-limits.ts'
import type { Limits } from './limits.ts'
import { type Scrubber, scrubberOf } from './secrets.ts'
import { Stderr } from './stderr.ts'
import { StdioTransport } from './stdio.ts'
import { megabytes, oneLine, reasonOf, seconds } from './words.ts'

export interface SessionParts {
  server: McpServer
  /** The bot's environment, by name. */
  env: Readonly<Record<string, string>>
  root: string
  log: Log
  limits: Limits
}

interface Broken {
  failure: McpFailure
  why: string
  /** Everything that was being asked when one answer, nobody knows which, broke it; absent: it concerns them all. */
  among?: string[]
}

/** Code of the error with which we answer in place of an answer that was too large; of the range that JSON-RPC leaves to its users. */
export const TOO_LARGE = -31_900

/** One client's connection to one server, from its start to its end. A new one is made each time: sessions do not survive a restart. */
export class Session {
  readonly client: Client
  readonly scrub: Scrubber
  /** Why it was given up, if it was. */
  broken: Broken | null = null
  /** What is being asked just now: `server/tool`. */
  readonly asked = new Set<{ what: string }>()
  readonly #parts: SessionParts
  readonly #transport: Transport
  readonly #stdio: StdioTransport | null
  readonly #stderr: Stderr
  #garbage: string | null = null
  #open = false
  #onGarbage = () => {}
  #ended = false
  /** Called once when it ends, whoever ended it. */
  onEnd: () => void = () => {}
  /** Something about the connection failed, perhaps all of it. */
  onDoubt: () => void = () => {}

  /** @throws McpError when the server is described wrongly. */
  constructor(parts: SessionParts) {
    this.#parts = parts
    const server = withSecrets(parts.server, parts.env)
    this.scrub = scrubberOf(server)
    this.#stderr = new Stderr(server.name, this.scrub, parts.log)
    this.#stdio = server.type === 'stdio' ? this.#process(server) : null
    this.#transport = this.#stdio ?? this.#remote(server as Exclude<McpServer, { type: 'stdio' }>)
    this.client = new Client({ name: 'backrooms', version: '1' }, { capabilities: {} })
    this.client.onerror = (error) => this.#doubt(error)
    this.client.onclose = () => {
      if (this.#ended) return
      this.#ended = true
      this.onEnd()
    }
  }

  get pid(): number | null {
    return this.#stdio?.pid ?? null
  }

  /** The first line on stdout that was no MCP; null: there was none. */
  get garbage(): string | null {
    return this.#garbage
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Says hello. @throws McpError `unreachable`: one sentence why it did not start. */
  async open(): Promise<void> {
    const { limits } = this.#parts
    let timer = setTimeout(() => this.#giveUp(limits.startMs), limits.startMs)
    this.#onGarbage = () => {
      clearTimeout(timer)
      timer = setTimeout(() => this.#giveUp(limits.garbageMs), limits.garbageMs)
    }
    const gone = Promise.withResolvers<never>()
    gone.promise.catch(() => {})
    // A moment later, because the reason for which the connection ended says more; but an event stream may end without any.
    this.onEnd = () => void setTimeout(() => gone.reject(new Error('the connection ended')), 100)
    try {
      await Promise.race([this.client.connect(this.#transport, { timeout: limits.startMs + 1000 }), gone.promise])
    } catch (error) {
      const why = this.#whyNot(error)
      await this.end()
      throw new McpError('unreachable', { server: this.#parts.server.name }, why, error)
    } finally {
      clearTimeout(timer)
      this.#onGarbage = () => {}
      this.onEnd = () => {}
    }
    this.#open = true
    if (this.#garbage !== null) this.#warnOfGarbage()
  }

  /** Ends it for a reason that calls under way are told. */
  fail(failure: McpFailure, why: string): void {
    if (this.#ended) return
    this.broken ??= { failure, why }
    void this.end()
  }

  async end(): Promise<void> {
    const { client } = this
    if (this.#transport instanceof StreamableHTTPClientTransport && this.#transport.sessionId && !this.broken) {
      await Promise.race([this.#transport.terminateSession().catch(() => {}), pause(1000)])
    }
    await client.close().catch(() => {})
    await this.#transport.close().catch(() => {})
  }

  kill(): void {
    this.#stdio?.kill()
  }

  /** How its process ended and its last words, as the end of a sentence. */
  lastWords(): string {
    const exit = this.#stdio?.exit
    const words = this.#stderr.last().replace(/[.\s]+$/, '')
    return `${exit ? `its process ended with ${exit}` : 'the connection was lost'}${words ? `, last saying: ${words}` : ''}`
  }

  #process(server: Extract<McpServer, { type: 'stdio' }>): StdioTransport {
    const { root, log, limits } = this.#parts
    const { name } = server
    const cwd = resolve(root, server.cwd ?? '.')
    if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
      throw new McpError(
        'unreachable',
        { server: name },
        `The MCP server "${name}" cannot start: its cwd is no folder.`,
      )
    return new StdioTransport({
      command: program(server.command, root),
      args: server.args,
      env: { ...inherited(this.#parts.env), ...server.env },
      cwd,
      maxBytes: limits.maxBytes,
      onStderr: (line) => this.#stderr.take(line),
      onGarbage: (line) => {
        const first = this.#garbage === null
        this.#garbage ??= oneLine(this.scrub.text(line), 80)
        if (first && this.#open) this.#warnOfGarbage()
        else if (first) this.#onGarbage()
        log.debug({ server: name, line: this.scrub.text(line) }, 'an MCP server wrote to stdout what is not MCP')
      },
      onTooLarge: (id) => this.#tooLarge(id),
    })
  }

  #remote(server: Exclude<McpServer, { type: 'stdio' }>): Transport {
    const options = {
      fetch: boundedFetch(this.#parts.limits.maxBytes, (id) => this.#tooLarge(id)),
      requestInit: { headers: server.headers },
    }
    const url = new URL(server.url)
    return server.type === 'sse'
      ? new SSEClientTransport(url, options)
      : new StreamableHTTPClientTransport(url, options)
  }

  /** One answer was too large. Where it is known whose, the others are not concerned; else the session is given up. */
  #tooLarge(id: number | null): void {
    const why = `it sent more than ${megabytes(this.#parts.limits.maxBytes)} in one answer`
    if (id !== null) {
      this.#transport.onmessage?.({ jsonrpc: '2.0', id, error: { code: TOO_LARGE, message: why } })
      return
    }
    if (this.#ended) return
    const among = [...this.asked].map(({ what }) => what)
    this.broken ??= { failure: 'too_large', why: `${why}, and was ended`, ...(among.length > 1 ? { among } : {}) }
    void this.end()
  }

  #doubt(error: Error): void {
    const { server, log } = this.#parts
    log.debug({ server: server.name, reason: this.scrub.text(String(error)) }, 'an MCP connection had trouble')
    // An event source connects again by itself, to a session that was never opened.
    if (error instanceof SseError) void this.end()
    else this.onDoubt()
  }

  #giveUp(ms: number): void {
    this.broken ??= { failure: 'timeout', why: `it did not answer within ${seconds(ms)}` }
    void this.end()
  }

  #warnOfGarbage(): void {
    const { server, log } = this.#parts
    log.warn(
      { server: server.name, line: this.#garbage },
      'an MCP server writes to stdout what is not MCP; that is left out',
    )
  }

  #whyNot(error: unknown): string {
    const { server } = this.#parts
    const said = oneLine(this.scrub.text(reasonOf(error)))
    const garbage = this.#garbage === null ? '' : `; it wrote what is not MCP to stdout: "${this.#garbage}"`
    if (server.type !== 'stdio') {
      const where = new URL(server.url).origin
      const code = codeOf(error)
      if (code === 401 || code === 403)
        return `The MCP server "${server.name}" at ${where} refused the bot (HTTP ${code}; its headers in the servers' file may be wrong): ${said}.`
      return `The MCP server "${server.name}" could not be reached at ${where}: ${this.broken?.why ?? said}.`
    }
    const start = `The MCP server "${server.name}" did not start: `
    if (codeOf(error) === 'ENOENT') return `${start}there is no program "${oneLine(server.command, 80)}" here.`
    if (this.broken) return `${start}${this.broken.why}${garbage}.`
    if (this.#stdio?.exit) return `${start}${this.lastWords()}${garbage}.`
    return `${start}${said}${garbage}.`
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((done) => setTimeout(done, ms).unref())
}
