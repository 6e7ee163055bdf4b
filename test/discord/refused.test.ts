import { DiscordAPIError } from 'discord.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Run } from '../../src/core/run.ts'
import { troubleOf } from '../../src/discord/poster/trouble.ts'
import { type Kit, type Message, startKit } from '../commands/kit.ts'

// A message that Discord will never take: the run says so, where it can be read.

let kit: Kit
beforeEach(async () => {
  kit = await startKit({ answers: 100 })
})
afterEach(() => kit.close())

const WEBHOOK = 'POST /webhooks/*'
const OWN = 'POST /channels/*/messages'
const refuse = (route: string, count: number) =>
  kit.post('/sandbox/faults', { faults: [{ route, kind: 'status', status: 400, count }] })
const messagesIn = (run: Run) => kit.get<Message[]>(`/sandbox/channels/${run.thread_id}/messages?user=ada`)
const matching = async (run: Run, what: RegExp) =>
  (await messagesIn(run)).map(({ content }) => content).filter((content) => what.test(content))

test('a turn is told of once in the thread, and the run goes on', async () => {
  await refuse(WEBHOOK, 1)
  const run = await kit.run('/backrooms start opus sonnet roleplay max_turns:2')
  await kit.until(run.id, ({ status }) => status === 'ended')
  await expect.poll(() => matching(run, /This run has ended/)).toHaveLength(1)
  expect(await matching(run, /^Turn 1 of Claude Opus 1 cannot be shown .*Discord answered 400.*export/)).toHaveLength(1)
  expect(await matching(run, /^Words/)).toEqual(['Words 1.', 'Words 2.', 'Words 3.'])
})

test('three turns in a row that nobody can read pause the run', async () => {
  await refuse(WEBHOOK, 3)
  const run = await kit.run('/backrooms start opus sonnet roleplay')
  const paused = await kit.until(run.id, ({ status }) => status === 'paused')
  expect(paused.status_text).toMatch(/refused the last 3 turns/)
  await expect.poll(() => matching(run, /^Paused: Discord has refused the last 3 turns/)).toHaveLength(1)
  expect(await matching(run, /^Turn [12] of/)).toHaveLength(2)
})

test('a refused announcement is told in the thread, refused words of the bot on the panel', async () => {
  await refuse(OWN, 1)
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 1 })
  await expect.poll(() => matching(run, /not announced in <#\d+>: Discord answered 400/)).toHaveLength(1)
  await kit.type('/backrooms pause', { channel: run.thread_id as string })
  await expect.poll(async () => (await kit.store.owed(`run:${run.id}`, 1)).length).toBe(0)
  await refuse(OWN, 1)
  await kit.type('/backrooms swap sonnet haiku', { channel: run.thread_id as string })
  await expect
    .poll(async () => JSON.stringify(await messagesIn(run)), { timeout: 9000 })
    .toContain('A notice of mine is missing in the thread: Discord answered 400')
})

test('a narrator who may not post elsewhere is told of once, in the thread', async () => {
  const run = await kit.run('/backrooms start opus sonnet roleplay', { turns: 1 })
  const lane = 'channel:100000000000000001'
  const persona = { name: 'cctv', face: null, avatar_url: null }
  for (const text of ['one', 'two'])
    await kit.store.enqueue([
      { lane, run_id: run.id, guild_id: run.guild_id, body: { kind: 'post', persona, text, files: [] } },
    ])
  kit.bus.emit({ type: 'owed', lane })
  const told = /^A post of cctv is missing in <#100000000000000001>: The thread or its channel was deleted/
  await expect.poll(() => matching(run, told)).toHaveLength(1)
  await expect.poll(async () => (await kit.store.owed(lane, 1)).length).toBe(0)
  expect(await matching(run, told)).toHaveLength(1)
})

test.each([
  [200_000, /AutoMod blocks it/],
  [200_001, /AutoMod blocks the thread's title/],
  [240_000, /link in it for harmful/],
])('error %d is refused for good, and named', (code, text) => {
  const error = new DiscordAPIError({ code, message: 'no' }, code, 403, 'POST', 'https://discord.com', {
    body: undefined,
    files: undefined,
  })
  expect(troubleOf(error)).toEqual({ kind: 'refused', text: expect.stringMatching(text) })
})
