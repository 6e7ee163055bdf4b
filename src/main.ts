import { join, resolve } from 'node:path'
import { openArchive } from './archive/archive.ts'
import { Batches } from './batch/batches.ts'
import { Catalog } from './config/catalog.ts'
import { Bus } from './core/bus.ts'
import { UserError } from './core/errors.ts'
import { startBot } from './discord/bot.ts'
import { watchPlaces } from './discord/changes.ts'
import { findChannel } from './discord/channels.ts'
import { INVITE_PERMISSIONS } from './discord/invite.ts'
import type { Hooks } from './discord/poster/lane.ts'
import { createPoster } from './discord/poster/poster.ts'
import { placeForProgram } from './discord/program-place.ts'
import type { Room } from './discord/room.ts'
import { botDoors, serveDoors } from './doors.ts'
import { dreamSources } from './dreams/sources.ts'
import { Engine } from './engine/engine.ts'
import { threadGate } from './engine/gates.ts'
import { dailyPurse } from './engine/purse.ts'
import { type Env, readEnv } from './env.ts'
import { makeLog } from './log.ts'
import { createActorTools } from './mcp/actor-tools.ts'
import { mcpDoor } from './mcp/serve/http.ts'
import { createMcp } from './mcp/servers.ts'
import { embedder } from './models/embed.ts'
import { createModels } from './models/models.ts'
import { observersOf } from './observers/chosen.ts'
import { exportWhole } from './observers/export-run.ts'
import { LogFiles } from './observers/logfile.ts'
import { pictureSearch } from './observers/media/search.ts'
import { Rounds } from './observers/rounds.ts'
import { transcript } from './observers/transcript.ts'
import { removeRun } from './remove.ts'
import { startSandbox } from './sandbox/server.ts'
import { whenToldToEnd } from './shutdown.ts'
import { openStore } from './store/open.ts'
import { supabaseOf } from './supabase/client.ts'

// The bot: reads the environment, wires the parts, starts.

/** How long a turn in flight may take to finish, and owed messages to be delivered, when the bot is told to end (ms). */
const LAST_TURNS = 10_000
const LAST_DELIVERIES = 10_000

const root = resolve(import.meta.dirname, '..')
try {
  await start(root, readEnv(root))
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`)
  process.exit(1)
}

async function start(root: string, env: Env): Promise<void> {
  const log = makeLog(env.LOG_LEVEL)
  const dataDir = resolve(root, env.DATA_DIR)
  const doors = botDoors()
  const { token, apiUrl, address, door } = await openDoor(env, dataDir, doors.app)

  const bus = new Bus()
  const store = await openStore(join(dataDir, 'backrooms.db'))
  const catalog = new Catalog({ root, offline: speaksOffline(env) })
  const mcp = createMcp({ configFile: env.MCP_CONFIG, root, env: env.named, log })
  const models = createModels({ env: env.named, limits: catalog.limits(), log })
  const channels = { find: (guildId: string, name: string) => findChannel(bot.client, guildId, name) }
  const observers = {
    models,
    channels,
    mcp,
    dataDir,
    allow: env.MEDIA_ALLOW_HOSTS,
    searchPictures: pictureSearchOf(env),
  }
  const purse = dailyPurse(store)
  const rounds = new Rounds({ store, bus, log, transcript, observersOf: (run) => observersOf(run, observers) })
  const engine = new Engine(
    {
      store,
      models,
      bus,
      transcript,
      log,
      gates: [threadGate(store, bus), rounds.gate, { pass: (run) => batches.hold(run) }],
      purse,
      tools: createActorTools({ mcp, store, bus, transcript, log }),
    },
    rounds,
  )
  const batches = new Batches({ store, runner: engine, catalog, bus, transcript, log })
  const supabase = supabaseOf(env, log)
  const archive = openArchive({ store, bus, log, root, client: supabase, autoSync: env.BACKROOMS_AUTO_SYNC })
  const room: Room = {
    store,
    steering: engine,
    catalog,
    models,
    mcp,
    batches,
    dreams: dreamSources(store, supabase),
    purse,
    bus,
    log,
    export: (run, format) => exportWhole(run, format, { store, dataDir }),
    remove: (run) => removeRun(run, { dataDir, steering: engine, poster, archive }),
  }
  const bot = await startBot({
    token,
    apiUrl,
    guildId: env.DISCORD_GUILD_ID ?? null,
    room,
    log,
    commandsDir: join(root, 'commands'),
  })
  const hooks: Hooks = {
    onThreadGone: (runId, why) => engine.end(runId, 'thread_gone', why),
    onBlocked: async (runId, why) => {
      if (!(await batches.blocked(runId, why))) await engine.pauseBecause(runId, why)
    },
  }
  const poster = createPoster({
    rest: bot.rest,
    store,
    bus,
    log,
    applicationId: bot.applicationId,
    botUserId: bot.botUserId,
    dataDir,
    cdnUrl: apiUrl === null ? 'https://cdn.discordapp.com' : new URL(apiUrl).origin,
    stream: env.STREAM,
    unlimited: !env.DISCORD_TOKEN && !env.SANDBOX_LIMITS,
    hooks,
  })
  watchPlaces(bot.client, store, hooks, log)
  const programs = env.BACKROOMS_MCP_TOKEN
    ? mcpDoor(
        {
          ...{ store, steering: engine, catalog, models, log },
          place: (channel, person) =>
            placeForProgram({ client: bot.client, store, guildId: env.DISCORD_GUILD_ID ?? null }, channel, person),
          elsewhere: () => null,
        },
        { token: env.BACKROOMS_MCP_TOKEN, host: env.HOST },
      )
    : null
  if (programs) doors.openMcp(programs.handle)
  const logs = new LogFiles({ store, bus, dataDir, log })

  whenToldToEnd(async () => {
    log.info({}, 'ending: turns in flight may finish')
    await batches.close()
    await engine.drain(LAST_TURNS)
    await rounds.close()
    await poster.flush(LAST_DELIVERIES)
    await poster.close()
    await logs.close()
    await archive.close()
    await mcp.close()
    await programs?.close()
    await bot.close()
    await door.close()
    await store.close()
  })

  await bot.ready
  await poster.start()
  await logs.catchUp()
  await archive.catchUp()
  await rounds.resumeAll()
  const going = await engine.resumeAll()
  await batches.resumeAll()
  doors.ready({ runs: going })
  process.stdout.write(
    env.DISCORD_TOKEN ? `Backrooms is ready. Invite it: ${bot.inviteUrl}\n` : `Backrooms is ready: ${address}\n`,
  )
}

/** Discord, or the sandbox in its stead, and the bot's own doors on the same port. */
async function openDoor(env: Env, dataDir: string, app: ReturnType<typeof botDoors>['app']) {
  const address = `http://${env.HOST}:${env.PORT}`
  if (env.DISCORD_TOKEN) {
    const door = await serveDoors(app, env.HOST, env.PORT)
    return { token: env.DISCORD_TOKEN, apiUrl: env.DISCORD_API_URL ?? null, address, door }
  }
  const sandbox = await startSandbox({
    dataDir: join(dataDir, 'sandbox'),
    host: env.HOST,
    port: env.PORT,
    limits: env.SANDBOX_LIMITS,
    permissions: INVITE_PERMISSIONS,
    extraRoutes: app,
  })
  return { token: sandbox.token, apiUrl: sandbox.apiUrl, address: sandbox.url, door: sandbox }
}

/** Pictures of the person's own Supabase, where a media preset asks for them. */
function pictureSearchOf({
  SUPABASE_URL: url,
  SUPABASE_KEY: key,
  OPENAI_API_KEY: apiKey,
  OPENAI_BASE_URL: baseURL,
}: Env) {
  return url && key && apiKey ? pictureSearch({ url, key }, embedder({ apiKey, baseURL })) : null
}

/** In the sandbox, when no key is set at all, the offline voice speaks for every alias. */
function speaksOffline(env: Env): boolean {
  return !env.DISCORD_TOKEN && !env.ANTHROPIC_API_KEY && !env.OPENAI_API_KEY && !env.OPENROUTER_API_KEY
}

/** What stops the start, for the person who started it: known causes in one sentence, a mistake of ours with its trace. */
function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'PORT is taken by another program (another Backrooms?): end that one, or set PORT to another number.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
