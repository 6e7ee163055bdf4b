import { afterEach, expect, test } from 'vitest'
import { expectThreadsTrue, storeOf } from './reading.ts'
import { expectRecordTrue } from './record.ts'
import { startTown, type Town, uniqueAnswers } from './town.ts'

let town: Town
afterEach(() => town?.close())

const FAULTS = [
  { route: 'POST /webhooks/*', kind: 'cut_after', probability: 0.15, seed: 1 },
  { route: 'POST /webhooks/*', kind: 'cut_before', probability: 0.1, seed: 2 },
  { route: 'POST /webhooks/*', kind: 'status', status: 502, probability: 0.1, seed: 3 },
  { route: 'PATCH /webhooks/*', kind: 'cut_after', probability: 0.1, seed: 4 },
  {
    route: 'PATCH /webhooks/*',
    kind: 'status',
    status: 429,
    retry_after: 0.2,
    scope: 'shared',
    probability: 0.1,
    seed: 5,
  },
  { route: 'POST /channels/*', kind: 'cut_after', probability: 0.25, seed: 6 },
  { route: 'POST /channels/*', kind: 'status', status: 500, probability: 0.15, seed: 7 },
  { route: 'PATCH /channels/*', kind: 'truncate', probability: 0.1, seed: 8 },
  { route: 'GET /channels/*', kind: 'cloudflare', status: 503, probability: 0.1, seed: 9 },
]

test('a network that cuts, refuses and truncates loses nothing and doubles nothing', async () => {
  town = await startTown()
  uniqueAnswers(town.provider, 100)
  await town.startBot()
  for (const channel of ['backrooms', 'general']) {
    await town.command('/backrooms start opus sonnet roleplay max_turns:5', channel)
  }
  const faults = await town.post('/sandbox/faults', { faults: FAULTS })
  expect(faults.status).toBe(200)
  await town.post('/sandbox/faults', { faults: [{ route: '*', kind: 'cut', count: 1 }] })

  await until(() => storeOf(town).runs.every((run) => run.next_index >= 5))
  await town.post('/sandbox/faults', { faults: [{ route: '*', kind: 'invalid_session', resumable: false, count: 1 }] })
  await until(() => storeOf(town).runs.every((run) => run.status === 'ended') && storeOf(town).owed === 0)
  await expectThreadsTrue(town)
  await expectRecordTrue(town)
  expect(storeOf(town).runs.map((run) => [run.end_reason, run.next_index])).toEqual([
    ['max_turns', 10],
    ['max_turns', 10],
  ])
}, 240_000)

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((done) => setTimeout(done, 100))
}
