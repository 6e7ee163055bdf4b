import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kit, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  // Each answer costs $0.01.
  kit = await startKit({ answers: 10_000, ms: 150 })
})
afterAll(async () => {
  expect(kit.errors).toEqual([])
  await kit.close()
})

const START = '/backrooms start opus sonnet roleplay'

/** Starts so many runs at once; resolves when all are paused. Their notices' texts. */
async function startedAndPaused(users: string[]) {
  const runs = await Promise.all(users.map((user) => kit.run(START, { user })))
  return Promise.all(runs.map(({ id }) => kit.until(id, ({ status }) => status === 'paused')))
}

test('a cap per person and day is passed by no more than one turn, however many runs the person starts at once', async () => {
  await kit.type('/settings set person_per_day:0.035')
  const runs = await startedAndPaused(Array.from({ length: 8 }, () => 'ada'))
  expect(await kit.store.spentSince(kit.guildId, 0)).toBeCloseTo(0.04)
  for (const run of runs) expect(run.status_text).toContain('the cap of $0.035 per person and day ($0.04 spent today')
})

test("so is a cap per server and day, whoever starts them; other persons' caps do not matter", async () => {
  await kit.type('/settings set clear:person_per_day')
  await kit.type('/settings set server_per_day:0.075')
  const runs = await startedAndPaused(['ada', 'ben', 'cleo', 'ada', 'ben', 'cleo'])
  expect(await kit.store.spentSince(kit.guildId, 0)).toBeCloseTo(0.08)
  for (const run of runs) expect(run.status_text).toContain('cap of $0.075 per day ($0.08 spent today')
})

test('while a cap is reached, what would let a run go on says so instead', async () => {
  const [run] = await kit.store.runs({ status: ['paused'], limit: 1 })
  const channel = run?.thread_id as string
  for (const text of ['/backrooms resume', '/backrooms step']) {
    expect((await kit.type(text, { channel })).response?.content).toContain('reached its cap of $0.075 per day')
  }
  expect(await kit.store.run(run?.id as string)).toMatchObject({ status: 'paused', next_index: run?.next_index })
  await kit.type('/settings set clear:server_per_day')
  expect((await kit.type('/backrooms resume', { channel })).response?.content).toMatch(/goes on/)
})
