import { setTimeout as sleep } from 'node:timers/promises'
import {
  addUsage,
  type ModelAnswer,
  type ModelCall,
  ModelError,
  type Models,
  NO_USAGE,
  type Usage,
} from '../core/model.ts'
import { POLICIES, type Policy, TELL_AFTER, waitBefore } from './policy.ts'

export type Asked =
  | { kind: 'answer'; answer: ModelAnswer; lost: Usage }
  | { kind: 'failed'; error: ModelError; outcome: Policy['outcome']; lost: Usage }
  | { kind: 'aborted'; lost: Usage }

/** Calls a model until it answers or its failures' policy is exhausted. `lost` is what the failed attempts are known to have used. */
export async function ask(
  models: Models,
  call: ModelCall,
  tell: (error: ModelError, waitMs: number) => Promise<void>,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = pause,
): Promise<Asked> {
  const tries = new Map<string, number>()
  let lost = NO_USAGE
  let waited = 0
  let told = false
  for (;;) {
    try {
      const answer = await models.call(call)
      return { kind: 'answer', answer, lost }
    } catch (thrown) {
      const error = thrown instanceof ModelError ? thrown : unexpected(thrown)
      if (error.usage) lost = addUsage(lost, error.usage)
      if (error.failure === 'aborted' || call.signal.aborted) return { kind: 'aborted', lost }
      const policy = POLICIES[error.failure]
      const nth = tries.get(error.failure) ?? 0
      tries.set(error.failure, nth + 1)
      if (nth >= policy.retries) return { kind: 'failed', error, outcome: policy.outcome, lost }
      const ms = waitBefore(policy, nth, error.retryAfterMs, Math.random)
      if (policy.maxWait > 0 && ms > 3 * policy.maxWait) return { kind: 'failed', error, outcome: 'pause', lost }
      waited += ms
      if (waited > TELL_AFTER && !told) {
        told = true
        await tell(error, ms)
      }
      try {
        await wait(ms, call.signal)
      } catch {
        return { kind: 'aborted', lost }
      }
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal })
}

/** A mistake of ours or of an SDK: not retried, and shown as what it is. */
function unexpected(thrown: unknown): ModelError {
  return new ModelError('bad_request', `The call failed in an unexpected way: ${String(thrown)}`, { cause: thrown })
}
