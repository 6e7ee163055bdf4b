import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from './core/errors.ts'
import { startBot } from './discord/bot.ts'
import { watchPlaces } from './discord/changes.ts'
import { findChannel } from './discord/channels.ts'
import { INVITE_PERMISSIONS } from './discord/invite.ts'
import type { Hooks } from './discord/poster/hooks.ts'
import { createPoster } from './discord/poster/poster.ts'
import { placeForProgram } from './discord/program-place.ts'
import type { Room } from './discord/room.ts'
import { botDoors, type Doors, serveDoors } from './doors.ts'
import { threadGate } from './engine/gates.ts'
import { type Env, readEnv, unusedIn } from './env.ts'
import { makeRoom } from './lean.ts'
import { makeLog } from './log.ts'
import { mcpDoor } from './mcp/serve/http.ts'
import { exportWhole } from './observers/export-run.ts'
import { transcript } from './observers/transcript.ts'
import { openParts } from './parts.ts'
import { removeRun } from './remove.ts'
import { whenToldToEnd } from './shutdown.ts'

// The bot: reads the environment, wires the parts, starts.

/** How long a turn in flight may take to finish, and owed messages to be delivered, when the bot is told to end (ms): 26 s together, since whoever ends it may kill it after 30 s. */
const LAST_TURNS = 20_000
const LAST_DELIVERIES = 6000

const root = resolve(import.meta.dirname, '..')

/** Resolves when the bot is ready and goes on with what was going. Throws what stops the start. */
export async function start(env: Env = readEnv(root)): Promise<void> {
  const log = makeLog(env.LOG_LEVEL)
  const named = env.named.MCP_CONFIG ?? env.named.MCP_SERVERS_CONFIG
  if (named !== undefined && !existsSync(resolve(root, named))) {
    throw new UserError(`MCP_CONFIG should be a file that lists MCP servers: there is no ${named}.`)
  }
  for (const sentence of unusedIn(env)) log.warn({}, sentence)
  const parts = await openParts({
    ...{ env, root, log, transcript, offline: speaksOffline(env) },
    posting: {
      channels: {
        find: (guildId, name) => findChannel(bot.client, guildId, name),
        serverName: (guildId) => bot.client.guilds.cache.get(guildId)?.name ?? null,
        boostTier: (guildId) => bot.client.guilds.cache.get(guildId)?.premiumTier ?? 0,
      },
    },
    gates: (store, bus) => [threadGate(store, bus)],
  })
  const { store, bus, catalog, models, mcp, engine, batches, archive, dreams, purse, rounds, logs, dataDir } = parts
  const doors = botDoors(() => ({ runs: engine.going }))
  const { token, apiUrl, address, door } = await openDoor(env, dataDir, doors)
  const room: Room = {
    ...{ store, bus, catalog, models, mcp, batches, dreams, purse, log, steering: engine },
    export: (run, format) => exportWhole(run, format, { store, dataDir }),
    obstacle: (run) => poster.obstacle(run),
    remove: (run) => removeRun(run, { dataDir, steering: engine, poster, archive }),
  }
  const guildId = env.DISCORD_GUILD_ID ?? null
  const bot = await startBot({ token, apiUrl, guildId, room, log, commandsDir: join(root, 'commands') })
  const hooks: Hooks = {
    onThreadGone: (runId, why) => engine.end(runId, 'thread_gone', why),
    onLocked: (runId, why) => engine.pauseBecause(runId, why),
    onBlocked: async (runId, why) => {
      if (!(await batches.blocked(runId, why))) await engine.pauseBecause(runId, why)
    },
    onRefused: (runId, delivery, why) => engine.refused(runId, delivery, why),
  }
  const poster = createPoster({
    ...{ store, bus, log, dataDir, hooks, rest: bot.rest },
    applicationId: bot.applicationId,
    botUserId: bot.botUserId,
    cdnUrl: apiUrl === null ? 'https://cdn.discordapp.com' : new URL(apiUrl).origin,
    stream: env.STREAM,
    unlimited: !env.DISCORD_TOKEN && !env.SANDBOX_LIMITS,
  })
  watchPlaces(bot.client, { store, bus, log }, hooks)
  const programs = env.BACKROOMS_MCP_TOKEN
    ? mcpDoor(
        {
          ...{ store, steering: engine, catalog, models, purse, log },
          place: (channel, person) => placeForProgram({ client: bot.client, store, guildId }, channel, person),
          elsewhere: () => null,
        },
        { token: env.BACKROOMS_MCP_TOKEN, host: env.HOST },
      )
    : null
  if (programs) doors.openMcp(programs.handle)

  whenToldToEnd(async () => {
    log.info({}, 'ending: turns in flight may finish')
    await batches.close()
    await engine.drain(LAST_TURNS)
    await rounds.close()
    await engine.settled()
    await poster.flush(LAST_DELIVERIES)
    bot.breakOffUploads()
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
  await batches.resumeAll()
  doors.ready()
  const where = env.DISCORD_TOKEN ? `Backrooms is ready. Invite it: ${bot.inviteUrl}` : `Backrooms is ready: ${address}`
  process.stdout.write(`${where}\n`)
  makeRoom()
  await engine.resumeAll()
}

/** Discord, or the sandbox in its stead, and the bot's own doors on the same port. */
async function openDoor(env: Env, dataDir: string, { app }: Doors) {
  if (env.DISCORD_TOKEN) {
    const door = await serveDoors(app, env.HOST, env.PORT)
    return { token: env.DISCORD_TOKEN, apiUrl: env.DISCORD_API_URL ?? null, address: '', door }
  }
  // Loaded only where it is used: a bot on real Discord has no need of it.
  const { startSandbox } = await import('./sandbox/server.ts')
  const sandbox = await startSandbox({
    dataDir: join(dataDir, 'sandbox'),
    host: env.HOST,
    port: env.PORT,
    limits: env.SANDBOX_LIMITS,
    permissions: INVITE_PERMISSIONS,
    extraRoutes: app,
  }).catch((error: Error) => {
    throw 'code' in error ? error : new UserError(error.message)
  })
  return { token: sandbox.token, apiUrl: sandbox.apiUrl, address: sandbox.url, door: sandbox }
}

/** In the sandbox, when no key is set at all, the offline voice speaks for every alias. */
function speaksOffline(env: Env): boolean {
  return !env.DISCORD_TOKEN && !env.ANTHROPIC_API_KEY && !env.OPENAI_API_KEY && !env.OPENROUTER_API_KEY
}
