import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openArchive } from '../archive/archive.ts'
import { supabaseArchive } from '../archive/remote.ts'
import { Batches } from '../batch/batches.ts'
import { Catalog } from '../config/catalog.ts'
import { Bus } from '../core/bus.ts'
import { UserError } from '../core/errors.ts'
import type { Mcp } from '../core/mcp.ts'
import { dreamSources } from '../dreams/sources.ts'
import { Engine } from '../engine/engine.ts'
import { dailyPurse } from '../engine/purse.ts'
import type { Env } from '../env.ts'
import { makeLog } from '../log.ts'
import { createActorTools } from '../mcp/actor-tools.ts'
import { createMcp } from '../mcp/servers.ts'
import { embedder } from '../models/embed.ts'
import { createModels } from '../models/models.ts'
import { observersOf } from '../observers/chosen.ts'
import { LogFiles } from '../observers/logfile.ts'
import { pictureSearch } from '../observers/media/search.ts'
import { Rounds } from '../observers/rounds.ts'
import { transcript } from '../observers/transcript.ts'
import { openStore } from '../store/open.ts'
import { supabaseOf } from '../supabase/client.ts'
import { adoptOrphans, thisDriver } from './drivers.ts'
import type { Parts, Stage } from './parts.ts'
import { whoSitsHere } from './person.ts'

// The same parts as the bot's (src/main.ts), wired without Discord. Loaded when a command first needs one of them.

/** How long runs that have just ended may take to reach Supabase (ms). */
const LAST_SENDING = 20_000

export interface Opened {
  parts: Parts
  close(): Promise<void>
}

/** The servers of a file, apart from all else. */
export function openMcp(env: Env, root: string, configFile: string): Mcp {
  return createMcp({ configFile, root, env: env.named, log: logOf(env) })
}

/** A person at the terminal sees what matters as sentences; the log is for what nobody expected. */
function logOf(env: Env) {
  return makeLog(env.named.LOG_LEVEL === undefined ? 'warn' : env.LOG_LEVEL)
}

/** @param how.paced the offline voice speaks slowly enough to be read. */
export async function openParts(env: Env, { root, paced }: { root: string; paced: boolean }): Promise<Opened> {
  const log = logOf(env)
  const dataDir = resolve(root, env.DATA_DIR)
  const driver = thisDriver()
  const bus = new Bus()
  const store = await openStore(join(dataDir, 'backrooms.db')).catch((error: Error) => {
    throw new UserError(`DATA_DIR cannot be used: ${dataDir}: ${error.message}`, { cause: error })
  })
  const offline = speaksOffline(env)
  const catalog = new Catalog({ root, offline })
  const mcp = createMcp({ configFile: env.MCP_CONFIG, root, env: env.named, log })
  const models = createModels({ env: env.named, limits: catalog.limits(), log, ...(paced ? {} : { paceMs: 0 }) })
  let stage: Stage | null = null
  const shown = {
    ...transcript,
    notice: ((run, text) => {
      stage?.notice(run, text)
      return []
    }) satisfies (typeof transcript)['notice'],
  }
  const observers = {
    models,
    mcp,
    dataDir,
    channels: { find: async () => null },
    aside: ((...post) => stage?.post(...post)) satisfies Stage['post'],
    allow: env.MEDIA_ALLOW_HOSTS,
    searchPictures: pictureSearchOf(env),
  }
  const rounds = new Rounds({
    store,
    bus,
    log,
    transcript: shown,
    driver,
    observersOf: (run) => observersOf(run, observers),
  })
  const engine = new Engine(
    {
      store,
      models,
      bus,
      log,
      driver,
      transcript: shown,
      gates: [rounds.gate, { pass: (run) => batches.hold(run) }],
      purse: dailyPurse(store),
      tools: createActorTools({ mcp, store, bus, transcript: shown, log }),
    },
    rounds,
  )
  const batches = new Batches({ store, runner: engine, catalog, bus, transcript: shown, log, driver })
  const client = supabaseOf(env)
  const archive = openArchive({ store, bus, log, root, client, autoSync: env.BACKROOMS_AUTO_SYNC })
  const logs = new LogFiles({ store, bus, dataDir, log, driver })
  return {
    parts: {
      env,
      dataDir,
      offline,
      store,
      bus,
      catalog,
      models,
      mcp,
      steering: engine,
      batches,
      dreams: dreamSources(store, client),
      remote: client && supabaseArchive(client),
      log,
      driver,
      person: whoSitsHere(),
      async takeUp() {
        const waiting = await adoptOrphans(store)
        await logs.catchUp()
        await archive.catchUp()
        await engine.resumeAll()
        return waiting
      },
      setStage(next) {
        stage = next
      },
    },
    async close() {
      await batches.close()
      await engine.drain(0)
      await rounds.close()
      await logs.close()
      // What Supabase has not got by then is sent the next time.
      await Promise.race([archive.close(), sleep(LAST_SENDING, undefined, { ref: false })])
      await mcp.close()
      await store.close()
    },
  }
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

/** When no key is set at all, the offline voice speaks for every alias; local models speak for themselves. */
function speaksOffline(env: Env): boolean {
  return !env.ANTHROPIC_API_KEY && !env.OPENAI_API_KEY && !env.OPENROUTER_API_KEY
}
