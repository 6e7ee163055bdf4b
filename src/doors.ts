import { serve } from '@hono/node-server'
import { Hono } from 'hono'

export interface Doors {
  app: Hono
  /** From now on `/healthz` answers 200. */
  ready(): void
  /** Who answers `/mcp` from now on; without one it is not there. */
  openMcp(handle: (request: Request) => Promise<Response>): void
}

/** The bot's own HTTP doors. `/healthz`: 503 until the bot is ready and its commands are registered, then 200 with what `about` says. */
export function botDoors(about: () => object): Doors {
  const app = new Hono()
  let isReady = false
  let mcp: ((request: Request) => Promise<Response>) | null = null
  app.get('/healthz', (context) =>
    isReady ? context.json({ status: 'ok', ...about() }) : context.json({ status: 'starting' }, 503),
  )
  app.all('/mcp', (context) => (mcp ? mcp(context.req.raw) : context.notFound()))
  return {
    app,
    ready() {
      isReady = true
    },
    openMcp(handle) {
      mcp = handle
    },
  }
}

/** Serves the doors on a port of their own, for when no sandbox carries them. */
export async function serveDoors(app: Hono, hostname: string, port: number): Promise<{ close(): Promise<void> }> {
  const server = serve({ fetch: app.fetch, hostname, port })
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
