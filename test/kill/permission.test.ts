import { afterEach, expect, test } from 'vitest'
import { expectThreadsTrue, type KeptRun, storeOf } from './reading.ts'
import { expectRecordTrue } from './record.ts'
import { startTown, type Town, uniqueAnswers } from './town.ts'

let town: Town
afterEach(() => town?.close())

test.each(['send_messages_in_threads', 'view_channel'])(
  '%s that is taken and given back, at any moment of a turn, costs no call and shows the truth',
  async (permission) => {
    town = await startTown()
    uniqueAnswers(town.provider, 250)
    await town.startBot()
    await town.command('/backrooms start opus sonnet roleplay max_cost:4', 'backrooms')
    await until(() => storeOf(town).turns.length >= 1)
    const run = () => storeOf(town).runs[0] as KeptRun
    const thread = run().thread_id
    const { channels } = await town.get<{ channels: Record<string, string> }>('/sandbox')
    const fault = async (kind: string) => {
      const answer = await fetch(`${town.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults: [{ route: '*', kind, permission, target: channels.backrooms }] }),
      })
      expect(answer.status).toBe(200)
    }
    for (let nth = 0; nth < 2; nth++) {
      await new Promise((done) => setTimeout(done, 150 + nth * 190))
      await fault('permission_withdrawn')
      await until(() => run().status === 'paused')
      const calls = town.provider.received.length
      for (let press = 0; press < 2; press++) {
        const { response } = await town.command(`/backrooms resume run:${run().id}`, 'general')
        expect(response?.content).toMatch(/cannot go on: The bot /)
      }
      expect(town.provider.received).toHaveLength(calls)

      await fault('permission_granted')
      await until(async () => (await stateShown(thread)).startsWith('paused: The bot'))
      await until(() => storeOf(town).owed === 0 && storeOf(town).previews === 0)
      const notices = (await town.messages(thread)).filter(({ content }) => content.startsWith('Paused: The bot'))
      expect(notices).toHaveLength(nth + 1)
      await town.command('/backrooms resume', thread)
      await until(() => storeOf(town).turns.length > nth + 2)
    }
    await town.command('/stop', thread)
    await until(() => run().status === 'ended' && storeOf(town).owed === 0)
    await expectThreadsTrue(town)
    await expectRecordTrue(town)
  },
  120_000,
)

async function stateShown(thread: string): Promise<string> {
  const panel = (await town.messages(thread)).find(({ embeds }) => embeds.length > 0)
  return panel?.embeds[0]?.fields?.find(({ name }) => name === 'State')?.value ?? ''
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 50))
}
