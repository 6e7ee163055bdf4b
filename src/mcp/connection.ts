import { setTimeout as sleep } from 'node:timers/promises'
import type { McpServer } from '../config/servers.ts'
import { McpError, type ServerState } from '../core/mcp.ts'
import { Session, type SessionParts } from './session.ts'
import { seconds } from './words.ts'

/** A connection that has lasted this long (ms) counts as sound: after it, failures are counted from nothing. */
const SOUND_MS = 30_000

/** One server: connected when first needed, kept, looked after, started again with backoff when it went away. */
export class Connection {
  readonly server: McpServer
  readonly #parts: SessionParts
  #live: Session | null = null
  #since: number | null = null
  #starting: Promise<Session> | null = null
  #opening: Session | null = null
  readonly #closed = new AbortController()
  #failures = 0
  #notBefore = 0
  #trouble: McpError | null = null
  /** How long (ms) it was waited for in vain, when that was longer than patience has it; else 0. */
  #vain = 0
  /** When the present start began, waiting included. */
  #startedAt = 0
  #restart: NodeJS.Timeout | undefined
  #ping: NodeJS.Timeout | undefined
  #pinging = false
  #doubted = false
  #underWay = 0
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: SessionParts) {
    this.server = parts.server
    this.#parts = parts
  }

  state(tools: number | null): ServerState {
    const { name, type } = this.server
    const waiting = this.#trouble !== null && this.#live === null
    return {
      name,
      type,
      state: this.#live ? 'connected' : waiting ? 'waiting' : this.#starting ? 'connecting' : 'idle',
      trouble: this.#live ? garbageOf(this.#live) : (this.#trouble?.message ?? null),
      tools,
      pid: this.#live?.pid ?? null,
      since: this.#since,
    }
  }

  /**
   * Does something with the server, which is not asked for signs of life meanwhile.
   * @throws McpError when it cannot be reached; whatever `work` throws.
   */
  async use<T>(signal: AbortSignal | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#session(signal)
    this.#underWay++
    try {
      return await work(session)
    } finally {
      this.#underWay--
      if (!this.#doubted) this.#watch(session)
    }
  }

  /** Work that is done one after the other. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => {})
    return done
  }

  /** The server no longer knows this session: the next call gets a new one, at once. */
  async forget(session: Session): Promise<void> {
    if (this.#live === session) this.#part(session)
    await session.end()
  }

  async close(): Promise<void> {
    this.#closed.abort()
    clearTimeout(this.#restart)
    clearTimeout(this.#ping)
    const sessions = [this.#live, this.#opening]
    if (this.#live) this.#part(this.#live)
    await Promise.all(sessions.map((session) => session?.end()))
  }

  kill(): void {
    this.#live?.kill()
    this.#opening?.kill()
  }

  /** Asks soon whether the server is still there. */
  doubt(session: Session): void {
    if (this.#live !== session || this.#pinging) return
    this.#doubted = true
    this.#watch(session, 0)
  }

  async #session(signal: AbortSignal | undefined): Promise<Session> {
    signal?.throwIfAborted()
    if (this.#live) return this.#live
    if (!this.#starting) {
      const wait = Math.max(0, this.#notBefore - Date.now())
      if (wait > this.#parts.limits.patienceMs && this.#trouble) throw this.#again(this.#trouble, wait)
      this.#start(wait)
    }
    const starting = this.#starting as Promise<Session> | null
    if (!starting) throw new McpError('unreachable', { server: this.server.name }, 'The bot is ending.')
    const patient = this.#vain > 0 && this.#trouble ? this.#withPatience(starting, this.#trouble) : starting
    return signal ? await Promise.race([patient, aborted(signal)]) : await patient
  }

  /** Once it was waited for in vain, nobody waits that long again: the next start goes on unattended, and whoever comes after it finds it there. */
  async #withPatience(starting: Promise<Session>, trouble: McpError): Promise<Session> {
    const left = Math.max(0, this.#startedAt + this.#parts.limits.patienceMs - Date.now())
    const enough = new AbortController()
    const tired = sleep(left, undefined, { signal: enough.signal }).then(() => {
      throw this.#again(trouble, null)
    })
    tired.catch(() => {})
    try {
      return await Promise.race([starting, tired])
    } finally {
      enough.abort()
    }
  }

  #start(wait: number): void {
    if (this.#closed.signal.aborted) return
    clearTimeout(this.#restart)
    this.#startedAt = Date.now()
    const starting = this.#open(wait).finally(() => {
      if (this.#starting === starting) this.#starting = null
    })
    this.#starting = starting
    // Nobody may be waiting for it.
    starting.catch(() => {})
  }

  async #open(wait: number): Promise<Session> {
    if (wait > 0) await sleep(wait, undefined, { signal: this.#closed.signal })
    const { log, limits } = this.#parts
    const began = Date.now()
    try {
      const session = new Session(this.#parts)
      this.#opening = session
      await session.open()
      session.onEnd = () => this.#lost(session)
      session.onDoubt = () => this.doubt(session)
      if (session.ended) throw new McpError('unreachable', { server: this.server.name }, this.#wentAway(session))
      this.#live = session
      this.#since = Date.now()
      this.#trouble = null
      this.#vain = 0
      this.#watch(session)
      log.info({ server: this.server.name, pid: session.pid ?? undefined }, 'an MCP server is connected')
      return session
    } catch (error) {
      const trouble =
        error instanceof McpError
          ? error
          : new McpError('unreachable', { server: this.server.name }, (error as Error).message, error)
      const took = Date.now() - began
      this.#vain = took > limits.patienceMs ? took : 0
      this.#failed(trouble, limits.backoffMs)
      throw trouble
    } finally {
      this.#opening = null
    }
  }

  #failed(trouble: McpError, [first, most]: [number, number]): void {
    this.#trouble = trouble
    this.#notBefore = Date.now() + Math.min(most, Math.max(first, this.#vain) * 2 ** this.#failures)
    this.#failures++
    this.#parts.log.warn({ server: this.server.name }, trouble.message)
    // Once it was needed and there, it is brought back unasked.
    if (this.#since !== null) this.#startAgain()
  }

  #lost(session: Session): void {
    if (this.#live !== session) return
    const lasted = Date.now() - (this.#since ?? 0)
    this.#part(session)
    if (lasted > SOUND_MS) this.#failures = 0
    this.#failed(
      new McpError('unreachable', { server: this.server.name }, this.#wentAway(session)),
      this.#parts.limits.backoffMs,
    )
  }

  #startAgain(): void {
    clearTimeout(this.#restart)
    if (this.#closed.signal.aborted) return
    this.#restart = setTimeout(() => {
      if (!this.#live && !this.#starting) this.#start(0)
    }, this.#notBefore - Date.now())
    this.#restart.unref()
  }

  #part(session: Session): void {
    if (this.#live !== session) return
    this.#live = null
    this.#doubted = false
    clearTimeout(this.#ping)
    session.onEnd = () => {}
    session.onDoubt = () => {}
  }

  #watch(session: Session, after = this.#parts.limits.pingMs): void {
    if (this.#live !== session) return
    clearTimeout(this.#ping)
    this.#ping = setTimeout(() => void this.#look(session), after)
    this.#ping.unref()
  }

  async #look(session: Session): Promise<void> {
    const { pongMs } = this.#parts.limits
    if (this.#live !== session || this.#pinging) return
    this.#pinging = true
    this.#doubted = false
    const answered = await isThere(session, pongMs)
    this.#pinging = false
    // A server that works on one thing at a time does not answer while it works.
    if (!answered && this.#live === session && !(this.#underWay > 0 && session.pid !== null))
      session.fail('died', `it stopped answering for ${seconds(pongMs)}, and was ended`)
    else this.#watch(session)
  }

  #wentAway(session: Session): string {
    return `The MCP server "${this.server.name}" went away: ${session.broken?.why ?? session.lastWords()}.`
  }

  /** @param wait ms until it is tried again; null: it is being tried. */
  #again(trouble: McpError, wait: number | null): McpError {
    const when = wait === null ? 'It is being tried again' : `It is tried again in ${seconds(wait)}`
    return new McpError(trouble.failure, { server: this.server.name }, `${trouble.message} ${when}.`, trouble)
  }
}

/** Any answer is a sign of life, a refusal of `ping` too. */
async function isThere(session: Session, ms: number): Promise<boolean> {
  try {
    await session.client.ping({ timeout: ms })
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === -32601
  }
}

/** Rejects with the signal's reason. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** What is wrong with a server that works all the same. */
function garbageOf({ garbage }: Session): string | null {
  return garbage === null ? null : `It writes to stdout what is not MCP, which is left out: "${garbage}"`
}
