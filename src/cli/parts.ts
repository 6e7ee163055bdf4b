import type { RemoteArchive } from '../archive/remote.ts'
import type { Batches } from '../batch/batches.ts'
import type { Catalog } from '../config/catalog.ts'
import type { Bus } from '../core/bus.ts'
import type { KeptFile } from '../core/delivery.ts'
import type { Mcp } from '../core/mcp.ts'
import type { Models } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import type { Person, Steering } from '../core/steering.ts'
import type { Store } from '../core/store.ts'
import type { DreamSources } from '../dreams/sources.ts'
import type { Log } from '../engine/ports.ts'
import type { Env } from '../env.ts'

/** What there is no thread for is shown here. */
export interface Stage {
  /** A narrator's or media agent's post. */
  post(run: Run, who: string, text: string, files: KeptFile[]): void
  /** What the bot would say in the run's thread. */
  notice(run: Run, text: string): void
}

/** The program's parts, as the bot has them, without Discord. `src/cli.ts` names who implements them. */
export interface Parts {
  env: Env
  /** Absolute. */
  dataDir: string
  /** The offline voice speaks for every alias. */
  offline: boolean
  store: Store
  bus: Bus
  catalog: Catalog
  models: Models
  mcp: Mcp
  steering: Steering
  batches: Batches
  dreams: DreamSources
  /** The archive in Supabase; null where that is not set up. */
  remote: RemoteArchive | null
  log: Log
  /** The name of this process, as runs that it drives bear it. */
  driver: string
  /** Who sits at the terminal. */
  person: Person
  /** Finishes what closed terminals have left unfinished. Returns the ids of runs and batches that now wait for `resume`. */
  takeUp(): Promise<string[]>
  /** Nobody reads along what is said now: the offline voice speaks as fast as it can. */
  hurry(): void
  /** Shows what has no thread; the last one set is used. */
  setStage(stage: Stage): void
}
