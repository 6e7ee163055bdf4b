import { mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openArchive } from './archive/archive.ts'
import { batchCap } from './batch/batch-budget.ts'
import { Batches } from './batch/batches.ts'
import { Catalog } from './config/catalog.ts'
import { Bus } from './core/bus.ts'
import { UserError } from './core/errors.ts'
import type { Store } from './core/store.ts'
import { dreamSources } from './dreams/sources.ts'
import { Engine } from './engine/engine.ts'
import type { Gate, Log, Transcript } from './engine/ports.ts'
import { dailyPurse } from './engine/purse.ts'
import type { Env } from './env.ts'
import { createActorTools } from './mcp/actor-tools.ts'
import { createMcp } from './mcp/servers.ts'
import { embedder } from './models/embed.ts'
import { createModels } from './models/models.ts'
import type { Pace } from './models/offline.ts'
import { observersOf } from './observers/chosen.ts'
import { LogFiles } from './observers/logfile.ts'
import { pictureSearch } from './observers/media/search.ts'
import { rememberUploads } from './observers/media/uploads.ts'
import type { NarratorParts } from './observers/narrator.ts'
import { Rounds } from './observers/rounds.ts'
import { openStore } from './store/open.ts'
import { supabaseOf } from './supabase/client.ts'

// What the bot (main.ts) and the terminal (cli.ts) have in common: everything but Discord and the screen.

export interface Wiring {
  env: Env
  /** The project's folder. */
  root: string
  log: Log
  /** The offline voice speaks for every alias. */
  offline: boolean
  /** Time for a turn of the offline voice (ms); absent: readable. */
  paceMs?: Pace
  /** Whose runs this process drives; absent: the bot's. */
  driver?: string
  transcript: Transcript
  /** Where narrators post, and where what has no channel goes. */
  posting: Pick<NarratorParts, 'channels' | 'aside'>
  gates?: (store: Store, bus: Bus) => Gate[]
}

/** Opens the store and wires the parts over it. Throws UserError where DATA_DIR cannot be used. */
export async function openParts({ env, root, log, offline, paceMs, driver, transcript, posting, gates }: Wiring) {
  const dataDir = folder(resolve(root, env.DATA_DIR))
  const bus = new Bus()
  const store = await openStore(join(dataDir, 'backrooms.db')).catch((error: Error) => {
    throw new UserError(`DATA_DIR cannot be used: ${dataDir}: ${error.message}`, { cause: error })
  })
  const catalog = new Catalog({ root, offline })
  const mcp = createMcp({ configFile: env.MCP_CONFIG, root, env: env.named, log })
  const models = createModels({
    env: env.named,
    limits: catalog.limits(),
    log,
    ...(paceMs === undefined ? {} : { paceMs }),
  })
  const purse = dailyPurse(store, { other: batchCap(store) })
  const uploads = rememberUploads(bus)
  const seen = {
    models,
    mcp,
    uploads,
    dataDir,
    allow: env.MEDIA_ALLOW_HOSTS,
    searchPictures: pictureSearchOf(env),
    ...posting,
  }
  const rounds = new Rounds({
    store,
    bus,
    log,
    transcript,
    purse,
    driver,
    observersOf: (run) => observersOf(run, seen),
  })
  const engine = new Engine(
    {
      ...{ store, models, bus, log, driver, transcript, purse },
      gates: [...(gates?.(store, bus) ?? []), rounds.gate, { pass: (run) => batches.hold(run) }],
      tools: createActorTools({ mcp, store, bus, transcript, log }),
    },
    rounds,
  )
  const batches = new Batches({ store, runner: engine, catalog, bus, transcript, log, driver })
  const supabase = supabaseOf(env, log)
  const archive = openArchive({ store, bus, log, root, client: supabase, autoSync: env.BACKROOMS_AUTO_SYNC })
  const logs = new LogFiles({ store, bus, dataDir, log, driver })
  const dreams = dreamSources(store, supabase)
  return { dataDir, bus, store, catalog, mcp, models, purse, rounds, engine, batches, supabase, archive, logs, dreams }
}

/** Makes the folder where it is missing. One level at a time: below /proc, Node's own recursion never ends. */
function folder(path: string): string {
  try {
    const above = resolve(path, '..')
    if (above !== path && !isFolder(above)) folder(above)
    if (!isFolder(path)) mkdirSync(path)
    return path
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`DATA_DIR should be a folder that can be written to: ${path}: ${(error as Error).message}`)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
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
