import type { ModelInfo } from './model.ts'
import type { Run, RunSpec, Turn } from './run.ts'

export interface Person {
  id: string
  name: string
  avatar_url: string | null
}

export interface StartPlace {
  guild_id: string | null
  /** Text, announcement or forum channel in which the thread opens; null: no thread. */
  channel_id: string | null
  person: Person | null
  batch_id?: string
  /** Starting twice under one id starts once. */
  id?: string
}

export interface ForkHow {
  /** The last turn it keeps. */
  from?: number
  models?: ModelInfo[]
  /** In place of the first run's: one that ended at a limit could otherwise not go on. */
  limits?: Partial<Pick<RunSpec, 'max_turns' | 'max_cost'>>
}

/** What a person can do to a run. Each call returns when it is committed, and throws UserError when it cannot be done. */
export interface Steering {
  start(spec: RunSpec, place: StartPlace): Promise<Run>
  /** Aborts the call under way, commits the person's turn `^C^C`, ends the run as `stopped`. One that has ended but still waits for a picture waits no longer. */
  stop(runId: string, person: Person): Promise<Run>
  /** A person's message enters the conversation. `posted`: the id of their own Discord message, which shows it already. */
  say(runId: string, person: Person, text: string, how?: { as?: string; to?: number; posted?: string }): Promise<Turn>
  pause(runId: string, why: string): Promise<Run>
  resume(runId: string): Promise<Run>
  /** One turn, then paused again. */
  step(runId: string): Promise<Run>
  next(runId: string, actor: number): Promise<Run>
  swap(runId: string, actor: number, model: ModelInfo): Promise<Run>
  /** A new run that begins with this one's turns up to and including `from` (default: all). */
  fork(runId: string, place: StartPlace, how?: ForkHow): Promise<Run>
  /** Drops the turns after `to`. */
  rewind(runId: string, to: number): Promise<Run>
  /** Stops the run without a word and removes it for good. */
  forget(runId: string): Promise<void>
}
