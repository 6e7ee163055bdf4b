import { resolve } from 'node:path'
import { batchCap } from '../../src/batch/batch-budget.ts'
import { Batches } from '../../src/batch/batches.ts'
import { planBatch } from '../../src/batch/plan.ts'
import { Catalog } from '../../src/config/catalog.ts'
import { type BatchConfig, readConfig } from '../../src/config/config.ts'
import type { Batch } from '../../src/core/batches.ts'
import { Bus } from '../../src/core/bus.ts'
import type { ModelAnswer, ModelCall } from '../../src/core/model.ts'
import type { StartPlace } from '../../src/core/steering.ts'
import type { Store } from '../../src/core/store.ts'
import { dreamSources } from '../../src/dreams/sources.ts'
import { dailyPurse } from '../../src/engine/purse.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { openStore } from '../../src/store/open.ts'
import { ada, answer, engineWith, ScriptedModels } from '../engine/kit.ts'

const ROOT = resolve(import.meta.dirname, '../..')
export const catalog = new Catalog({ root: ROOT, offline: false })
export const quiet = { debug() {}, info() {}, warn() {}, error() {} }
export const nowhere: StartPlace = { guild_id: '10', channel_id: null, person: ada }

/** A batch config from what a file would hold. */
export function batchConfig(raw: Record<string, unknown>): BatchConfig {
  const read = readConfig({ type: 'batch', ...raw }, 'test', 'configs/test.json', (ref) => catalog.model(ref))
  if (!read.config) throw new Error(read.errors.join('\n'))
  return read.config as BatchConfig
}

interface KitOptions {
  store?: Store
  script?: (call: ModelCall, nth: number) => ModelAnswer | Promise<ModelAnswer>
  retryMs?: number
  /** Runs wait for their threads. */
  gated?: boolean
}

/** A process's worth of batches: engine, driver, a scripted model, and the store, which may outlive it. */
export async function startBatches({
  store: given,
  script = () => answer('So it goes.'),
  retryMs,
  gated,
}: KitOptions = {}) {
  const store = given ?? (await openStore(':memory:'))
  const bus = new Bus()
  const models = new ScriptedModels(script)
  const gates = [{ pass: (run: Parameters<Batches['hold']>[0]) => batches.hold(run) }]
  const { engine } = await engineWith(models, {
    ...{ store, bus, purse: dailyPurse(store, { other: batchCap(store) }) },
    ...(gated ? {} : { gates }),
  })
  const batches: Batches = new Batches({
    store,
    runner: engine,
    catalog,
    bus,
    transcript,
    log: quiet,
    retryMs: retryMs ?? 60_000,
  })
  const sources = dreamSources(store, null)

  return {
    ...{ store, bus, engine, batches, models, sources },
    plan: (raw: Record<string, unknown>) => planBatch(batchConfig(raw), { catalog, sources }),
    async start(raw: Record<string, unknown>, place = nowhere): Promise<Batch> {
      return batches.start(batches.newId(), await planBatch(batchConfig(raw), { catalog, sources }), place)
    },
    /** Resolves when the batch reaches this state. */
    until: (id: string, reached: (batch: Batch) => boolean | Promise<boolean>) =>
      new Promise<Batch>((resolve, reject) => {
        const look = async () => {
          const batch = await store.batch(id)
          if (batch && (await reached(batch))) {
            off()
            resolve(batch)
          }
        }
        const off = bus.on('batch', () => void look().catch(reject))
        void look().catch(reject)
      }),
    /** As a killed process leaves it: nothing under way is finished. */
    async kill() {
      await batches.close()
      await engine.drain(0)
    },
  }
}
