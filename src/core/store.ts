import type { ArchiveStore } from './archive.ts'
import type { BatchStore } from './batches.ts'
import type { Delivery, NewDelivery } from './delivery.ts'
import type { DreamStore } from './dreams.ts'
import type { Usage } from './model.ts'
import type { Run, RunSpec, RunState, RunStatus, Turn } from './run.ts'

// What the rest of the program asks of the store. `src/store/` has the one implementation.

export type NewRun = Pick<Run, 'guild_id' | 'channel_id' | 'starter_id' | 'starter_name' | 'batch_id'> & {
  /** Given by whoever must not create it twice (a batch item); else the store makes one. */
  id?: string
  spec: RunSpec
  state: RunState
  /** Null: the bot. */
  driver?: string | null
  /** For one that was exported: when it began, and how it stands. Else it begins now. */
  imported?: Pick<Run, 'created_at' | 'status' | 'end_reason' | 'status_text' | 'ended_at' | 'closed_at'>
  /** For a fork: what it begins with. Their indices stay. */
  turns?: Turn[]
  observers?: ObserverMemory[]
}

export type NewTurn = Omit<Turn, 'run_id' | 'turn_index' | 'dropped_at' | 'created_at'>

/** Money spent, for whom: the ledger behind caps and `/backrooms usage`. */
export interface NewCharge {
  purpose: 'turn' | 'narrator' | 'media' | 'moderator' | 'lost'
  model: string
  usage: Usage
}

/** What one transaction does to a run (rule 1). */
export interface Change {
  turn?: NewTurn
  state?: RunState
  set?: Partial<
    Pick<
      Run,
      | 'spec'
      | 'status'
      | 'end_reason'
      | 'status_text'
      | 'ended_at'
      | 'closed_at'
      | 'channel_id'
      | 'thread_id'
      | 'panel_message_id'
      | 'next_index'
      | 'driver'
    >
  >
  /** Given the run and turn as they will be committed. */
  deliveries?: NewDelivery[] | ((run: Run, turn: Turn | null) => NewDelivery[])
  charges?: NewCharge[]
  /** Turns from this index on no longer count, nor what observers made of this round and later ones. */
  rewind?: { from_turn: number; from_round: number }
  /** An observer's memory after the round `cursor`, committed together with what it posts. Earlier ones are kept, for rewinds and forks. */
  observer?: { name: string; cursor: number; memory: unknown }
}

export interface Changed {
  run: Run
  turn: Turn | null
  deliveries: Delivery[]
}

export interface RunStore {
  /** Reserves the log file's name (DESIGN.md) and commits the run with its opening deliveries. An id that exists already: returns that run, changes nothing. */
  createRun(run: NewRun, deliveries: (run: Run) => NewDelivery[]): Promise<Run>
  run(id: string): Promise<Run | null>
  /** In order of index; without those that a rewind dropped, unless asked for. */
  turns(runId: string, options?: { dropped?: boolean }): Promise<Turn[]>
  /**
   * Loads the run, lets `decide` say what changes, and commits it all in one transaction. `decide` is called exactly once, must be
   * pure, and returns null to change nothing. Throws when there is no such run.
   */
  change(runId: string, decide: (run: Run) => Change | null): Promise<Changed | null>
  runs(filter: RunFilter): Promise<Run[]>
  /** Removes the run with its turns, deliveries and memory, for good. */
  deleteRun(runId: string): Promise<void>
  panelShown(runId: string, rev: number): Promise<void>
  /** Runs whose panel shows an older rev. */
  stalePanels(): Promise<string[]>
}

export interface RunFilter {
  status?: RunStatus[]
  guild_id?: string
  channel_id?: string
  thread_id?: string
  batch_id?: string
  /** Its forks, and not theirs. */
  forked_from?: string
  /** Null: those of the bot. */
  driver?: string | null
  /** Ended, but the end notice not yet committed. */
  unclosed?: boolean
  /** Ended, but this observer has not reached cursor 1, which says that it is done with the run. */
  unfinished_by?: string
  /** Newest first, at most this many. */
  limit?: number
}

export interface DeliveryStore {
  enqueue(deliveries: NewDelivery[]): Promise<Delivery[]>
  /** What a lane owes, as it is to be posted: by rank, oldest first; before all else what may have been posted already. */
  owed(lane: string, limit: number): Promise<Delivery[]>
  lanesOwing(): Promise<string[]>
  /** How many turns of this run Discord has not acknowledged in full. */
  turnsBehind(runId: string): Promise<number>
  attempted(id: string, at: number): Promise<void>
  acknowledged(id: string, messageId: string | null): Promise<void>
  /** Given up for good, with the reason. */
  lost(id: string, reason: string): Promise<void>
  /** Everything still owed in a lane, given up. */
  loseLane(lane: string, reason: string): Promise<void>
  /** Message id to delivery, for messages of a run that Discord has acknowledged. */
  delivered(runId: string): Promise<Delivery[]>
  deliveryOfMessage(messageId: string): Promise<Delivery | null>
}

/** Messages that show a turn while it is being generated. Kept so that none is left behind by a crash. */
export interface Preview {
  id: number
  run_id: string
  part: number
  /** Null while it is unknown whether Discord made the message. */
  message_id: string | null
  created_at: number
}

export interface PreviewStore {
  previewIntended(runId: string, part: number): Promise<number>
  previewPosted(id: number, messageId: string): Promise<void>
  previews(runId: string): Promise<Preview[]>
  previewGone(id: number): Promise<void>
  runsWithPreviews(): Promise<string[]>
}

export interface ObserverMemory {
  name: string
  /** The last round (for log files: turn) that is finished, -1 before the first. */
  cursor: number
  memory: unknown
}

export interface ObserverStore {
  /** The newest. */
  observer(runId: string, name: string): Promise<ObserverMemory>
  /** Replaces all that was kept under this name. */
  saveObserver(runId: string, memory: ObserverMemory): Promise<void>
  /** All that is kept, oldest first. */
  observers(runId: string): Promise<ObserverMemory[]>
}

/** A server's settings, each null unless set (`/settings`). */
export interface GuildSettings {
  /** Role ids that may start runs; empty: everyone. */
  starters: string[]
  /** Aliases that may be used; empty: all. */
  models: string[]
  default_channel: string | null
  /** USD a run may cost unless its start says less. */
  max_cost: number | null
  /** Above this estimate (USD) a start asks first; default 5. */
  ask_above: number | null
  /** USD per person and day, per server and day. */
  person_per_day: number | null
  server_per_day: number | null
}

export interface SettingsStore {
  settings(guildId: string): Promise<GuildSettings>
  saveSettings(guildId: string, settings: GuildSettings): Promise<void>
  /** Small facts that must outlive the process: hash of the registered commands, emoji ids, webhook ids. */
  fact(key: string): Promise<string | null>
  setFact(key: string, value: string | null): Promise<void>
}

export interface Spending {
  day: string
  person_id: string | null
  person_name: string | null
  model: string
  cost: number
  unknown: number
  input: number
  cached: number
  written: number
  output: number
}

export interface UsageStore {
  /** By day (UTC), person and model, since this time (ms). */
  spending(guildId: string, since: number): Promise<Spending[]>
  /** USD since this time, of a server or of one person in it. */
  spentSince(guildId: string, since: number, personId?: string): Promise<number>
}

export interface Store
  extends RunStore,
    DeliveryStore,
    PreviewStore,
    ObserverStore,
    SettingsStore,
    UsageStore,
    DreamStore,
    BatchStore,
    ArchiveStore {
  close(): Promise<void>
}
