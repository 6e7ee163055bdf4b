import { afterEach, expect, it } from 'vitest'
import { makeRig, type Rig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

it('opens a thread from an announcement, with the panel as its first message, and ends it archived', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.speak(run.id, 'Hello there.', 0)
  await rig.speak(run.id, 'Hello yourself.', 1)
  await rig.settled()
  await rig.end(run.id)
  await rig.settled()

  const [announcement] = await rig.messages(rig.channels.backrooms)
  const thread = await rig.thread(run.id)
  expect(announcement?.id).toBe(thread)
  const messages = (await rig.messages(thread)).filter(({ type }) => type === 0)
  const [panel, one, two, end, ...more] = messages
  expect(more).toEqual([])
  expect(panel?.embeds[0]?.title).toBe('Two voices')
  expect(panel?.components).toEqual([])
  expect(JSON.stringify(panel?.embeds)).toContain('ended: `max_turns`')
  expect([one?.author.username, one?.content]).toEqual(['Claude Opus 1', 'Hello there.'])
  expect([two?.author.username, two?.content]).toEqual(['Claude Sonnet 2', 'Hello yourself.'])
  expect(end?.content).toContain('`max_turns`')
  const channel = rig.sandbox.world.channels.get(thread) as { thread_metadata?: { archived: boolean; locked: boolean } }
  expect(channel.thread_metadata).toMatchObject({ archived: true, locked: false })
  expect(await rig.violations()).toEqual([])
})
