import type { ModelInfo, ToolStep, Usage } from './model.ts'

/** Rule 7: every end has a name. */
export const END_REASONS = [
  'max_turns',
  'stop_sequence',
  'stopped',
  'context_budget',
  'cost_budget',
  'loop',
  'refusal',
  'thread_gone',
  'error',
] as const
export type EndReason = (typeof END_REASONS)[number]

export type RunStatus = 'going' | 'paused' | 'ended'

export interface HistoryMessage {
  role: 'user' | 'assistant'
  content: string
}

export interface Actor {
  model: ModelInfo
  /** `Claude Opus 1`: display name and 1-based position. */
  name: string
  /** Names its picture; the same for the same model in every run. */
  face: string
  system: string
  history: HistoryMessage[]
}

export type Order = 'round_robin' | 'random' | 'mentioned' | 'moderator'
export type OnLoop = 'notice' | 'end' | 'nudge' | 'swap' | 'off'

/** All that a run needs, resolved once at its start: no later change of a template, preset or registry reaches it. */
export interface RunSpec {
  template: string
  description: string
  actors: Actor[]
  title: string
  vars: Record<string, string>
  query: string | null
  /** Those of the variables that whoever started the run gave. */
  asked_vars?: string[]
  /** In rounds (each actor once); null: no limit. */
  max_turns: number | null
  max_tokens: number | null
  /** 0: no limit. */
  max_context_frac: number
  /** Overrides the registry's. */
  context_window: number | null
  temperature: number
  /** USD for the run; null: no limit (only where every price is known to be 0). */
  max_cost: number | null
  order: Order
  stop: 'line' | 'anywhere'
  reasoning: 'hidden' | 'spoiler' | 'shown'
  seed: number
  /** `server/tool` names actors may call. */
  tools: string[]
  /** Said once when the run loops and `on_loop` is `nudge`. */
  nudge: string | null
  on_loop: OnLoop
  /** Chosen narrators, whole and resolved, as `config/` loaded them. */
  profiles: ChosenPreset[]
  /** Chosen media agents, whole and resolved. */
  media: ChosenPreset[]
  /** Where the run came from, kept for its meta line and archive row. */
  item: { dream_id: string | null; dream_index: number | null; date: string | null; source: string | null } | null
  /** The run that it was forked from, after which turn; its thread, where it has one. */
  lineage: { run_id: string; turn_index: number; thread_id?: string | null } | null
}

export interface ChosenPreset {
  name: string
  /** The preset file's content after overrides; parsed again by the observer that runs it. */
  preset: Record<string, unknown>
  /** Why it does nothing in this run, one sentence; absent: nothing is wrong with it. */
  fault?: string
}

/** The part of a run that changes. */
export interface RunState {
  /** Whom the next turn belongs to, when a person or an order chose; null: the order decides. */
  next_actor: number | null
  /** Speakers so far (actor indices of turns that still count), the basis of every order. */
  spoken: number[]
  /** Of all turns; its cost is the sum of the known ones. */
  usage: Usage
  /** Turns whose cost nobody knows. */
  unpriced: number
  /** Cost of narrators, media agents and moderators. */
  side_cost: number
  /** Models exchanged during the run: actor index to model. */
  swaps: Record<string, ModelInfo>
  /** What was already reported once (`profile:cctv`, `loop`, …). */
  reported: string[]
  /** What the panel tells beside the figures. */
  remarks: string[]
  /** What narrators and media agents are at (`media:demo`: a few words), where it takes long. */
  doing?: Record<string, string>
  /** How often it was rewound: what was observed of a round before a rewind no longer counts. */
  rewinds?: number
  /** Remaining turns of `/backrooms step`; null: not stepping. */
  steps: number | null
}

export interface Run {
  id: string
  spec: RunSpec
  state: RunState
  status: RunStatus
  end_reason: EndReason | null
  /** One sentence: why it is paused or ended. */
  status_text: string | null
  guild_id: string | null
  /** The channel its thread hangs in. */
  channel_id: string | null
  /** Null until Discord has opened it, and for runs without a thread. */
  thread_id: string | null
  panel_message_id: string | null
  starter_id: string | null
  starter_name: string | null
  batch_id: string | null
  /** The process that drives it and no other does: null the bot, else a terminal's (`terminal:<host>:<process id>`). */
  driver: string | null
  log_file: string
  /** Rises with every commit: what was rendered from an older one is stale. */
  rev: number
  /** The rev that the panel last showed. */
  panel_rev: number
  /** Index the next turn will get. */
  next_index: number
  created_at: number
  ended_at: number | null
  /** When the end notice was committed: after the observers of the last round have had their say. */
  closed_at: number | null
}

export interface Turn {
  run_id: string
  turn_index: number
  /** 0-based. */
  round: number
  /** Null for a person's. */
  actor_index: number | null
  /** The actor's or the person's name as shown. */
  name: string
  /** Discord user of a person's turn. */
  author_id: string | null
  text: string
  reasoning: string
  /** Only this actor sees it; null: all do. */
  whisper_to: number | null
  /** Tool calls that led to the text, with their results, in order. */
  steps: ToolStep[]
  model: string | null
  usage: Usage
  /** Set when a rewind dropped it: kept, but never in a context again. */
  dropped_at: number | null
  created_at: number
}
