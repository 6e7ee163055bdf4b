import { expect, test } from 'vitest'
import { ModelError } from '../../src/core/model.ts'
import { nowhere, place, spec, until } from '../engine/kit.ts'
import { posts, roundsWith } from './kit.ts'

const closed = (run: { closed_at: number | null }) => run.closed_at !== null
const textOf = (call: { messages: { role: string }[] }) => JSON.stringify(call.messages)
const toStatus = { tool: { server: 'discord', name: 'send-message', defaults: { channel: 'status' } } }

test('a narrator posts after each round to its channel, and remembers its own posts of this run alone', async () => {
  const town = await roundsWith({ observe: (_call, nth) => `post ${nth}`, channels: ['status'] })
  const preset = {
    ...toStatus,
    name: 'The Chronicle',
    user_template: 'Mine:\n{bot_history}\nRound:\n{latest_round_transcript}',
  }
  const run = await town.engine.start(spec({ max_turns: 3, profiles: [{ name: 'chronicle', preset }] }), place)
  await until(town, run.id, closed)

  expect(posts(await town.bodies('channel:status'))).toEqual([
    'The Chronicle: post 0',
    'The Chronicle: post 1',
    'The Chronicle: post 2',
  ])
  expect(town.asked.map((call) => call.messages[0])).toEqual([
    { role: 'user', blocks: ['Mine:\n\nRound:\n- Claude Opus 1: line 0\n- Claude Sonnet 2: line 1'] },
    { role: 'user', blocks: ['Mine:\n- post 0\nRound:\n- Claude Opus 1: line 2\n- Claude Sonnet 2: line 3'] },
    { role: 'user', blocks: ['Mine:\n- post 0\n- post 1\nRound:\n- Claude Opus 1: line 4\n- Claude Sonnet 2: line 5'] },
  ])
  const after = await town.store.run(run.id)
  expect(after?.state.side_cost).toBeCloseTo(0.03)
  expect(after?.state.usage.cost).toBeCloseTo(0.06)
})

test('its memory enters no prompt that does not ask for it, and windows bound what enters', async () => {
  const town = await roundsWith({ observe: (_call, nth) => `post ${nth}`, channels: ['status'] })
  const profiles = [
    { name: 'plain', preset: { ...toStatus } },
    {
      name: 'window',
      preset: { ...toStatus, user_template: '{bot_history}|{transcript}', bot_history_window: 1, transcript_window: 1 },
    },
    {
      name: 'none',
      preset: {
        ...toStatus,
        user_template: '[{bot_history}|{transcript}]',
        bot_history_window: 0,
        transcript_window: 0,
      },
    },
  ]
  const run = await town.engine.start(spec({ max_turns: 3, profiles }), place)
  await until(town, run.id, closed)
  const asked = (name: string) => town.asked.filter((call) => call.cache_key.endsWith(`profile:${name}`))
  expect(asked('plain').every((call) => !textOf(call).includes('post '))).toBe(true)
  expect(asked('window').at(-1)?.messages).toEqual([
    { role: 'user', blocks: [expect.stringMatching(/^- post \d\|- Claude Sonnet 2: line 5$/)] },
  ])
  expect(asked('none').map((call) => call.messages)).toEqual(Array(3).fill([{ role: 'user', blocks: ['[|]'] }]))
})

test('without such a channel it posts in the thread, and the panel says so once', async () => {
  const town = await roundsWith({ observe: () => 'a post' })
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'cctv', preset: toStatus }] }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies(`run:${run.id}`))).toEqual(['cctv: a post'])
  expect((await town.store.run(run.id))?.state.remarks).toEqual([
    'There is no channel `status` here: cctv posts in this thread.',
  ])
})

test.each([
  ['another server is told once, and posted in this one', 'Elsewhere', 1],
  ['this server by its name is nothing to tell', 'the rooms', 0],
  ['this server by its id is nothing to tell', place.guild_id as string, 0],
])('%s', async (_what, server, told) => {
  const town = await roundsWith({ observe: () => 'a post', channels: ['status'] })
  const preset = { tool: { ...toStatus.tool, defaults: { channel: 'status', server } } }
  const run = await town.engine.start(spec({ max_turns: 2, profiles: [{ name: 'cctv', preset }] }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:status'))).toHaveLength(2)
  const remark = '`Elsewhere` is another server: cctv posts in this one alone.'
  expect((await town.store.run(run.id))?.state.remarks).toEqual(Array(told).fill(remark))
})

test('the end notice is the thread’s last, after what narrators say of the last round', async () => {
  const town = await roundsWith({ observe: () => 'a post' })
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'cctv', preset: {} }] }), place)
  await until(town, run.id, closed)
  expect((await town.bodies(`run:${run.id}`)).map((body) => body.kind).slice(-3)).toEqual(['post', 'end', 'archive'])
})

test('a transcript feed repeats the round word for word and calls no model', async () => {
  const town = await roundsWith({ observe: () => 'never', channels: ['transcripts'] })
  const preset = { disable_summary: true, post_transcript: true, transcript_channel: 'transcripts' }
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'transcripts', preset }] }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:transcripts'))).toEqual([
    'transcripts: **Claude Opus 1:**\nline 0',
    'transcripts: **Claude Sonnet 2:**\nline 1',
  ])
  expect(town.asked).toEqual([])
})

test('two profiles post the round once where they share a channel, although the first one’s summary fails', async () => {
  const town = await roundsWith({
    observe: (call) => {
      if (call.cache_key.endsWith('profile:first')) throw new ModelError('auth', 'The key is refused.')
      return 'a summary'
    },
    channels: ['transcripts', 'elsewhere'],
  })
  const preset = { post_transcript: true, transcript_channel: 'transcripts' }
  const once = { ...preset, post_once_at_start: true, disable_summary: true, transcript_channel: 'elsewhere' }
  const profiles = [
    { name: 'unsound', preset, fault: 'There is no model x.' },
    { name: 'card', preset: once },
    { name: 'first', preset },
    { name: 'second', preset },
    { name: 'other', preset: { ...once, post_once_at_start: false } },
  ]
  const run = await town.engine.start(spec({ max_turns: 2, profiles }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:transcripts'))).toEqual([
    'first: **Claude Opus 1:**\nline 0',
    'first: **Claude Sonnet 2:**\nline 1',
    'first: **Claude Opus 1:**\nline 2',
    'first: **Claude Sonnet 2:**\nline 3',
  ])
  expect(posts(await town.bodies('channel:elsewhere'))).toEqual([
    'card: **Claude Opus 1:**\nline 0',
    'card: **Claude Sonnet 2:**\nline 1',
    'other: **Claude Opus 1:**\nline 2',
    'other: **Claude Sonnet 2:**\nline 3',
  ])
  const told = (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'notice' ? [body.text] : []))
  expect(told.filter((text) => text.startsWith('`first` has no post for round'))).toHaveLength(1)
})

test('a transcript keeps to the longest post too, and nothing of it is lost', async () => {
  const long = 'A sentence that goes on. '.repeat(60).trim()
  const town = await roundsWith({ observe: () => long, channels: ['transcripts'], actorSays: () => long })
  const preset = {
    ...{ disable_summary: true, post_transcript: true, transcript_channel: 'transcripts' },
    max_message_length: 100,
  }
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 't', preset }] }), place)
  await until(town, run.id, closed)
  const said = posts(await town.bodies('channel:transcripts')).map((post) => post.slice('t: '.length))
  expect(Math.max(...said.map((text) => text.length))).toBeLessThanOrEqual(100)
  const invisible = /[\u200B\u2060]/g
  expect(said.join('').replaceAll(invisible, '')).toBe(`**Claude Opus 1:**\n${long}**Claude Sonnet 2:**\n${long}`)
})

test('what posts once at the start posts in the first round alone', async () => {
  const town = await roundsWith({ observe: (_call, nth) => `card ${nth}`, channels: ['status'] })
  const preset = { ...toStatus, pre_message: '---', post_once_at_start: true }
  const run = await town.engine.start(spec({ max_turns: 3, profiles: [{ name: 'header', preset }] }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:status'))).toEqual(['header: ---', 'header: card 0'])
})

test('one that fails is reported once, holds nobody up, and does not stop the run', async () => {
  const town = await roundsWith({
    observe: (call) => {
      if (call.cache_key.endsWith('profile:broken')) throw new ModelError('auth', 'The key is refused.')
      return 'fine'
    },
    channels: ['status'],
  })
  const profiles = [
    { name: 'broken', preset: toStatus },
    { name: 'sound', preset: toStatus },
  ]
  const run = await town.engine.start(spec({ max_turns: 3, profiles }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:status'))).toEqual(Array(3).fill('sound: fine'))
  const notices = (await town.bodies(`run:${run.id}`)).filter((body) => body.kind === 'notice')
  expect(notices).toHaveLength(1)
  expect(notices).toMatchObject([
    {
      text: '`broken` has no post for round 1: The key is refused. The run goes on without it; this is told only once.',
    },
  ])
  expect((await town.store.run(run.id))?.end_reason).toBe('max_turns')
})

test('what stands before a post keeps to the longest post too', async () => {
  const town = await roundsWith({ observe: () => 'a summary that goes on', channels: ['status'] })
  const preset = { ...toStatus, pre_message: 'a word before the summary', max_message_length: 15 }
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'p', preset }] }), place)
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:status'))).toEqual(['p: a word before…', 'p: a summary…'])
})

test('a post that another server’s tool refuses is reported, and what its words cost is kept', async () => {
  const town = await roundsWith({
    observe: () => 'words',
    callTool: async () => ({
      content: [{ type: 'text', text: 'no such channel:' }],
      structured: null,
      isError: true,
    }),
  })
  const preset = { tool: { server: 'chat', name: 'post', defaults: { channel: 'x' } } }
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'p', preset }] }), place)
  await until(town, run.id, closed)
  const notices = (await town.bodies(`run:${run.id}`)).filter((body) => body.kind === 'notice')
  expect(notices).toMatchObject([
    { text: expect.stringMatching(/^`p` has no post for round 1: chat\/post failed: no such channel\. The run/) },
  ])
  expect((await town.store.run(run.id))?.state.side_cost).toBeCloseTo(0.01)
})

test('one with an unknown model is named in the thread once, does nothing, and the run goes on', async () => {
  const town = await roundsWith({ observe: () => 'fine', channels: ['status'] })
  const fault = 'presets/discord/lost.json: model: There is no model "nobody".'
  const profiles = [
    { name: 'lost', preset: toStatus, fault },
    { name: 'sound', preset: toStatus },
  ]
  const media = [{ name: 'm', preset: { tool: { server: 's', name: 'n' } }, fault: 'presets/media/m.json: model: …' }]
  const run = await town.engine.start(spec({ max_turns: 2, profiles, media }), place)
  await until(town, run.id, closed)
  const notices = (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'notice' ? [body.text] : []))
  expect(notices).toEqual([
    `\`lost\` does nothing in this run. ${fault}`,
    '`m` does nothing in this run. presets/media/m.json: model: …',
  ])
  expect(posts(await town.bodies('channel:status'))).toEqual(['sound: fine', 'sound: fine'])
  expect((await town.store.run(run.id))?.end_reason).toBe('max_turns')
})

test('what nobody waits for gives way to conversations at a provider’s door', async () => {
  const town = await roundsWith({ observe: () => 'words', channels: ['status'] })
  const tool = { server: 'painter', name: 'paint' }
  const media = [
    { name: 'free', preset: { tool, pace: 'free' } },
    { name: 'wait', preset: { tool } },
  ]
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'p', preset: toStatus }], media }), place)
  await until(town, run.id, closed)
  const aside = town.asked.map((call) => [call.cache_key.slice(run.id.length + 1), call.aside === true])
  expect(Object.fromEntries(aside)).toEqual({ 'profile:p': true, 'media:free': true, 'media:wait': false })
})

test('a slow narrator delays neither the talk nor the others', async () => {
  const slow = Promise.withResolvers<string>()
  const town = await roundsWith({
    observe: (call) => (call.cache_key.endsWith('slow') ? slow.promise : 'quick'),
    channels: ['status'],
  })
  const profiles = [
    { name: 'slow', preset: toStatus },
    { name: 'quick', preset: toStatus },
  ]
  const run = await town.engine.start(spec({ max_turns: 4, profiles }), nowhere)
  await until(town, run.id, (now) => now.status === 'ended')
  expect((await town.store.turns(run.id)).length).toBe(8)
  slow.resolve('at last')
  await until(town, run.id, closed)
  expect((await town.store.observer(run.id, 'profile:slow')).cursor).toBe(3)
})

test('rounds that were not observed when the process died are observed at the next start, each once', async () => {
  const stuck = await roundsWith({
    observe: (_call, nth) => (nth === 0 ? 'first' : new Promise(() => {})),
    channels: ['status'],
  })
  const run = await stuck.engine.start(spec({ max_turns: 3, profiles: [{ name: 'cctv', preset: toStatus }] }), place)
  await until(stuck, run.id, (now) => now.status === 'ended')
  expect((await stuck.store.run(run.id))?.closed_at).toBeNull()

  const again = await roundsWith({ observe: (_call, nth) => `later ${nth}`, channels: ['status'], store: stuck.store })
  await again.rounds.resumeAll()
  await again.engine.resumeAll()
  await until(again, run.id, closed)
  expect(posts(await again.bodies('channel:status'))).toEqual(['cctv: first', 'cctv: later 0', 'cctv: later 1'])
})

test('a rewind takes a narrator’s memory of the dropped rounds along; a fork begins with what it knew then', async () => {
  const town = await roundsWith({ observe: (_call, nth) => `post ${nth}`, channels: ['status'] })
  const preset = { ...toStatus, user_template: '{bot_history}' }
  const run = await town.engine.start(spec({ max_turns: 3, profiles: [{ name: 'cctv', preset }] }), place)
  await until(town, run.id, closed)
  const fork = await town.engine.fork(run.id, place, { from: 3 })
  await until(town, fork.id, closed)
  expect(town.asked.at(-1)?.messages).toEqual([{ role: 'user', blocks: ['- post 0\n- post 1'] }])
})

test('what a narrator was writing about a round that is rewound meanwhile is discarded, and the new round is told', async () => {
  const slow = Promise.withResolvers<string>()
  const writing = Promise.withResolvers<void>()
  const town = await roundsWith({
    observe: (_call, nth) => {
      if (nth !== 1) return `post ${nth}`
      writing.resolve()
      return slow.promise
    },
    channels: ['status'],
    actorMs: 200,
  })
  const preset = { ...toStatus, user_template: '{bot_history}|{latest_round_transcript}' }
  const run = await town.engine.start(spec({ max_turns: 3, profiles: [{ name: 'cctv', preset }] }), place)
  await writing.promise
  await town.engine.pause(run.id, 'hold').catch(() => {})
  const before = await town.store.run(run.id)
  if (before?.status === 'ended') throw new Error('the run was too quick for this test')
  await town.engine.rewind(run.id, 1)
  slow.resolve('stale')
  await town.engine.resume(run.id).catch(() => {})
  await until(town, run.id, closed)
  expect(posts(await town.bodies('channel:status'))).not.toContain('cctv: stale')
  expect(town.asked.map(textOf).join()).not.toContain('- stale')
  expect(posts(await town.bodies('channel:status'))).toHaveLength(3)
})

test('caps hold for narrators too: at a cap they are not asked, and the thread is told why', async () => {
  const town = await roundsWith({ observe: () => 'post', channels: ['status'] })
  await town.store.saveSettings('10', { ...(await town.store.settings('10')), server_per_day: 0.015 })
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'plain', preset: toStatus }] }), place)
  await until(town, run.id, closed)
  expect(town.asked).toEqual([])
  expect(JSON.stringify(await town.bodies(`run:${run.id}`))).toContain(
    'This server has reached its cap of $0.015 per day',
  )
})
