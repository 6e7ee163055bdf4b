import type { Delivery } from '../../core/delivery.ts'

/** What the engine is told when Discord changed under a run. */
export interface Hooks {
  /** The thread or its channel is deleted: the run ends. */
  onThreadGone(runId: string, reason: string): void | Promise<void>
  /** The thread is locked: this run alone pauses, with this sentence. It may have ended already. */
  onLocked(runId: string, sentence: string): unknown
  /** A person has to change something: the run pauses, with this sentence. It may have ended already. */
  onBlocked(runId: string, sentence: string): unknown
  /** Discord will never take this message: the run tells of it. */
  onRefused(runId: string, delivery: Delivery, reason: string): unknown
}
