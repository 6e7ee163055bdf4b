import { expect, test } from 'vitest'
import { timeLeft } from '../../src/batch/time-left.ts'
import type { BatchTally } from '../../src/core/batches.ts'
import type { LimitWait } from '../../src/core/model.ts'
import type { Run } from '../../src/core/run.ts'

const NOW = 1_000_000
const limit: LimitWait = { provider: 'anthropic', limit: 'per_minute', count: 20 }

/** @param said turns so far. @param age ms since it began */
function run(said: number, age: number, providers = ['anthropic', 'anthropic']): Run {
  const actors = providers.map((provider) => ({ model: { provider } }))
  const state = { spoken: Array.from({ length: said }, (_, at) => at % 2) }
  return { spec: { actors, max_turns: 2 }, state, created_at: NOW - age } as unknown as Run
}

const tally = (done: number, each: number, planned: number): BatchTally[] => [
  { status: 'done', reason: 'max_turns', count: done, cost: 0, duration: done * each },
  { status: 'planned', reason: null, count: planned, cost: 0, duration: 0 },
]

test('comes from the runs that are done', () => {
  const pace = { tally: tally(2, 10_000, 6), live: [run(1, 4000)], finished: [], concurrency: 2, limit: null, now: NOW }
  expect(timeLeft(pace)).toBe((6 * 10_000 + 6000) / 2)
  expect(timeLeft({ ...pace, tally: tally(0, 0, 6) })).toBeNull()
})

test('is longer when those that are going take longer than those that are done', () => {
  const pace = { tally: tally(1, 2000, 10), finished: [], concurrency: 1, limit: null, now: NOW }
  expect(timeLeft({ ...pace, live: [run(1, 58_000)] })).toBe(10 * 30_000)
})

test('is no shorter than the limit of calls a minute allows', () => {
  const finished = [run(4, 2000), run(4, 2000)]
  const pace = { tally: tally(2, 2000, 50), live: [run(2, 1000)], finished, concurrency: 10, limit, now: NOW }
  expect(timeLeft(pace)).toBeCloseTo(((50 * 4 + 2) / 20) * 60_000)
  // Half of the calls go to another provider.
  const mixed = finished.map(() => run(4, 2000, ['anthropic', 'openai']))
  expect(timeLeft({ ...pace, live: [], finished: mixed })).toBeCloseTo(((50 * 2) / 20) * 60_000)
})

test('runs that a person stopped tell nothing of it', () => {
  const stopped = { status: 'done', reason: 'stopped', count: 9, cost: 0, duration: 900 } as const
  const pace = { live: [], finished: [], concurrency: 1, limit: null, now: NOW }
  expect(timeLeft({ ...pace, tally: [...tally(1, 10_000, 2), stopped] })).toBe(20_000)
})
