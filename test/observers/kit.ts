import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bus } from '../../src/core/bus.ts'
import type { DeliveryBody } from '../../src/core/delivery.ts'
import type { CallOptions, ToolAnswer } from '../../src/core/mcp.ts'
import type { ModelCall, Models } from '../../src/core/model.ts'
import type { Store } from '../../src/core/store.ts'
import { Engine } from '../../src/engine/engine.ts'
import { dailyPurse } from '../../src/engine/purse.ts'
import { observersOf } from '../../src/observers/chosen.ts'
import { rememberUploads } from '../../src/observers/media/uploads.ts'
import { Rounds } from '../../src/observers/rounds.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { openStore } from '../../src/store/open.ts'
import { answer, ScriptedModels } from '../engine/kit.ts'

export type CallTool = (
  server: string,
  tool: string,
  args: Record<string, unknown>,
  options: CallOptions & { signal: AbortSignal },
) => Promise<ToolAnswer>

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Actors say `line N`; narrators and media agents what `observe` says. Deliveries stay in the store, where the tests read them. */
export async function roundsWith(options: {
  observe: (call: ModelCall, nth: number) => string | Promise<string>
  /** Names of the server's channels, each its own id. */
  channels?: string[]
  callTool?: CallTool
  /** How far the server is boosted. */
  boostTier?: number
  store?: Store
  /** In place of `line N`. */
  actorSays?: (nth: number) => string
  /** How long work takes (ms) before the panel tells of it. */
  tellAfter?: number
  /** What an actor's answer takes. */
  actorMs?: number
}) {
  const { observe, channels = [], callTool = async () => Promise.reject(new Error('no tools here')) } = options
  const bus = new Bus()
  const store = options.store ?? (await openStore(':memory:'))
  const dataDir = mkdtempSync(join(tmpdir(), 'backrooms-rounds-'))
  const asked: ModelCall[] = []
  let lines = 0
  const models: Models = new ScriptedModels(async (call) => {
    if (/:\d+$/.test(call.cache_key)) {
      if (options.actorMs) await new Promise((done) => setTimeout(done, options.actorMs))
      const nth = lines++
      return answer(options.actorSays?.(nth) ?? `line ${nth}`)
    }
    asked.push(call)
    return answer(await observe(call, asked.length - 1))
  })
  const parts = {
    models,
    channels: {
      find: async (_guild: string, name: string) => (channels.includes(name) ? name : null),
      serverName: () => 'The Rooms',
      boostTier: () => options.boostTier ?? 0,
    },
    mcp: { call: callTool as never },
    dataDir,
    allow: [],
    searchPictures: null,
    uploads: rememberUploads(bus),
  }
  const purse = dailyPurse(store)
  const rounds = new Rounds({
    store,
    bus,
    log: quiet,
    transcript,
    purse,
    observersOf: (run) => observersOf(run, parts),
    ...(options.tellAfter === undefined ? {} : { tellAfter: options.tellAfter }),
  })
  const engine = new Engine(
    {
      ...{ store, models, bus, transcript, log: quiet, gates: [rounds.gate], purse },
      tools: { specs: async () => [], call: async (_run, { id, name }) => ({ id, name, text: '', is_error: true }) },
    },
    rounds,
  )
  return { engine, rounds, store, bus, asked, dataDir, bodies: (lane: string) => bodiesOf(store, lane) }
}

async function bodiesOf(store: Store, lane: string): Promise<DeliveryBody[]> {
  return (await store.owed(lane, 1000)).map((delivery) => delivery.body)
}

/** What was posted by narrators and media agents: `name: text`. */
export function posts(bodies: DeliveryBody[]): string[] {
  return bodies.flatMap((body) => (body.kind === 'post' ? [`${body.persona.name}: ${body.text}`] : []))
}
