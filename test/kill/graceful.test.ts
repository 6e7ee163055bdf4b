import { afterEach, expect, test } from 'vitest'
import { expectThreadsTrue, storeOf } from './reading.ts'
import { startTown, type Town, uniqueAnswers } from './town.ts'

let town: Town
afterEach(() => town?.close())

test('SIGTERM lets the turn in flight finish and be delivered, and exits with 0; the run goes on at the next start', async () => {
  town = await startTown()
  uniqueAnswers(town.provider, 400)
  await town.startBot()
  await town.command('/backrooms start opus sonnet roleplay max_turns:3', 'backrooms')
  await until(() => storeOf(town).turns.length >= 1 && town.provider.received.length >= 2)
  const inFlight = town.provider.received.length

  expect(await town.endBot()).toBe(0)
  expect(storeOf(town)).toMatchObject({ runs: [{ status: 'going' }], owed: 0, previews: 0 })
  expect(storeOf(town).turns.length).toBeGreaterThanOrEqual(inFlight - 1)
  expect(town.botErrors()).toBe('')

  await town.startBot()
  await until(() => storeOf(town).runs.every((run) => run.status === 'ended') && storeOf(town).owed === 0)
  expect(storeOf(town).runs).toMatchObject([{ status: 'ended', end_reason: 'max_turns', next_index: 6 }])
  await expectThreadsTrue(town)
  expect(town.provider.received).toHaveLength(6)
})

test('SIGTERM gives a long answer its time: it is not cut, and not paid for again', async () => {
  town = await startTown()
  uniqueAnswers(town.provider, 12_000)
  await town.startBot()
  await town.command('/backrooms start opus sonnet roleplay max_turns:1', 'backrooms')
  await until(() => town.provider.received.length === 1)
  expect(await town.endBot()).toBe(0)
  expect(storeOf(town)).toMatchObject({ owed: 0, previews: 0 })
  expect(storeOf(town).turns).toHaveLength(1)
  expect(town.provider.received).toHaveLength(1)
}, 60_000)

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 50))
}
