import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Batches } from '../../src/batch/batches.ts'
import { Catalog } from '../../src/config/catalog.ts'
import type { Bus } from '../../src/core/bus.ts'
import type { ModelInfo } from '../../src/core/model.ts'
import type { Run } from '../../src/core/run.ts'
import type { Store } from '../../src/core/store.ts'
import { type Bot, startBot } from '../../src/discord/bot.ts'
import { watchPlaces } from '../../src/discord/changes.ts'
import { INVITE_PERMISSIONS } from '../../src/discord/invite.ts'
import type { Hooks } from '../../src/discord/poster/hooks.ts'
import { createPoster } from '../../src/discord/poster/poster.ts'
import type { Room } from '../../src/discord/room.ts'
import { dreamSources } from '../../src/dreams/sources.ts'
import { dailyPurse } from '../../src/engine/purse.ts'
import { createMcp } from '../../src/mcp/servers.ts'
import { exportWhole } from '../../src/observers/export-run.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { removeRun } from '../../src/remove.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { answer, engineWith, ScriptedModels } from '../engine/kit.ts'

const ROOT = resolve(import.meta.dirname, '../..')

// The real discord.js client and the project's commands against the sandbox, with a scripted model, the store and the poster as the bot has them.

export interface Reply {
  status: number
  reason?: string
  interaction_id: string
  channel_id: string
  modal?: { custom_id: string; components: unknown[] }
  response: Message | null
}

export interface Message {
  id: string
  content: string
  flags?: number
  author: { username: string }
  embeds: { description?: string }[]
  attachments: { filename: string; url: string; size: number }[]
  components: { components: { custom_id: string; label?: string; options?: { label: string; value: string }[] }[] }[]
  reactions?: { emoji: { name: string } }[]
}

export interface Kit {
  store: Store
  bus: Bus
  bot: Bot
  room: Room
  url: string
  channels: Record<string, string>
  guildId: string
  world: Awaited<ReturnType<typeof startSandbox>>['world']
  /** Runs that were removed through the room. */
  removed: string[]
  /** Lines that were logged as errors. */
  errors: { data: Record<string, unknown>; message: string }[]
  type(text: string, more?: { user?: string; channel?: string; target?: string }): Promise<Reply>
  complete(text: string, more?: { user?: string; channel?: string }): Promise<{ name: string; value: string }[]>
  press(message: Message, custom_id: string, more?: { user?: string; values?: string[] }): Promise<Reply>
  post(path: string, body: unknown): Promise<Reply & Record<string, unknown>>
  get<T>(path: string): Promise<T>
  /** A run in #backrooms, as soon as its thread is open and `turns` were said. */
  run(text: string, more?: { user?: string; turns?: number }): Promise<Run>
  until(runId: string, reached: (run: Run) => boolean): Promise<Run>
  close(): Promise<void>
}

interface KitOptions {
  /** After so many answers the model says nothing more until it is aborted. */
  answers?: number
  /** What each answer takes. */
  ms?: number
  missing?: (model: ModelInfo) => string[]
  /** A postman who never comes leaves threads unopened. */
  postman?: boolean
  /** Path of the MCP servers' file. */
  mcpConfig?: string
  /** Whose templates, presets and configs there are; the project's own by default. */
  root?: string
}

export async function startKit(options: KitOptions = {}): Promise<Kit> {
  const {
    answers = 4,
    ms = 0,
    missing = () => [],
    postman = true,
    mcpConfig = 'mcp.config.json',
    root = ROOT,
  } = options
  const sandbox = await startSandbox({ port: 0, limits: 'off', permissions: INVITE_PERMISSIONS })
  const dataDir = await mkdtemp(join(tmpdir(), 'backrooms-kit-'))
  const models = new ScriptedModels(async (_, nth) => {
    if (nth >= answers) return new Promise<never>(() => undefined)
    if (ms > 0) await new Promise((done) => setTimeout(done, ms))
    return answer(`Words ${nth}.`)
  })
  const { engine, store, bus } = await engineWith(models)
  const errors: Kit['errors'] = []
  const removed: string[] = []
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (data: object, message: string) => errors.push({ data: data as Record<string, unknown>, message }),
  }
  const mcp = createMcp({ configFile: mcpConfig, root: ROOT, env: {}, log })
  const catalog = new Catalog({ root, offline: false })
  const batches = new Batches({ store, bus, log, transcript, runner: engine, catalog, retryMs: 200 })
  const room: Room = {
    store,
    steering: engine,
    catalog,
    models: { missing },
    mcp,
    batches,
    dreams: dreamSources(store, null),
    purse: dailyPurse(store),
    bus,
    log,
    export: (run, format) => exportWhole(run, format, { store, dataDir: '/nowhere' }),
    obstacle: (run) => poster.obstacle(run),
    async remove(run) {
      removed.push(run.id)
      await removeRun(run, { dataDir, steering: engine, poster, archive: { remove: async () => undefined } })
    },
  }
  const bot = await startBot({
    token: sandbox.token,
    apiUrl: sandbox.apiUrl,
    guildId: null,
    room,
    log,
    commandsDir: resolve(ROOT, 'commands'),
  })
  const hooks: Hooks = {
    onThreadGone: (runId, why) => engine.end(runId, 'thread_gone', why),
    onLocked: (runId, why) => engine.pauseBecause(runId, why),
    onBlocked: async (runId, why) => (await batches.blocked(runId, why)) || engine.pauseBecause(runId, why),
    onRefused: (runId, delivery, why) => engine.refused(runId, delivery, why),
  }
  const poster = createPoster({
    ...{ rest: bot.rest, store, bus, log, applicationId: bot.applicationId, botUserId: bot.botUserId },
    ...{ cdnUrl: sandbox.url, stream: false, dataDir },
    hooks,
  })
  watchPlaces(bot.client, { store, bus, log }, hooks)
  await bot.ready
  if (postman) await poster.start()
  const get = async <T>(path: string) => (await (await fetch(`${sandbox.url}${path}`)).json()) as T
  const { channels } = await get<{ channels: Record<string, string> }>('/sandbox')

  async function post(path: string, body: unknown) {
    const response = await fetch(`${sandbox.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...((await response.json()) as object) } as Reply & Record<string, unknown>
  }

  const kit: Kit = {
    ...{ store, bus, bot, room, url: sandbox.url, channels, guildId: sandbox.guildId, world: sandbox.world },
    ...{ removed, errors, post, get },
    type: (text, { user = 'ada', channel = 'backrooms', target } = {}) =>
      post('/sandbox/commands', { text, user, channel, ...(target ? { target } : {}) }),
    async complete(text, { user = 'ada', channel = 'backrooms' } = {}) {
      const response = await fetch(`${sandbox.url}/sandbox/autocomplete`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, user, channel }),
      })
      return (await response.json()) as { name: string; value: string }[]
    },
    press: (message, custom_id, { user = 'ada', values } = {}) =>
      post('/sandbox/components', { message_id: message.id, custom_id, user, ...(values ? { values } : {}) }),
    async run(text, { user = 'ada', turns = 0 } = {}) {
      const reply = await kit.type(text, { user })
      const thread = /<#(\d+)>/.exec(reply.response?.content ?? '')?.[1]
      if (!thread) throw new Error(`no thread: ${JSON.stringify(reply)}`)
      const [run] = await store.runs({ thread_id: thread })
      if (!run) throw new Error(`no run in thread ${thread}`)
      return kit.until(run.id, (now) => now.next_index >= turns)
    },
    until: (runId, reached) =>
      new Promise((resolve, reject) => {
        const look = async () => {
          const run = await store.run(runId)
          if (!run || !reached(run)) return
          off()
          resolve(run)
        }
        const off = bus.on('changed', () => void look().catch(reject))
        void look().catch(reject)
      }),
    async close() {
      await batches.close()
      await engine.drain(0)
      await poster.close()
      await mcp.close()
      await bot.close()
      await sandbox.close()
      await store.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return kit
}
