import { resolve } from 'node:path'
import { CallToolResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { Files } from '../config/files.ts'
import { type McpServer, readServers } from '../config/servers.ts'
import { UserError } from '../core/errors.ts'
import {
  type CallOptions,
  type ContentBlock,
  type Mcp,
  McpError,
  type ServerState,
  type ToolAnswer,
  type ToolInfo,
} from '../core/mcp.ts'
import { nearest } from '../core/nearest.ts'
import type { Log } from '../engine/ports.ts'
import { aborted, Connection } from './connection.ts'
import { failureOf, isSessionGone } from './failures.ts'
import { LIMITS, type Limits } from './limits.ts'
import type { Session } from './session.ts'
import { type KnownTool, LIST_MS, listTools, throughTask } from './tools.ts'

export interface McpOptions {
  /** Path of `mcp.config.json`, absolute or from `root`. */
  configFile: string
  /** The project's folder. */
  root: string
  /** The bot's environment, by name: what `${NAME}` refers to. */
  env: Readonly<Record<string, string>>
  log: Log
  limits?: Partial<Limits>
}

const CALL_MS = 120_000
/** Of a server's tools in one sentence. */
const SHOWN = 60
/** How much longer than its time limit a call that shows progress may take in all. */
const PROGRESS_FACTOR = 5

export function createMcp(options: McpOptions): Mcp {
  return new Servers(options)
}

class Servers implements Mcp {
  readonly #options: McpOptions
  readonly #path: string
  readonly #files: Files
  readonly #connections = new Map<string, Connection>()
  /** By session: a list is never kept longer than the connection it came over. */
  readonly #tools = new WeakMap<Session, Promise<KnownTool[]>>()
  readonly #counts = new Map<string, number>()
  readonly #kill = () => {
    for (const connection of this.#connections.values()) connection.kill()
  }
  #closed = false

  constructor(options: McpOptions) {
    this.#options = options
    this.#path = resolve(options.root, options.configFile)
    this.#files = new Files(options.root)
    for (const problem of this.problems()) options.log.warn({}, problem)
    process.once('exit', this.#kill)
  }

  names(): string[] {
    return this.#read().servers.map((server) => server.name)
  }

  problems(): string[] {
    return this.#read().errors
  }

  state(): ServerState[] {
    return this.#read().servers.map((server) => {
      const known = this.#connections.get(server.name)
      const tools = this.#counts.get(server.name) ?? null
      if (known) return known.state(tools)
      return { name: server.name, type: server.type, state: 'idle', trouble: null, tools, pid: null, since: null }
    })
  }

  async tools(server: string, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<ToolInfo[]> {
    const tools = await this.#on(server, null, { signal, timeoutMs: LIST_MS }, (session) => this.#list(session, server))
    return tools.map(({ name, title, description, inputSchema }) => ({ name, title, description, inputSchema }))
  }

  async call(
    server: string,
    tool: string,
    args: Record<string, unknown>,
    options: CallOptions = {},
  ): Promise<ToolAnswer> {
    const { timeoutMs = CALL_MS, onProgress } = options
    return this.#on(server, tool, { signal: options.signal, timeoutMs }, async (session, signal, begin) => {
      const known = await this.#tool(session, server, tool)
      const wrong = known.check(args)
      if (wrong)
        throw new McpError('bad_arguments', { server, tool }, `The arguments do not fit ${server}/${tool}: ${wrong}.`)
      begin(known)
      const params = { name: tool, arguments: args }
      const how = {
        signal,
        timeout: timeoutMs,
        maxTotalTimeout: PROGRESS_FACTOR * timeoutMs,
        resetTimeoutOnProgress: true,
        onprogress: (progress: Parameters<NonNullable<CallOptions['onProgress']>>[0]) =>
          onProgress?.(session.scrub.json(progress)),
      }
      const result = known.needsTask
        ? await throughTask(session, params, how)
        : await session.client.request({ method: 'tools/call', params }, CallToolResultSchema, how)
      return session.scrub.json({
        content: result.content as ContentBlock[],
        structured: result.structuredContent ?? null,
        isError: result.isError === true,
      })
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    process.off('exit', this.#kill)
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()))
  }

  /** Connects, works, and turns what goes wrong into an McpError. */
  async #on<T>(
    server: string,
    tool: string | null,
    { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
    work: (session: Session, signal: AbortSignal, begin: (known: KnownTool) => void) => Promise<T>,
  ): Promise<T> {
    const connection = this.#connection(server)
    // One of our own for each call: the SDK never takes its listeners off again, and a run's signal lives long.
    const own = new AbortController()
    const abort = () => own.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    let repeatable = true
    const begin = (known: KnownTool) => {
      repeatable = known.repeatable
    }
    const once = () =>
      connection.use(own.signal, async (session) => {
        const asked = { what: tool === null ? `the list of its tools` : `${server}/${tool}` }
        session.asked.add(asked)
        try {
          return await Promise.race([work(session, own.signal, begin), aborted(own.signal)])
        } catch (error) {
          if (error instanceof McpError) throw error
          if (!own.signal.aborted && !session.ended && isSessionGone(error)) throw new SessionGone(session)
          const failure = failureOf(error, { server, tool, session, signal: own.signal, timeoutMs, repeatable })
          if (repeatable && session.broken?.among && !own.signal.aborted) throw new CutOff(failure)
          if (failure.failure === 'timeout' || failure.failure === 'died') connection.doubt(session)
          throw failure
        } finally {
          session.asked.delete(asked)
        }
      })
    try {
      return await once().catch(async (error) => {
        // One after the other, so that a second time nobody but the guilty one is concerned.
        if (error instanceof CutOff) return Promise.race([connection.alone(once), aborted(own.signal)])
        if (!(error instanceof SessionGone)) throw error
        await connection.forget(error.session)
        return once()
      })
    } catch (error) {
      if (error instanceof McpError) throw error
      if (error instanceof CutOff) throw error.failure
      const where = tool === null ? `the MCP server "${server}"` : `${server}/${tool}`
      if (own.signal.aborted) throw new McpError('aborted', { server, tool }, `Using ${where} was cancelled.`, error)
      if (error instanceof SessionGone)
        throw new McpError(
          'refused',
          { server, tool },
          `Using ${where} failed: it forgets every session at once.`,
          error,
        )
      if (this.#closed)
        throw new McpError('unreachable', { server, tool }, `Using ${where} was cut short: the bot is ending.`, error)
      throw error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #connection(name: string): Connection {
    const { servers, errors } = this.#read()
    const server = servers.find((each) => each.name === name)
    if (!server || this.#closed) {
      void this.#drop(name)
      throw new McpError('unknown_server', { server: name }, this.#unknown(name, servers, errors))
    }
    const kept = this.#connections.get(name)
    if (kept && JSON.stringify(kept.server) === JSON.stringify(server)) return kept
    void this.#drop(name)
    const limits = { ...LIMITS, ...this.#options.limits }
    const connection = new Connection({ ...this.#options, server, limits })
    this.#connections.set(name, connection)
    return connection
  }

  /** The file describes it otherwise now, or no longer. */
  async #drop(name: string): Promise<void> {
    const connection = this.#connections.get(name)
    this.#connections.delete(name)
    await connection?.close()
  }

  #unknown(name: string, servers: McpServer[], errors: string[]): string {
    const file = this.#files.shown(this.#path)
    const wrong = errors.find((error) => error.includes(name)) ?? (servers.length === 0 ? errors[0] : undefined)
    if (this.#closed) return `The MCP server "${name}" cannot be used: the bot is ending.`
    if (wrong) return `The MCP server "${name}" cannot be used: ${wrong}`
    const has = servers.length === 0 ? 'It has none.' : `It has ${servers.map((server) => server.name).join(', ')}.`
    return `There is no MCP server "${name}" in ${file}. ${has}`
  }

  #read(): { servers: McpServer[]; errors: string[] } {
    try {
      return readServers(this.#files, this.#path)
    } catch (error) {
      if (error instanceof UserError) return { servers: [], errors: [error.message] }
      throw error
    }
  }

  async #tool(session: Session, server: string, name: string): Promise<KnownTool> {
    const find = async () => (await this.#list(session, server)).find((tool) => tool.name === name)
    let known = await find()
    if (!known) {
      // Not every server says when its tools change.
      this.#tools.delete(session)
      known = await find()
    }
    if (known) return known
    const names = (await this.#list(session, server)).map((tool) => tool.name)
    const [near] = nearest(name, names)
    const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
    const has = names.length === 0 ? 'It has none.' : `It has ${names.slice(0, SHOWN).join(', ')}${more}.`
    const guess = near === undefined || names.length <= 3 ? '' : ` Did you mean ${near}?`
    throw new McpError(
      'unknown_tool',
      { server, tool: name },
      `The MCP server "${server}" has no tool "${name}".${guess} ${has}`,
    )
  }

  #list(session: Session, server: string): Promise<KnownTool[]> {
    const kept = this.#tools.get(session)
    if (kept) return kept
    const { client } = session
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void this.#tools.delete(session))
    const listing = listTools(session).then((tools) => {
      this.#counts.set(server, tools.length)
      return tools
    })
    this.#tools.set(session, listing)
    listing.catch(() => this.#tools.delete(session))
    return listing
  }
}

class SessionGone extends Error {
  readonly session: Session

  constructor(session: Session) {
    super('the server knows no such session')
    this.session = session
  }
}

/** It was being asked beside others when one answer ended the session, and may be asked again. */
class CutOff extends Error {
  readonly failure: McpError

  constructor(failure: McpError) {
    super(failure.message)
    this.failure = failure
  }
}
