import { expect, test } from 'vitest'
import { POLICIES, retriesFor, waitBefore } from '../../src/engine/policy.ts'

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

test.each([
  ['a conversation is tried as the table says', 'timeout', false, 3],
  ['what nobody waits for is not asked again after minutes of silence', 'timeout', true, 0],
  ['what nobody waits for is asked twice more after other failures', 'server', true, 2],
  ['an empty answer is asked for again at least twice in any case', 'empty', true, 2],
  ['where a provider asks to come back later, it does', 'rate_limited', true, 10],
  ['what cannot be mended is not tried again', 'auth', true, 0],
] as const)('%s', (_, failure, aside, retries) => expect(retriesFor(failure, aside)).toBe(retries))
