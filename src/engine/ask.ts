import { setTimeout as sleep } from 'node:timers/promises'
import { highestCost } from '../core/cost.ts'
import {
  addUsage,
  type ModelAnswer,
  type ModelCall,
  ModelError,
  type Models,
  NO_USAGE,
  type Usage,
} from '../core/model.ts'
import { POLICIES, type Policy, retriesFor, TELL_AFTER, waitBefore } from './policy.ts'
import type { Hold } from './ports.ts'

/** A cap is reached: nothing more may be spent. */
export interface Refused {
  kind: 'refused'
  why: string
  outcome: Policy['outcome']
  lost: Usage
}

export type Asked =
  | { kind: 'answer'; answer: ModelAnswer; lost: Usage }
  | { kind: 'failed'; error: ModelError; outcome: Policy['outcome']; lost: Usage }
  | Refused
  | { kind: 'aborted'; lost: Usage }

/**
 * Calls a model until it answers or its failures' policy is exhausted. `lost` is what the failed attempts are known to have used.
 * @param hold the money for it, to be settled by whoever commits the costs
 */
export async function ask(
  { models, hold }: { models: Pick<Models, 'call'> & { refused?(error: ModelError): void }; hold: Hold },
  call: ModelCall,
  tell: (error: ModelError, waitMs: number) => Promise<void>,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = pause,
): Promise<Asked> {
  const tries = new Map<string, number>()
  let lost = NO_USAGE
  let waited = 0
  let told = false
  for (;;) {
    const taken = await hold.take(highestCost(call), call.signal).catch(abortedOr(call.signal))
    if (taken === null) return { kind: 'aborted', lost }
    if (taken.kind === 'refused') return { ...taken, lost }
    try {
      const answer = await models.call(taken.isLast ? { ...call, no_more_tools: true } : call)
      hold.used(answer.usage.cost)
      return { kind: 'answer', answer, lost }
    } catch (thrown) {
      const error = thrown instanceof ModelError ? thrown : unexpected(thrown)
      hold.used(error.usage?.cost ?? null)
      if (error.usage) lost = addUsage(lost, error.usage)
      if (error.failure === 'aborted' || call.signal.aborted) return { kind: 'aborted', lost }
      const policy = POLICIES[error.failure]
      const nth = tries.get(error.failure) ?? 0
      tries.set(error.failure, nth + 1)
      if (nth >= retriesFor(error.failure, call.aside === true))
        return { kind: 'failed', error, outcome: policy.outcome, lost }
      const ms = waitBefore(policy, nth, error.retryAfterMs, Math.random)
      if (policy.maxWait > 0 && ms > 3 * policy.maxWait) return { kind: 'failed', error, outcome: 'pause', lost }
      waited += ms
      if (waited > TELL_AFTER && !told) {
        told = true
        await tell(error, ms)
      }
      models.refused?.(error)
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

/** Null for a wait that was broken off; any other error is thrown on. */
export function abortedOr(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (!signal.aborted) throw error
    return null
  }
}

/** A mistake of ours or of an SDK: not retried, and shown as what it is. */
function unexpected(thrown: unknown): ModelError {
  return new ModelError('bad_request', `The call failed in an unexpected way: ${String(thrown)}`, { cause: thrown })
}
