/** The sandbox as a server: the world, its skins, its doors, on one port of this machine's loopback. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { refuse } from './core/errors.ts'
import type { Limits } from './core/limits.ts'
import { forgetNonces } from './core/nonces.ts'
import { archiveQuiet } from './core/threads.ts'
import { World } from './core/world.ts'
import { doorRoutes } from './doors/routes.ts'
import { isLoopback } from './gateway/loopback.ts'
import { attachGateway } from './gateway/server.ts'
import { pageRoutes } from './page/routes.ts'
import { restRoutes } from './rest/app.ts'
import { cdnRoutes } from './rest/cdn.ts'
import type { RestContext } from './rest/pipeline.ts'
import { lockFolder } from './store/lock.ts'
import { openSqlite } from './store/sqlite.ts'

export interface SandboxOptions {
  /** folder of the world's file; absent: the world is kept in memory and gone at the end */
  dataDir?: string
  /** 0: any free one */
  port: number
  /** a loopback name or address, default 127.0.0.1 */
  host?: string
  /** false or `off` lifts the rate limits; an object is laid over the table of core/limits.ts */
  limits?: boolean | 'on' | 'off' | Partial<Limits>
  /** permissions of the bot's own role in a new world, as its invite asks for them */
  permissions?: bigint
  /** other doors on the same port, for instance the bot's /healthz */
  extraRoutes?: Hono
  clock?: () => number
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`: the page */
  url: string
  /** for `DISCORD_API_URL`: Discord's API without its version */
  apiUrl: string
  token: string
  applicationId: string
  guildId: string
  world: World
  close(): Promise<void>
}

/** Throws when the port is taken, another sandbox has the folder, or the host is not this machine's loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopback(host.includes(':') ? `[${host}]` : host, undefined)) {
    throw new Error(`The sandbox listens on this machine alone: HOST must be 127.0.0.1, ::1 or localhost, not ${host}.`)
  }
  const lock = options.dataDir === undefined ? undefined : lockFolder(options.dataDir)
  const world = new World({
    storage: openSqlite(options.dataDir === undefined ? ':memory:' : join(options.dataDir, 'sandbox.db')),
    limits: limitsFrom(options.limits),
    ...(options.permissions === undefined ? {} : { permissions: options.permissions }),
    ...(options.clock ? { clock: options.clock } : {}),
  })
  const tidy = () =>
    world.transaction(() => {
      forgetNonces(world)
      archiveQuiet(world)
    })
  tidy()
  const tidying = setInterval(tidy, 60_000).unref()

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    if (!isLoopback(c.req.header('host') ?? '', c.req.header('origin'))) {
      return c.json({ message: 'The sandbox answers loopback hosts and origins only.', code: 0 }, 403)
    }
    await next()
  })
  app.route('/', doorRoutes(world))
  const rest = restRoutes(world)
  app.route('/', rest.app)
  app.use(async (c, next) => {
    // The doors and the API have judged their own bodies; nothing else here takes a larger one.
    if (Number(c.req.header('content-length') ?? 0) <= world.limits.request) return next()
    return c.json(refuse(40005).body(), 413)
  })
  app.route('/', cdnRoutes(world))
  if (options.extraRoutes) app.route('/', options.extraRoutes)
  app.route('/', pageRoutes(world))
  app.notFound((c) => {
    // A browser looks for icons and the like of its own accord; any other asker has lost its way to the API.
    const lost = !c.req.header('sec-fetch-site') && !/^\/(?:sandbox\/|page\/|healthz$)/.test(c.req.path)
    return lost ? rest.elsewhere(c as RestContext) : c.text('404 Not Found', 404)
  })

  const server = createServer(getRequestListener(app.fetch))
  // Longer than clients keep idle connections, so that none is closed under a request.
  server.keepAliveTimeout = 75_000
  holdConnections(server, world)
  const gateway = attachGateway(server, world)
  world.sessionStartLimit = () => ({ ...gateway.sessionStartLimit() })
  world.subscribe(({ t }) => {
    if (t === 'SANDBOX_TOKEN_REVOKED') gateway.revokeSessions()
  })
  world.endSessions = () => gateway.revokeSessions()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  }).catch((error: unknown) => {
    clearInterval(tidying)
    world.storage.close()
    lock?.free()
    throw error
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  world.base = url

  return {
    url,
    apiUrl: `${url}/api`,
    token: world.application.token,
    applicationId: world.application.id,
    guildId: world.guild.id,
    world,
    async close() {
      clearInterval(tidying)
      await gateway.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      world.storage.close()
      lock?.free()
    },
  }
}

/** More connections than the table allows are told so and closed. */
function holdConnections(server: Server, world: World): void {
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', () => {
      open -= 1
    })
    if (open <= world.limits.connections) return
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
}

function limitsFrom(wish: SandboxOptions['limits']): Partial<Limits> {
  if (typeof wish === 'object') return wish
  return { rates: wish !== false && wish !== 'off' }
}
