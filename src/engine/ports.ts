import type { Button, NewDelivery } from '../core/delivery.ts'
import type { ToolCall, ToolResult, ToolSpec, ToolStep } from '../core/model.ts'
import type { EndReason, Run, Turn } from '../core/run.ts'

// What the engine asks of others. It sees these interfaces only; main.ts and cli.ts name who implements them.

/** Words what a run does into deliveries. Pure: same run and turn, same deliveries. */
export interface Transcript {
  /** Announcement, thread and panel. Nothing for a run without a channel. */
  opening(run: Run): NewDelivery[]
  turn(run: Run, turn: Turn): NewDelivery[]
  /** The tools that an actor used in a turn that came to nothing. */
  steps(run: Run, actor: number, steps: ToolStep[]): NewDelivery[]
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
export type Spender = Pick<Run, 'guild_id' | 'starter_id' | 'starter_name' | 'spec'> & { batch_id?: string | null }

/** Limits on money beyond the run's own (per person and day, per server and day, per batch). */
export interface Purse {
  /** Null: the run may spend. Else one sentence that names the cap of the day that is reached. */
  refusal(run: Spender): Promise<string | null>
  /** For the calls of one turn, or of one post of an observer, until their cost is in the store. To be closed. */
  open(run: Spender): Hold
}

/** A cap that is set. USD. */
export interface Standing {
  /** The same for all that fall under it. */
  key: string
  limit: number
  spent: number
  /** One sentence, for when it is reached. */
  refusal: string
  /** What becomes of a run then. */
  outcome: 'pause' | { end: EndReason }
}

export type Taken =
  /** `isLast`: the cap is reached with what the turn has cost already: it is finished, no more. */
  | { kind: 'go'; waited: boolean; isLast: boolean }
  | { kind: 'refused'; waited: boolean; why: string; outcome: Standing['outcome'] }

export interface Hold {
  /** Before each call: resolves when it may begin. Rejects with the signal's reason. @param usd what it can cost at most */
  take(usd: number, signal: AbortSignal): Promise<Taken>
  /** After each call: what it has cost; null: nobody knows. */
  used(usd: number | null): void
  /** Closes it when the costs are committed. */
  settle<T>(commit: () => Promise<T>): Promise<T>
  close(): void
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
