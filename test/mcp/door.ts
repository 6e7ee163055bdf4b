import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { Catalog } from '../../src/config/catalog.ts'
import { mcpDoor } from '../../src/mcp/serve/http.ts'
import { answer, engineWith, ScriptedModels } from '../engine/kit.ts'
import { ROOT } from './kit.ts'

export const TOKEN = 'a-token-of-our-own'
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Our own MCP server over Streamable HTTP on a port of its own, with a scripted model behind it. */
export async function openDoor({ offline = true, refusal = null as string | null } = {}) {
  const models = new ScriptedModels((_, nth) => answer(nth === 2 ? 'The purple elephant sleeps.' : `Words ${nth}.`))
  const { engine, store } = await engineWith(models, { gates: [] })
  const door = mcpDoor(
    {
      ...{ store, steering: engine, models, log: quiet, catalog: new Catalog({ root: ROOT, offline }) },
      purse: { refusal: async () => refusal },
      place: (channel, person) => ({ guild_id: '1', channel_id: channel, person }),
      elsewhere: () => null,
    },
    { token: TOKEN, host: '127.0.0.1' },
  )
  const server = serve({ fetch: (request) => door.handle(request), hostname: '127.0.0.1', port: 0 })
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    store,
    async close() {
      await door.close()
      await engine.drain(0)
      const closed = new Promise((done) => server.close(done))
      // A client keeps its connections for some seconds.
      ;(server as Server).closeAllConnections()
      await closed
      await store.close()
    },
  }
}

/** Our own MCP server over stdio, as a client is told to start it. */
export const terminal = (dataDir: string) => ({
  command: process.execPath,
  args: [resolve(ROOT, 'src/cli.ts'), 'mcp-serve'],
  env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir },
  cwd: ROOT,
})
