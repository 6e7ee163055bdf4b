import { expect, test } from 'vitest'
import { POLICIES, waitBefore } from '../../src/engine/policy.ts'

const policy = POLICIES.rate_limited

test.each([
  ['the first wait', 0, undefined, 5000],
  ['waits double', 3, undefined, 40_000],
  ['up to a limit', 9, undefined, 600_000],
  ['a provider is never asked sooner than it says', 0, 45_000, 45_000],
] as const)(
  '%s, and up to a quarter more, so that runs do not all come back at once',
  (_, nth, retryAfterMs, least) => {
    expect(waitBefore(policy, nth, retryAfterMs, () => 0)).toBe(least)
    expect(waitBefore(policy, nth, retryAfterMs, () => 0.5)).toBe(least * 1.125)
  },
)
