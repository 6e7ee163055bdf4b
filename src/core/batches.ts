import type { PlannedRun } from './batch.ts'
import type { NewDelivery } from './delivery.ts'
import type { Dream } from './dreams.ts'
import type { Estimate } from './estimate.ts'
import type { ModelInfo } from './model.ts'
import type { EndReason } from './run.ts'
import type { Person } from './steering.ts'

// A batch: many runs from one config, which one can watch and hold.

export type BatchStatus = 'going' | 'paused' | 'stopping' | 'ended'

/** What a batch was made from, kept so that it can be understood and planned again. */
export interface BatchManifest {
  config: BatchConfigKept
  seed: number
  /** Each model that occurs, as the registry had it. */
  models: ModelInfo[]
  /** What the whole was expected to cost; null: nobody knows. Older batches have one figure, in USD. */
  estimate: Estimate | number | null
  /** Where the items came from, in words. */
  from: string | null
  notes: string[]
}

/** The config file's content after its defaults, as `config/` read it. */
export interface BatchConfigKept {
  name: string
  options: Record<string, unknown> & { template: string }
  context: Record<string, unknown>
  vars_from_item: Record<string, string>
  vars_from_secondary: Record<string, string>
  concurrency: number
  /** USD for the whole batch; null: none. */
  max_cost: number | null
  threads: 'each' | 'failed' | 'none'
  auto_sync: boolean | null
  meta_jsonl: string | null
}

export interface Batch {
  id: string
  name: string
  status: BatchStatus
  /** Why it is paused or waits, or how it ended. */
  status_text: string | null
  /** Set while Discord takes no more threads (or the like): begins no runs until that is mended. */
  waiting: string | null
  manifest: BatchManifest
  guild_id: string | null
  /** Where its dashboard and its runs' threads are; null: nowhere. */
  channel_id: string | null
  /** As of a run: null the bot. */
  driver: string | null
  starter_id: string | null
  starter_name: string | null
  /** The dashboard: its message, and the channel (or forum post) that holds it. */
  message_id: string | null
  message_place: string | null
  /** Rises whenever the dashboard has something new to show; `shown_rev` is what it shows. */
  rev: number
  shown_rev: number
  total: number
  created_at: number
  ended_at: number | null
}

export type BatchRunStatus = 'planned' | 'going' | 'done' | 'failed' | 'skipped'

export interface BatchRun extends PlannedRun {
  batch_id: string
  status: BatchRunStatus
  /** 0 for the first, one more for each retry. */
  attempt: number
  run_id: string | null
  /** How it ended; `deleted`: a person removed it, or (skipped, `thread_gone`) its thread; `unplayable`: it could not begin; `batch_stopped`, `batch_budget`: it never began. */
  reason: EndReason | 'deleted' | 'unplayable' | 'batch_stopped' | 'batch_budget' | null
  /** One sentence. */
  text: string | null
  /** USD. */
  cost: number
  /** ms. */
  duration: number | null
}

/** One line of a batch's sums: runs of one status and reason. */
export interface BatchTally {
  status: BatchRunStatus
  reason: string | null
  count: number
  cost: number
  duration: number
}

export type NewBatch = Pick<
  Batch,
  'id' | 'name' | 'manifest' | 'guild_id' | 'channel_id' | 'starter_id' | 'starter_name'
> & {
  items: Dream[]
  secondary: Dream[]
  runs: PlannedRun[]
  /** Null: the bot. */
  driver?: string | null
}

export interface BatchStore {
  /** Commits the whole plan with the dashboard's delivery. An id that exists already: returns that batch, changes nothing. */
  createBatch(batch: NewBatch, deliveries: NewDelivery[]): Promise<Batch>
  batch(id: string): Promise<Batch | null>
  batches(filter: {
    status?: BatchStatus[]
    guild_id?: string
    driver?: string | null
    limit?: number
  }): Promise<Batch[]>
  /** Null when there is none. `touch` alone raises its rev. */
  changeBatch(
    id: string,
    set: Partial<
      Pick<Batch, 'status' | 'status_text' | 'waiting' | 'ended_at' | 'message_id' | 'message_place' | 'driver'>
    >,
  ): Promise<Batch | null>
  batchShown(id: string, rev: number): Promise<void>
  /** Dashboards that show an older rev. */
  staleBatches(): Promise<string[]>
  batchTally(id: string): Promise<BatchTally[]>
  /** In the plan's order. */
  batchRuns(id: string, filter?: { status?: BatchRunStatus[]; limit?: number; newest?: boolean }): Promise<BatchRun[]>
  batchItem(id: string, kind: 'item' | 'secondary', index: number): Promise<Dream | null>
  batchItems(id: string, kind: 'item' | 'secondary'): Promise<Dream[]>
  setBatchRun(
    id: string,
    index: number,
    set: Partial<Pick<BatchRun, 'status' | 'attempt' | 'run_id' | 'reason' | 'text' | 'cost' | 'duration'>>,
  ): Promise<void>
  /** All planned ones become skipped. Returns how many. */
  skipPlanned(id: string, reason: 'batch_stopped' | 'batch_budget'): Promise<number>
  /** All failed ones are planned again, as a next attempt. Returns how many. */
  replanFailed(id: string): Promise<number>
}

/** What a person can do to a batch. Each throws UserError when it cannot be done. */
export interface Batching {
  pause(id: string, why: string): Promise<void>
  resume(id: string): Promise<void>
  stop(id: string, person: Person): Promise<void>
  /** Returns how many are planned again. */
  retryFailed(id: string): Promise<number>
  /** Config, seed, items, pairs, model versions and results, as JSON. */
  manifest(id: string): Promise<string>
}
