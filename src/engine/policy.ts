import type { ModelFailure } from '../core/model.ts'
import type { EndReason } from '../core/run.ts'

/** What is done when a call gives no answer. */
export interface Policy {
  /** How often the call is made again before `outcome`. */
  retries: number
  /** The first wait in ms; it doubles each time, up to `maxWait`. A provider's own `retry-after` wins if it is longer. Up to a quarter of jitter comes on top, so that runs that were refused together do not come back together. */
  wait: number
  maxWait: number
  /** Pausing leaves a button to go on; ending is for what no waiting and no person can mend in this run. */
  outcome: 'pause' | { end: EndReason }
}

const SECOND = 1000
const MINUTE = 60 * SECOND

const passing: Policy = { retries: 6, wait: 2 * SECOND, maxWait: 2 * MINUTE, outcome: 'pause' }
const needsPerson: Policy = { retries: 0, wait: 0, maxWait: 0, outcome: 'pause' }

/** The one table of what each failure of a provider leads to. */
export const POLICIES: Record<Exclude<ModelFailure, 'aborted'>, Policy> = {
  rate_limited: { retries: 10, wait: 5 * SECOND, maxWait: 10 * MINUTE, outcome: 'pause' },
  overloaded: { ...passing, retries: 8 },
  server: passing,
  timeout: { ...passing, retries: 3 },
  connection: passing,
  cut: { ...passing, retries: 3 },
  // Asked for again at least twice: models fall silent once in a while, and an empty turn would derail the talk.
  empty: { retries: 3, wait: SECOND, maxWait: 5 * SECOND, outcome: 'pause' },
  refusal: { retries: 1, wait: SECOND, maxWait: SECOND, outcome: { end: 'refusal' } },
  context: { retries: 0, wait: 0, maxWait: 0, outcome: { end: 'context_budget' } },
  auth: needsPerson,
  credit: needsPerson,
  gone: needsPerson,
  bad_request: { retries: 0, wait: 0, maxWait: 0, outcome: { end: 'error' } },
}

/**
 * How often a call is made again. A side call (nobody waits for it) holds a place that others could have: where the provider does not ask
 * it to come back later, it gives up sooner, and at once when it got no answer in minutes.
 */
export function retriesFor(failure: keyof typeof POLICIES, aside: boolean): number {
  const { retries } = POLICIES[failure]
  if (!aside || failure === 'rate_limited' || failure === 'overloaded') return retries
  return failure === 'timeout' ? 0 : Math.min(2, retries)
}

/** A wait longer than this is told in the thread. */
export const TELL_AFTER = 30 * SECOND

/** How long to wait before retry `nth` (from 0), in ms. */
export function waitBefore(
  policy: Policy,
  nth: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const least = Math.max(retryAfterMs ?? 0, Math.min(policy.maxWait, policy.wait * 2 ** nth))
  return Math.round(least * (1 + random() / 4))
}
