import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openArchive } from './archive/archive.ts'
import { supabaseArchive } from './archive/remote.ts'
import { Batches } from './batch/batches.ts'
import { dispatch } from './cli/dispatch.ts'
import { adoptOrphans, thisDriver } from './cli/drivers.ts'
import { EXIT, WrongUse } from './cli/io.ts'
import type { Parts, Stage } from './cli/parts.ts'
import { whoSitsHere } from './cli/person.ts'
import { processTerminal } from './cli/terminal.ts'
import { Catalog } from './config/catalog.ts'
import { Bus } from './core/bus.ts'
import { UserError } from './core/errors.ts'
import { dreamSources } from './dreams/sources.ts'
import { Engine } from './engine/engine.ts'
import { dailyPurse } from './engine/purse.ts'
import { type Env, readEnv } from './env.ts'
import { makeLog } from './log.ts'
import { createActorTools } from './mcp/actor-tools.ts'
import { createMcp } from './mcp/servers.ts'
import { embedder } from './models/embed.ts'
import { createModels } from './models/models.ts'
import { observersOf } from './observers/chosen.ts'
import { LogFiles } from './observers/logfile.ts'
import { pictureSearch } from './observers/media/search.ts'
import { Rounds } from './observers/rounds.ts'
import { transcript } from './observers/transcript.ts'
import { openStore } from './store/open.ts'
import { supabaseOf } from './supabase/client.ts'

// The terminal's way in, over the same parts as the bot's: wires them and runs what was typed.

/** How long the parts may take to close when a person leaves at once (ms). */
const LEAVING = 1500
/** How long runs that have just ended may take to reach Supabase (ms). */
const LAST_SENDING = 20_000

const root = resolve(import.meta.dirname, '..')
const opened: { parts: Promise<Opened> | null } = { parts: null }
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `… | head` has read enough.
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})
process.exitCode = await main()
// Parts that could not be opened were the error that has been told.
await opened.parts?.then(
  ({ close }) => close(),
  () => {},
)
// Connections that a provider's library keeps open must not hold the person up; what was written has to be out first.
process.stdout.write('', () => process.exit())

async function main(): Promise<number> {
  try {
    const env = readEnv(root)
    const terminal = processTerminal({
      root,
      mcpConfig: env.MCP_CONFIG,
      // npm goes to the project's folder and says where it was called.
      cwd: process.env.npm_lifecycle_event === 'backrooms' ? (process.env.INIT_CWD ?? root) : process.cwd(),
      async parts(how = {}) {
        opened.parts ??= open(env, how.paced ?? false)
        return (await opened.parts).parts
      },
      mcp: (configFile) => createMcp({ configFile, root, env: env.named, log: logOf(env) }),
      leave,
    })
    return await dispatch(process.argv.slice(2), terminal)
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    return error instanceof WrongUse ? EXIT.wrong_use : EXIT.failed
  }
}

function leave(): void {
  setTimeout(() => process.exit(EXIT.interrupted), LEAVING).unref()
  Promise.resolve(opened.parts)
    .then((parts) => parts?.close())
    .finally(() => process.exit(EXIT.interrupted))
}

interface Opened {
  parts: Parts
  close(): Promise<void>
}

/** A person at the terminal sees what matters as sentences; the log is for what nobody expected. */
function logOf(env: Env) {
  return makeLog(env.named.LOG_LEVEL === undefined ? 'warn' : env.LOG_LEVEL)
}

async function open(env: Env, paced: boolean): Promise<Opened> {
  const log = logOf(env)
  const dataDir = resolve(root, env.DATA_DIR)
  const driver = thisDriver()
  const bus = new Bus()
  const store = await openStore(join(dataDir, 'backrooms.db'))
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

/** Known causes in one sentence, a mistake of ours with its trace. */
function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
