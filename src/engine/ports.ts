import type { Button, NewDelivery } from '../core/delivery.ts'
import type { Run, Turn } from '../core/run.ts'

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
  /** Resolves when the run may go on; rejects when the signal aborts. */
  pass(run: Run, signal: AbortSignal): Promise<void>
}

/** A limit on money beyond the run's own (per person and day, per server and day). */
export interface Purse {
  /** Null: the run may spend. Else one sentence that names the cap. */
  refusal(run: Run): Promise<string | null>
}

export interface Log {
  debug(data: object, message: string): void
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}
