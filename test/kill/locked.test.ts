import { afterEach, expect, test } from 'vitest'
import { expectThreadsTrue, type KeptRun, storeOf } from './reading.ts'
import { expectRecordTrue } from './record.ts'
import { startTown, type Town, uniqueAnswers } from './town.ts'

let town: Town
afterEach(() => town?.close())

test('a thread that is locked again and again, at any moment of a turn, loses nothing and shows the truth', async () => {
  town = await startTown()
  uniqueAnswers(town.provider, 250)
  await town.startBot()
  await town.command('/backrooms start opus sonnet roleplay max_cost:4', 'backrooms')
  await until(() => storeOf(town).turns.length >= 1)
  const run = () => storeOf(town).runs[0] as KeptRun
  const thread = run().thread_id
  const lock = await locker(thread)
  for (let nth = 0; nth < 4; nth++) {
    await new Promise((done) => setTimeout(done, 150 + nth * 190))
    await lock(true)
    await until(() => run().status === 'paused')
    await until(async () => (await stateShown(thread)).startsWith('paused: The thread is locked'))
    const calls = town.provider.received.length
    const { response } = await town.command('/backrooms resume', thread)
    expect(response?.content).toMatch(/cannot go on: The thread is locked/)
    expect(town.provider.received).toHaveLength(calls)

    await lock(false)
    await until(() => storeOf(town).owed === 0 && storeOf(town).previews === 0)
    expect(run().status).toBe('paused')
    await town.command('/backrooms resume', thread)
    await until(async () => storeOf(town).turns.length > nth + 2)
  }
  await town.command('/stop', thread)
  await until(() => run().status === 'ended' && storeOf(town).owed === 0)
  await expectThreadsTrue(town)
  await expectRecordTrue(town)
}, 120_000)

/** Somebody who manages threads. */
async function locker(thread: string): Promise<(locked: boolean) => Promise<void>> {
  const { token } = await town.get<{ token: string }>('/sandbox')
  return async (locked) => {
    const answer = await fetch(`${town.url}/api/v10/channels/${thread}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bot ${token}`,
        'user-agent': 'DiscordBot (https://example.org, 1)',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ locked }),
    })
    expect(answer.status).toBe(200)
  }
}

async function stateShown(thread: string): Promise<string> {
  const panel = (await town.messages(thread)).find(({ embeds }) => embeds.length > 0)
  return panel?.embeds[0]?.fields?.find(({ name }) => name === 'State')?.value ?? ''
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 50))
}
