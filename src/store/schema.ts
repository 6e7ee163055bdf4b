import type { Generated } from 'kysely'

// Plain column types (text, integer, real) so that Postgres can follow. Times are milliseconds since 1970, JSON is text.

export interface RunsTable {
  id: string
  spec: string
  state: string
  status: string
  end_reason: string | null
  status_text: string | null
  guild_id: string | null
  channel_id: string | null
  thread_id: string | null
  panel_message_id: string | null
  starter_id: string | null
  starter_name: string | null
  batch_id: string | null
  driver: string | null
  /** The run of its spec's lineage. */
  forked_from: string | null
  log_file: string
  rev: number
  panel_rev: number
  next_index: number
  created_at: number
  ended_at: number | null
  closed_at: number | null
}

export interface TurnsTable {
  run_id: string
  turn_index: number
  round: number
  actor_index: number | null
  name: string
  author_id: string | null
  text: string
  reasoning: string
  whisper_to: number | null
  steps: string
  model: string | null
  input: number
  cached: number
  written: number
  output: number
  cost: number | null
  dropped_at: number | null
  created_at: number
}

export interface DeliveriesTable {
  seq: Generated<number>
  id: string
  lane: string
  run_id: string | null
  guild_id: string | null
  turn_index: number | null
  body: string
  rank: Generated<number>
  attempted_at: number | null
  message_id: string | null
  done_at: number | null
  lost: string | null
  created_at: number
}

export interface PreviewsTable {
  id: Generated<number>
  run_id: string
  part: number
  message_id: string | null
  created_at: number
}

export interface ObserversTable {
  run_id: string
  name: string
  cursor: number
  memory: string
}

export interface ChargesTable {
  id: Generated<number>
  run_id: string
  guild_id: string | null
  person_id: string | null
  person_name: string | null
  purpose: string
  model: string
  input: number
  cached: number
  written: number
  output: number
  cost: number | null
  at: number
}

export interface DreamsTable {
  seq: Generated<number>
  id: string
  content: string
  date: string | null
  source: string | null
  /** The other columns, JSON. */
  more: string
  /** What is searched: `content` without accents, in lower case. */
  folded: string
}

export interface BatchesTable {
  id: string
  name: string
  status: string
  status_text: string | null
  waiting: string | null
  manifest: string
  guild_id: string | null
  channel_id: string | null
  starter_id: string | null
  driver: string | null
  starter_name: string | null
  message_id: string | null
  message_place: string | null
  rev: number
  shown_rev: number
  total: number
  created_at: number
  ended_at: number | null
}

export interface BatchRunsTable {
  batch_id: string
  run_index: number
  item: number | null
  secondary: number | null
  models: string
  seed: number
  status: string
  attempt: number
  run_id: string | null
  reason: string | null
  text: string | null
  cost: number
  duration: number | null
}

export interface ArchiveTable {
  seq: Generated<number>
  log_file: string
  run_id: string | null
  title: string
  prompt: string
  models: string
  template: string
  max_turns: number | null
  created_at: number
  duration_sec: number | null
  exit_reason: string | null
  dream_id: string | null
  source: string | null
  guild_id: string | null
  thread_id: string | null
  /** Of all the rest: tells whether it changed. */
  digest: string
  wanted: number
  synced: number
}

export interface Schema {
  runs: RunsTable
  turns: TurnsTable
  deliveries: DeliveriesTable
  previews: PreviewsTable
  observers: ObserversTable
  charges: ChargesTable
  settings: { guild_id: string; settings: string }
  dreams: DreamsTable
  batches: BatchesTable
  batch_items: { batch_id: string; kind: string; item_index: number; item: string }
  batch_runs: BatchRunsTable
  archive: ArchiveTable
  archive_texts: { seq: number; transcript: string }
  archive_removals: { log_file: string }
  facts: { key: string; value: string }
}
