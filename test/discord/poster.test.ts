import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { channelLane, type NewDelivery, runLane } from '../../src/core/delivery.ts'
import type { Run } from '../../src/core/run.ts'
import { transcript } from '../../src/observers/transcript.ts'
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

const LONG = `Start. ${'A sentence of the turn. '.repeat(220)}End.`
const thread = (run: Run) => rig.thread(run.id)
const post = (run: Run, lane: string, more: object = {}): NewDelivery => ({
  lane,
  run_id: run.id,
  guild_id: run.guild_id,
  body: {
    kind: 'post',
    persona: { name: 'CCTV', face: 'cctv', avatar_url: null },
    text: 'A lamp flickers.',
    files: [],
    ...more,
  },
})

it('puts what is said before posts that nobody waits for, however long these have been owed, and the end after all', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.settled()
  const aside = (text: string) => ({ ...post(run, runLane(run.id), { text }), aside: true })
  await rig.store.enqueue([
    aside('A lamp flickers.'),
    post(run, runLane(run.id), { text: 'A picture.' }),
    aside('Rain.'),
  ])
  await rig.store.change(run.id, () => ({
    set: { status: 'ended', end_reason: 'stopped' },
    deliveries: transcript.end,
  }))
  await rig.speak(run.id, 'Hello there.', 0)
  await rig.settled()

  const said = (await rig.messages(await thread(run))).filter(({ type, embeds }) => type === 0 && embeds.length === 0)
  expect(said.map(({ content }) => content.split('\n')[0])).toEqual([
    'A picture.',
    'Hello there.',
    'A lamp flickers.',
    'Rain.',
    expect.stringContaining('This run has ended'),
  ])
})

it('opens a forum post that begins with the panel, with the first tag where one is required', async () => {
  rig = await makeRig()
  const { world } = rig.sandbox
  const forum = world.channels.get(rig.channels.archive ?? '') as never as Record<string, unknown> & { id: string }
  const tag = { id: '77777777777777777', name: 'runs', moderated: false, emoji_id: null, emoji_name: null }
  world.transaction(() => world.channels.put(forum.id, { ...forum, available_tags: [tag], flags: 1 << 4 } as never))
  const run = await rig.run({ channel_id: forum.id })
  await rig.speak(run.id, 'Hello there.')
  await rig.settled()
  await rig.end(run.id)
  await rig.settled()
  const { thread_id, panel_message_id } = (await rig.store.run(run.id)) as Run
  expect(panel_message_id).toBe(thread_id)
  expect(world.channels.get(thread_id ?? '')).toMatchObject({ parent_id: forum.id, applied_tags: [tag.id] })
  const [panel, turn, end] = await rig.messages(thread_id)
  expect(panel?.embeds[0]?.title).toBe('Two voices')
  expect(turn?.content).toBe('Hello there.')
  expect(end?.content).toContain('`max_turns`')
  expect(await rig.violations()).toEqual([])
})

it('posts as a narrator into a named channel, and with a picture into the thread', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'backrooms-'))
  rig = await makeRig({ poster: { dataDir } })
  await writeFile(
    join(dataDir, 'lamp.png'),
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  )
  const run = await rig.run()
  const uploaded: Record<string, string>[] = []
  rig.bus.on('uploaded', ({ files }) => uploaded.push(files))
  const status = channelLane(rig.channels.status ?? '')
  const picture = { path: 'lamp.png', name: 'lamp.png', content_type: 'image/png', description: 'A lamp.' }
  await rig.owe(run.id, () => [
    post(run, status),
    post(run, runLane(run.id), { files: [picture], text: '' }),
    post(run, runLane(run.id), { folded: true, text: 'secret' }),
    post(run, runLane(run.id), { files: [{ ...picture, path: 'gone.png' }], text: '' }),
  ])
  rig.bus.emit({ type: 'owed', lane: status })
  await rig.settled()
  expect(await rig.messages(rig.channels.status)).toMatchObject([
    { content: 'A lamp flickers.', author: { username: 'CCTV' } },
  ])
  const [, shown, folded, ...more] = (await rig.messages(await thread(run))).filter(({ type }) => type === 0)
  expect(shown).toMatchObject({ attachments: [{ filename: 'lamp.png', description: 'A lamp.' }] })
  expect(uploaded).toEqual([{ 'lamp.png': expect.stringMatching(/^http.*lamp\.png/) }])
  expect(folded?.content).toBe('||secret||')
  expect(more).toEqual([])
  expect(await rig.violations()).toEqual([])
  await rm(dataDir, { recursive: true })
})

it('says where files are kept that Discord finds too large, once, also after a restart in between', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'backrooms-'))
  await writeFile(join(dataDir, 'film.mp4'), Buffer.alloc(100))
  rig = await makeRig({ poster: { dataDir } })
  rig.sandbox.world.limits.file = 99
  const run = await rig.run()
  await rig.settled()
  const film = { path: 'film.mp4', name: 'film.mp4', content_type: 'video/mp4', description: 'A film.' }
  const acknowledged = rig.store.acknowledged
  rig.store.acknowledged = async () => {
    throw new Error('killed')
  }
  await rig.owe(run.id, () => [post(run, runLane(run.id), { files: [film], text: 'A lamp flickers.' })])
  const said = async () =>
    (await rig.messages(await thread(run))).flatMap(({ webhook_id, content }) => (webhook_id ? [content] : []))
  await expect.poll(said).toHaveLength(1)
  rig.store.acknowledged = acknowledged
  await rig.restart()
  await rig.settled()
  expect(await said()).toEqual([
    'A lamp flickers.\n-# This file is larger than Discord takes here. It is kept with the bot: `film.mp4` in its DATA_DIR.',
  ])
  expect(rig.told).toEqual([])
  await rm(dataDir, { recursive: true })
})

it('gives up on a channel that is not there, tells the run, and neither ends nor pauses it', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.owe(run.id, () => [post(run, channelLane('99999999999999999'))])
  rig.bus.emit({ type: 'owed', lane: channelLane('99999999999999999') })
  await rig.settled()
  expect(rig.told).toEqual([`refused ${run.id}: post: The thread or its channel was deleted.`])
})

it('keeps white space at the edges of messages from being taken off, and what it learned about that', async () => {
  rig = await makeRig({ trims: true })
  const run = await rig.run()
  const turns = [LONG, `\n ${LONG} `, '   ']
  await rig.speak(run.id, turns[0] ?? '')
  await rig.settled()
  await rig.restart()
  for (const [i, text] of turns.slice(1).entries()) await rig.speak(run.id, text, (i + 1) % 2)
  await rig.settled()
  expect(await rig.said(run.id)).toEqual(turns)
})

it('shows what models say harmlessly and exactly', async () => {
  rig = await makeRig()
  const run = await rig.run()
  const turns = [
    '@everyone @here <@1> <@&2> https://discord.gg/abcdef',
    `zero\u200bwidth\u2060 and \u202eright to left\u202c`,
    `z${'\u0301'.repeat(500)}`,
    '```js\nlet a = 1',
    'x'.repeat(30_000),
    '\u200b',
  ]
  for (const [i, text] of turns.entries()) await rig.speak(run.id, text, i % 2)
  await rig.settled()
  expect(await rig.said(run.id)).toEqual(turns)
  for (const message of await rig.messages(await thread(run)))
    if (message.webhook_id)
      expect(message).toMatchObject({ mention_everyone: false, mentions: [], mention_roles: [], flags: 4 })
  expect(await rig.violations()).toEqual([])
})

it('gives each actor its own picture, uploaded once', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.speak(run.id, 'One.', 0)
  await rig.speak(run.id, 'Two.', 1)
  await rig.settled()
  await rig.restart()
  const again = await rig.run()
  await rig.speak(again.id, 'Three.', 0)
  await rig.settled()
  expect(rig.sandbox.world.emojis.values().map(({ name }) => name)).toEqual(['br_claude_opus', 'br_claude_sonnet'])
  const avatars = (await rig.messages(await thread(run))).flatMap((m) =>
    m.webhook_id ? [(m.author as never as { avatar: string }).avatar] : [],
  )
  expect(new Set(avatars).size).toBe(2)
})

it('deletes the thread and the announcement of a run', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.speak(run.id, 'One.')
  await rig.settled()
  const id = await thread(run)
  await rig.poster.removeThread((await rig.store.run(run.id)) as Run)
  expect(rig.sandbox.world.channels.get(id)).toBeUndefined()
  expect((await rig.messages(rig.channels.backrooms)).filter(({ type }) => type === 0)).toEqual([])
  expect(rig.told).toEqual([])
})

it('pauses a run that cannot have its thread, and opens it when there is room', async () => {
  rig = await makeRig({ sandbox: { limits: { rates: false, activeThreads: 1 } as never } })
  const first = await rig.run()
  await rig.settled()
  const second = await rig.run()
  await expect
    .poll(() => rig.told)
    .toEqual([expect.stringMatching(new RegExp(`^blocked ${second.id}: .*active threads`))])
  await rig.end(first.id)
  await expect.poll(async () => (await rig.store.owed(runLane(first.id), 1)).length).toBe(0)
  rig.bus.emit({ type: 'changed', run_id: second.id })
  await rig.settled()
  expect(await thread(second)).not.toBe('')
})

it('shows on the panel what changed: a pause at once, all else some seconds apart', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.settled()
  const panel = async () =>
    JSON.stringify((await rig.messages(await thread(run))).find(({ embeds }) => embeds.length > 0))
  expect(await panel()).toContain(`stop:${run.id}`)
  await rig.speak(run.id, 'One.')
  await expect.poll(panel).toContain('"Turns","value":"1"')
  await rig.speak(run.id, 'Two.')
  await rig.store.change(run.id, () => ({ set: { status: 'paused', status_text: 'Somebody paused it.' } }))
  rig.bus.emit({ type: 'changed', run_id: run.id })
  await expect.poll(panel, { timeout: 2000 }).toContain('Somebody paused it.')
  expect(await panel()).toContain('"Turns","value":"2')
  await rig.speak(run.id, 'Three.')
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(await panel()).toContain('"Turns","value":"2')
  // Whatever it did not show when the process ended is shown after the next start.
  await rig.restart()
  await expect.poll(panel).toContain('"Turns","value":"3')
  await expect.poll(() => rig.store.stalePanels()).toEqual([])
})

it('shows on the panel the end of a run that was ended while its panel was being posted', async () => {
  rig = await makeRig()
  await rig.faults({ route: 'POST /channels/*/messages', kind: 'delay', ms: 300, count: 2 })
  const run = await rig.run()
  await expect.poll(() => rig.thread(run.id)).not.toBe('')
  await rig.end(run.id)
  expect((await rig.store.run(run.id))?.panel_message_id).toBeNull()
  await rig.settled()
  const [panel] = (await rig.messages(await rig.thread(run.id))).filter(({ embeds }) => embeds.length > 0)
  expect(JSON.stringify(panel)).toContain('ended: `max_turns`')
  expect(panel?.components).toEqual([])
})

it('posts 300,000 characters, every one of them', async () => {
  rig = await makeRig({ poster: { unlimited: true } })
  const run = await rig.run()
  const turn = Array.from(
    { length: 5000 },
    (_, i) => `Sentence ${i} of a very long turn, with a little of everything. `,
  )
    .join('')
    .slice(0, 300_000)
  await rig.speak(run.id, turn)
  await rig.settled()
  expect((await rig.said(run.id)).join('') === turn).toBe(true)
})
