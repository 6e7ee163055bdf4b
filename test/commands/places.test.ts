import type { Guild } from 'discord.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Run } from '../../src/core/run.ts'
import { transcript } from '../../src/observers/transcript.ts'
import type { Thread } from '../../src/sandbox/core/shapes.ts'
import { changeThread } from '../../src/sandbox/core/threads.ts'
import { type Kit, type Message, startKit } from './kit.ts'

// What people do to the place of a run, and how the run goes on.

let kit: Kit
beforeEach(async () => {
  kit = await startKit({ answers: 3 })
})
afterEach(() => kit.close())

const messagesIn = (id: string | null) => kit.get<Message[]>(`/sandbox/channels/${id}/messages?user=ada`)
const status = (run: Run) => kit.until(run.id, () => true)
const said = async (run: Run, what: RegExp) =>
  (await messagesIn(run.thread_id)).filter(({ content }) => what.test(content))

/** The message in the channel from which the thread hangs. */
const inChannel = async (run: Run) =>
  (await messagesIn(run.channel_id)).find(({ id }) => id === run.thread_id)?.content ?? ''

function change(run: Run, settings: { locked?: boolean; archived?: boolean }): void {
  const thread = kit.world.channels.get(run.thread_id as string) as Thread
  kit.world.transaction(() => changeThread(kit.world, thread, settings))
}

test('a locked thread pauses the run; it is not resumed while locked, loses nothing, and goes on when unlocked', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  change(run, { locked: true })
  const paused = await kit.until(run.id, (now) => now.status === 'paused')
  expect(paused.status_text).toBe('The thread is locked: unlock it, then resume.')
  await expect.poll(() => inChannel(run), { timeout: 8000 }).toMatch(/-# paused: The thread is locked: unlock it/)
  const panel = (await messagesIn(run.thread_id)).find(({ components }) => components.length > 0) as Message
  expect(JSON.stringify(panel)).toContain('paused: The thread is locked: unlock it, then resume.')

  const refused = await kit.press(panel, `resume:${run.id}`)
  expect(refused.response?.content).toMatch(/cannot go on: The thread is locked: unlock it, then resume\./)
  expect(refused.response?.flags).toBe(64)
  expect(await status(run)).toMatchObject({ status: 'paused' })

  change(run, { locked: false })
  await expect.poll(() => said(run, /^Paused: The thread is locked/)).toHaveLength(1)
  expect((await said(run, /^Words/)).map(({ content }) => content)).toEqual(['Words 0.', 'Words 1.', 'Words 2.'])
  const resumed = await kit.type('/backrooms resume', { channel: run.thread_id as string })
  expect(resumed.response?.content).toMatch(/goes on/)
  expect(await status(run)).toMatchObject({ status: 'going' })
  await expect.poll(() => inChannel(run), { timeout: 8000 }).not.toContain('paused')
})

test('where the bot speaks for the actors and manages threads, a run goes on in a locked thread when told to', async () => {
  await kit.post('/sandbox/faults', {
    faults: [{ route: '*', kind: 'permission_withdrawn', permission: 'manage_webhooks' }],
  })
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 1 })
  await kit.until(run.id, (now) => now.next_index >= 3)
  change(run, { locked: true })
  await kit.until(run.id, (now) => now.status === 'paused')
  const resumed = await kit.type('/backrooms resume', { channel: run.thread_id as string })
  expect(resumed.response?.content).toMatch(/goes on/)
  expect(await status(run)).toMatchObject({ status: 'going' })
})

type Lost = 'send_messages_in_threads' | 'view_channel'

test.each<[Lost, RegExp]>([
  ['send_messages_in_threads', /The bot may not write there: give it Send Messages in Threads in <#\d+>\./],
  ['view_channel', /The bot no longer sees the channel/],
])(
  'a run without %s is not resumed; given back, its panel and one notice tell of the pause',
  async (permission, why) => {
    const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
    await expect.poll(() => said(run, /^Words/)).toHaveLength(3)
    const fault = (kind: string) =>
      kit.post('/sandbox/faults', { faults: [{ route: '*', kind, permission, target: run.channel_id }] })
    await fault('permission_withdrawn')
    await kit.type(`/say text:hello run:${run.id}`, { channel: 'general' })
    const paused = await kit.until(run.id, (now) => now.status === 'paused')
    expect(paused.status_text).toMatch(why)
    for (let nth = 0; nth < 3; nth++) {
      const refused = await kit.type(`/backrooms resume run:${run.id}`, { channel: 'general' })
      expect(refused.response?.content).toMatch(/cannot go on: /)
      expect(refused.response?.content).toMatch(why)
      expect(refused.response?.flags).toBe(64)
    }
    expect(await status(run)).toMatchObject({ status: 'paused' })

    await fault('permission_granted')
    await expect.poll(() => said(run, /^Paused: The bot/), { timeout: 8000 }).toHaveLength(1)
    await expect
      .poll(async () => JSON.stringify(await messagesIn(run.thread_id)), { timeout: 8000 })
      .toContain('paused: The bot')
    const resumed = await kit.type(`/backrooms resume run:${run.id}`, { channel: 'general' })
    expect(resumed.response?.content).toMatch(/goes on/)
  },
)

test('a bot that was invited again while its connection was away shows that the run is paused', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  await expect.poll(() => said(run, /^Words/)).toHaveLength(3)
  const { world } = kit
  const member = world.members.get(world.bot.id) as NonNullable<ReturnType<typeof world.members.get>>
  await kit.post('/sandbox/faults', { faults: [{ kind: 'membership_withdrawn' }] })
  await kit.until(run.id, (now) => now.status === 'paused')
  await expect.poll(async () => (await kit.store.owed(`run:${run.id}`, 1))[0]?.attempted_at).toBeTruthy()

  world.transaction(() => world.members.put(world.bot.id, member))
  kit.bot.client.emit('guildAvailable', { id: kit.guildId } as Guild)
  await expect.poll(() => said(run, /^Paused: The bot was removed/)).toHaveLength(1)
})

test('the notice of a pause loses its buttons when the run has gone on, or has ended', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  const notices = () => said(run, /^Paused: The thread is locked/)
  const buttons = async () => (await notices()).map(({ components }) => components.length)
  await expect.poll(() => said(run, /^Words/)).toHaveLength(3)
  change(run, { locked: true })
  await expect.poll(buttons).toEqual([1])
  change(run, { locked: false })
  const [notice] = await notices()
  await kit.press(notice as Message, `resume:${run.id}`)
  await expect.poll(buttons).toEqual([0])

  change(run, { locked: true })
  await expect.poll(buttons).toEqual([0, 1])
  change(run, { locked: false })
  await kit.type('/stop', { channel: run.thread_id as string })
  await expect.poll(() => said(run, /This run has ended/)).toHaveLength(1)
  await expect.poll(buttons).toEqual([0, 0])
})

test('the notice of a loop keeps its button while the run goes on or is paused, and loses it when it has ended', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  const notices = () => said(run, /in circles/)
  const buttons = async () => (await notices()).map(({ components }) => components.length)
  const circles = () =>
    kit.store.change(run.id, (now) => ({
      state: { ...now.state, reported: ['loop'] },
      deliveries: (after) =>
        transcript.notice(after, 'It goes in circles.', [
          { custom_id: `stop:${run.id}`, label: 'Stop', style: 'danger' },
        ]),
    }))
  await circles()
  kit.bus.emit({ type: 'owed', lane: `run:${run.id}` })
  await expect.poll(buttons).toEqual([1])
  await kit.type('/backrooms pause', { channel: run.thread_id as string })
  await circles()
  await kit.type('/backrooms resume', { channel: run.thread_id as string })
  await expect.poll(buttons).toEqual([1, 1])
  const [notice] = await notices()
  await kit.press(notice as Message, `stop:${run.id}`)
  await expect.poll(() => said(run, /This run has ended/)).toHaveLength(1)
  await expect.poll(buttons).toEqual([0, 0])
})

test('a thread that was deleted while its run was paused ends it when it is told to go on', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  await kit.type('/backrooms pause', { channel: run.thread_id as string })
  kit.bot.client.removeAllListeners('threadDelete')
  await kit.post('/sandbox/faults', { faults: [{ kind: 'thread_deleted', target: run.thread_id }] })
  const reply = await kit.type(`/backrooms resume run:${run.id}`)
  expect(reply.response?.content).toMatch(/cannot go on: The thread or its channel was deleted/)
  expect(await status(run)).toMatchObject({ status: 'ended', end_reason: 'thread_gone' })
})

test('a bot that was removed from the server and invited again posts what it owes, and its run can be resumed', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 3 })
  await expect.poll(() => said(run, /^Words/)).toHaveLength(3)
  const { world } = kit
  const member = world.members.get(world.bot.id) as NonNullable<ReturnType<typeof world.members.get>>
  await kit.post('/sandbox/faults', { faults: [{ kind: 'membership_withdrawn' }] })
  const paused = await kit.until(run.id, (now) => now.status === 'paused')
  expect(paused.status_text).toMatch(/removed from the server: invite it again, then resume/)
  await expect.poll(async () => (await kit.store.owed(`run:${run.id}`, 1))[0]?.attempted_at).toBeTruthy()

  world.transaction(() => {
    world.members.put(world.bot.id, member)
    const d = world.guildCreatePayload(kit.guildId) as Record<string, unknown>
    world.dispatch({ t: 'GUILD_CREATE', d, guild_id: kit.guildId, intents: 0, to_bot: true })
  })
  await expect.poll(() => said(run, /^Paused: The bot was removed/)).toHaveLength(1)
  await expect
    .poll(async () => JSON.stringify(await messagesIn(run.thread_id)), { timeout: 8000 })
    .toContain('paused: The bot')
  const resumed = await kit.type('/backrooms resume', { channel: run.thread_id as string })
  expect(resumed.response?.content).toMatch(/goes on/)
  expect(await status(run)).toMatchObject({ status: 'going' })
})
