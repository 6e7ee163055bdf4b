import type { Batches } from '../batch/batches.ts'
import type { Catalog } from '../config/catalog.ts'
import type { Bus } from '../core/bus.ts'
import type { Exported, ExportFormat } from '../core/export/exports.ts'
import type { Mcp } from '../core/mcp.ts'
import type { Models } from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Steering } from '../core/steering.ts'
import type { Store } from '../core/store.ts'
import type { DreamSources } from '../dreams/sources.ts'
import type { Log, Purse } from '../engine/ports.ts'

/** What every handler of a command, button, menu or message may use. `main.ts` puts it together. */
export interface Room {
  store: Store
  steering: Steering
  catalog: Catalog
  models: Pick<Models, 'missing'>
  mcp: Mcp
  batches: Pick<Batches, 'newId' | 'start' | 'pause' | 'resume' | 'stop' | 'retryFailed' | 'manifest'>
  dreams: DreamSources
  purse: Pick<Purse, 'refusal'>
  bus: Bus
  log: Log
  /** A run as a file, and how much was said in it. */
  export(run: Run, format: ExportFormat): Promise<Exported & { turns: Turn[] }>
  /** Why a run could not go on in its thread now, as a sentence; null: nothing is known that hinders it. */
  obstacle(run: Run): Promise<string | null>
  /** Removes an ended or going run for good: its thread, its log and meta line, its archive row and what the store has of it. */
  remove(run: Run): Promise<void>
}
