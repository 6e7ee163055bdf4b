import type { Button, NewDelivery } from '../core/delivery.ts'
import type { ToolCall, ToolResult, ToolSpec } from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'

// What the engine asks of others. It sees these interfaces only; main.ts and cli.ts name who implements them.

/** Words what a run does into deliveries. Pure: same run and turn, same deliveries. */
export interface Transcript {
  /** Announcement, thread and panel. Nothing for a run without a channel. */
  opening(run: Run): NewDelivery[]
  turn(run: Run, turn: Turn): NewDelivery[]
  notice(run: Run, text: string, buttons?: Button[]): NewDelivery[]
  /** The end notice and the archiving of the thread. */
  end(run: Run): NewDelivery[]
}

/** Something a run waits for before its next turn: a thread that is behind, a picture that belongs beside the text. */
export interface Gate {
  /** Resolves when the run may go on, with whether it had to wait; rejects when the signal aborts. */
  pass(run: Run, signal: AbortSignal): Promise<boolean>
}

/** Who spends, and on what; a run that has not begun is one too. */
export type Spender = Pick<Run, 'guild_id' | 'starter_id' | 'starter_name' | 'spec'>

/** A limit on money beyond the run's own (per person and day, per server and day). */
export interface Purse {
  /** Null: the run may spend. Else one sentence that names the cap. */
  refusal(run: Spender): Promise<string | null>
}

/** The tools that a run's actors were granted. */
export interface Tools {
  /** Those of the granted names that their servers have. */
  specs(run: Run, signal: AbortSignal): Promise<ToolSpec[]>
  /** Never throws: what goes wrong is the result's text. Refuses what was not granted. */
  call(run: Run, call: ToolCall, signal: AbortSignal): Promise<ToolResult>
}

/** Observers that may still have something to post when a run has ended. */
export interface Followers {
  /** Resolves, in bounded time, when nothing more of this ended run will be posted by them; false: they were shut down before. */
  finished(run: Run): Promise<boolean>
  /** Breaks off what they still do for an ended run. */
  hurry(runId: string): void
}

export interface Log {
  debug(data: object, message: string): void
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}
