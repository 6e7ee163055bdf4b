import type { Catalog } from '../config/catalog.ts'
import type { Bus } from '../core/bus.ts'
import type { Steering } from '../core/steering.ts'
import type { Store } from '../core/store.ts'
import type { Log, Transcript } from '../engine/ports.ts'

/** The engine, as far as batches use it. */
type Runner = Pick<Steering, 'start' | 'stop' | 'pause' | 'resume'> & {
  end(runId: string, reason: 'cost_budget', text: string): Promise<void>
}

export interface BatchParts {
  store: Store
  runner: Runner
  catalog: Catalog
  bus: Bus
  transcript: Transcript
  log: Log
  /** How long (ms) a batch waits before it tries again whether Discord takes threads; 60 s. */
  retryMs?: number
  /** Who drives the batches of this process; absent: the bot. */
  driver?: string
}
