import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type MediaTool, parseMedia } from '../../src/config/preset.ts'
import { McpError, type ToolAnswer } from '../../src/core/mcp.ts'
import { createMcp } from '../../src/mcp/servers.ts'
import { requestPictures } from '../../src/observers/media/request.ts'
import { place, spec, until } from '../engine/kit.ts'
import { type CallTool, roundsWith } from './kit.ts'

const closed = (run: { closed_at: number | null }) => run.closed_at !== null
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const picture = (nth: number): ToolAnswer => ({
  content: [
    { type: 'image', data: Buffer.concat([PNG, Buffer.from([nth])]).toString('base64'), mimeType: 'image/png' },
  ],
  structured: null,
  isError: false,
})
const says = (value: unknown): ToolAnswer => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  structured: null,
  isError: false,
})
const tool = { server: 's', name: 'paint', wrap_params: false }

/** Keeps what tools were asked. */
function tools(
  answerOf: (tool: string, args: Record<string, unknown>, nth: number) => ToolAnswer | Promise<ToolAnswer>,
) {
  const calls: { tool: string; args: Record<string, unknown> }[] = []
  const callTool: CallTool = async (_server, name, args) => {
    calls.push({ tool: name, args })
    return answerOf(name, args, calls.length - 1)
  }
  return { calls, callTool }
}

const noticesOf = (bodies: { kind: string; text?: string }[]) =>
  bodies.flatMap((body) => (body.kind === 'notice' ? [body.text] : []))

test('in chain mode the first picture is painted and the later ones are edits of the last; bytes are kept and posted with alt text', async () => {
  const { calls, callTool } = tools((_tool, _args, nth) => picture(nth))
  const town = await roundsWith({ observe: (_call, nth) => `words ${nth}`, callTool })
  const preset = { mode: 'chain', tool, edit_tool: { ...tool, name: 'repaint', image_param: 'image' } }
  const run = await town.engine.start(spec({ max_turns: 2, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)

  expect(calls.map((call) => call.tool)).toEqual(['paint', 'repaint'])
  expect(calls[0]?.args).toEqual({ prompt: 'words 0' })
  // The second round asks for a summary first.
  expect(calls[1]?.args).toEqual({
    prompt: 'words 2',
    image: `data:image/png;base64,${(picture(0).content[0] as { data: string }).data}`,
  })
  const bodies = await town.bodies(`run:${run.id}`)
  const posted = bodies.flatMap((body) => (body.kind === 'post' ? [body] : []))
  expect(posted.map((body) => [body.text, body.files[0]?.description, body.files[0]?.content_type])).toEqual([
    ['words 0', 'words 0', 'image/png'],
    ['words 2', 'words 2', 'image/png'],
  ])
  for (const { files } of posted) expect(existsSync(join(town.dataDir, files[0]?.path ?? ''))).toBe(true)
  // Picture and text stay together: each picture stands between its round and the next.
  expect(bodies.map((body) => body.kind).slice(3, -2)).toEqual(['turn', 'turn', 'post', 'turn', 'turn', 'post'])
})

test('the picture to edit that came as bytes is named by its Discord address, once that is known', async () => {
  const { calls, callTool } = tools((_tool, _args, nth) => picture(nth))
  const town = await roundsWith({ observe: (_call, nth) => `words ${nth}`, callTool, actorMs: 50 })
  const preset = { mode: 'chain', tool, edit_tool: { ...tool, name: 'repaint' } }
  const url = 'https://cdn.example/attachments/1/2/001.png?ex=1'
  town.bus.on('observed', ({ run_id, round }) => {
    if (round !== 0) return
    void town.store.owed(`run:${run_id}`, 100).then((owed) => {
      const [file] = owed.flatMap(({ body }) => (body.kind === 'post' ? body.files : []))
      town.bus.emit({ type: 'uploaded', run_id, files: { [file?.name as string]: url } })
    })
  })
  const run = await town.engine.start(spec({ max_turns: 2, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect(calls[1]).toMatchObject({ tool: 'repaint', args: { prompt: `words 2\nBASE_IMAGE: ${url}` } })
  expect(JSON.stringify(town.asked[2]?.messages)).toContain(`BASE_IMAGE: ${url}`)
  expect(calls[1]?.args.image_url).toMatch(/^data:image\/png;base64,/)
})

test('with pace free the next round does not wait', async () => {
  const slow = Promise.withResolvers<ToolAnswer>()
  const { callTool } = tools(() => slow.promise)
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(
    spec({ max_turns: 2, media: [{ name: 'm', preset: { tool, pace: 'free' } }] }),
    place,
  )
  await until(town, run.id, (now) => now.status === 'ended')
  slow.resolve(picture(0))
  await until(town, run.id, closed)
})

test('a stop cancels the picture under way and the run is closed at once', async () => {
  const begun = Promise.withResolvers<void>()
  let aborted = false
  const callTool: CallTool = (_server, _tool, _args, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        aborted = true
        reject(signal.reason)
      })
      begun.resolve()
    })
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ media: [{ name: 'm', preset: { tool } }] }), place)
  await begun.promise
  await town.engine.stop(run.id, { id: '1', name: 'Ada', avatar_url: null })
  await until(town, run.id, closed)
  expect(aborted).toBe(true)
  expect((await town.bodies(`run:${run.id}`)).map((body) => body.kind).slice(-3)).toEqual(['turn', 'end', 'archive'])
})

test('a stop after the last round breaks off a picture that never comes, so that the run can be closed', async () => {
  const begun = Promise.withResolvers<void>()
  const callTool: CallTool = (_server, _tool, _args, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      begun.resolve()
    })
  const town = await roundsWith({ observe: () => 'words', callTool })
  const media = [{ name: 'm', preset: { tool, pace: 'free' } }]
  const run = await town.engine.start(spec({ max_turns: 1, media }), place)
  await begun.promise
  await until(town, run.id, (now) => now.status === 'ended')
  await town.engine.stop(run.id, { id: '1', name: 'Ada', avatar_url: null })
  await until(town, run.id, closed)
  expect(await town.store.run(run.id)).toMatchObject({ end_reason: 'max_turns' })
})

test('a task is asked after by both spellings until its picture is there', async () => {
  const { calls, callTool } = tools((name, _args, nth) => {
    if (name === 'paint') return says({ taskId: 'abc' })
    return nth < 3 ? says({ status: 'running' }) : picture(1)
  })
  const town = await roundsWith({ observe: () => 'words', callTool })
  const preset = {
    tool: { ...tool, wrap_params: true, status_tool: { name: 'status' }, poll: { interval: 0.05, max_seconds: 5 } },
  }
  const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect(calls.map((call) => call.args)).toEqual([
    { params: { prompt: 'words' } },
    { task_id: 'abc', taskId: 'abc' },
    { task_id: 'abc', taskId: 'abc' },
    { task_id: 'abc', taskId: 'abc' },
  ])
})

test.each([
  ['asked after again, not begun and paid for again', 'known', ['status']],
  ['begun again with the same prompt when the server knows it no longer', 'gone', ['status', 'paint', 'status']],
  ['no concern of a round that was rewound since', 'rewound', ['paint', 'status']],
] as const)('a task under way at a kill is %s', async (_how, after, expected) => {
  const preset = { tool: { ...tool, status_tool: { name: 'status' }, poll: { interval: 0.05, max_seconds: 5 } } }
  const polled = Promise.withResolvers<void>()
  const killed = await roundsWith({
    observe: () => 'words',
    callTool: async (_server, name) => {
      if (name === 'paint') return says({ taskId: 'abc' })
      polled.resolve()
      // Of a killed process nothing more is heard.
      return new Promise(() => {})
    },
  })
  const { id } = await killed.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset }] }), place)
  await polled.promise

  const { calls, callTool } = tools((name, _args, nth) => {
    if (name === 'paint') return says({ taskId: 'def' })
    return after === 'gone' && nth === 0 ? { ...says('no such task'), isError: true } : picture(1)
  })
  if (after === 'rewound') {
    const kept = await killed.store.observer(id, 'begun:media:m')
    await killed.store.saveObserver(id, { ...kept, memory: { ...(kept.memory as object), rewinds: 7 } })
  }
  const town = await roundsWith({ observe: () => 'other words', callTool, store: killed.store })
  const observed = new Promise((done) => town.bus.on('observed', done))
  await town.rounds.resumeAll()
  await observed
  expect(calls.map((call) => call.tool)).toEqual(expected)
  const words = after === 'rewound' ? 'other words' : 'words'
  expect(calls[0]?.args).toMatchObject(after === 'rewound' ? { prompt: words } : { task_id: 'abc' })
  for (const call of calls.filter((each) => each.tool === 'paint')) expect(call.args).toEqual({ prompt: words })
  expect(town.asked).toHaveLength(after === 'rewound' ? 1 : 0)
  // What the prompt took before the kill is on the meter.
  expect((await town.store.run(id))?.state.side_cost).toBeCloseTo(0.01)
  expect((await town.bodies(`run:${id}`)).filter((body) => body.kind === 'post')).toMatchObject([{ text: words }])
})

test.each([
  ['a task that never finishes', { taskId: 'abc' }, 'was not finished within 0 s'],
  ['an answer without a picture', { text: 'sorry' }, 'made no picture'],
  [
    'a picture that is a web page',
    { image_url: 'data:image/png;base64,PGh0bWw+PGJvZHk+aGVsbG8gd29ybGQhPC9ib2R5PjwvaHRtbD4=' },
    'a web page',
  ],
  ['a private address', { image_url: 'http://127.0.0.1:9/x.png' }, 'private address'],
])('%s is named in the thread once, and the run goes on', async (_, value, words) => {
  const { callTool } = tools((name) => (name === 'paint' ? says(value) : says({ status: 'running' })))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const preset = { tool: { ...tool, poll: { interval: 0, max_seconds: 0 } } }
  const run = await town.engine.start(spec({ max_turns: 3, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  const notices = (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'notice' ? [body.text] : []))
  expect(notices).toHaveLength(1)
  expect(notices[0]).toContain(words)
  expect((await town.store.run(run.id))?.end_reason).toBe('max_turns')
})

test('a task that failed says why, in one sentence that a reader of the thread can follow', async () => {
  const { callTool } = tools((name) =>
    name === 'paint'
      ? says({ code: 200, msg: 'success', data: { taskId: 'abc' } })
      : says({
          code: 200,
          msg: 'success',
          data: { state: 'fail', failCode: '422', failMsg: 'The prompt was flagged.' },
        }),
  )
  const town = await roundsWith({ observe: () => 'words', callTool })
  const preset = { tool: { ...tool, poll: { interval: 0, max_seconds: 1 } } }
  const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect(noticesOf(await town.bodies(`run:${run.id}`))).toEqual([
    '`m` has no picture for round 1: The task abc of s/paint ended as "fail": The prompt was flagged (422). The run goes on without it; this is told only once.',
  ])
})

test.each([
  [
    'an error result',
    { content: [{ type: 'text' as const, text: 'no model\nloaded:' }] },
    's/paint failed: no model loaded.',
  ],
  ['an error result without words', { content: [] }, 's/paint failed without saying why.'],
])('%s reads as a sentence', async (_, answer, words) => {
  const { callTool } = tools(() => ({ ...answer, structured: null, isError: true }))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset: { tool } }] }), place)
  await until(town, run.id, closed)
  expect(noticesOf(await town.bodies(`run:${run.id}`))).toEqual([
    `\`m\` has no picture for round 1: ${words} The run goes on without it; this is told only once.`,
  ])
})

test('a mistake of ours does not speak its own language in the thread', async () => {
  const { callTool } = tools(() => {
    throw new TypeError('x is not a function')
  })
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset: { tool } }] }), place)
  await until(town, run.id, closed)
  expect(noticesOf(await town.bodies(`run:${run.id}`))[0]).toContain(
    'something went wrong here, and the log of the bot',
  )
})

test('bytes that are too large to be uploaded stay with the bot, and the thread says where', async () => {
  const large = Buffer.concat([Buffer.from('....ftypisom', 'latin1'), Buffer.alloc(11 * 1024 * 1024)])
  const { calls, callTool } = tools(() => ({
    content: [{ type: 'resource', resource: { uri: 'x:1', mimeType: 'video/mp4', blob: large.toString('base64') } }],
    structured: null,
    isError: false,
  }))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(
    spec({ max_turns: 1, media: [{ name: 'm', preset: { tool, discord_caption: 'the film' } }] }),
    place,
  )
  await until(town, run.id, closed)
  expect(calls).toHaveLength(1)
  const bodies = await town.bodies(`run:${run.id}`)
  expect(noticesOf(bodies)).toEqual([])
  const [posted] = bodies.flatMap((body) => (body.kind === 'post' ? [body] : []))
  expect(posted?.files).toEqual([])
  const [, path] =
    /^the film\n-# This video\/mp4 has 11\.0 MB, more than Discord takes\. It is kept with the bot: `(media\/.+\.mp4)` in its DATA_DIR\.$/.exec(
      posted?.text ?? '',
    ) ?? []
  expect(readFileSync(join(town.dataDir, path as string)).equals(large)).toBe(true)
})

test('a server that is boosted far enough takes larger files', async () => {
  const film = Buffer.concat([Buffer.from('....ftypisom', 'latin1'), Buffer.alloc(11 * 1024 * 1024)])
  const { callTool } = tools(() => ({
    content: [{ type: 'resource', resource: { uri: 'x:1', mimeType: 'video/mp4', blob: film.toString('base64') } }],
    structured: null,
    isError: false,
  }))
  const filesAt = async (boostTier: number) => {
    const town = await roundsWith({ observe: () => 'words', callTool, boostTier })
    const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset: { tool } }] }), place)
    await until(town, run.id, closed)
    return (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'post' ? body.files : [])).length
  }
  expect([await filesAt(1), await filesAt(2)]).toEqual([0, 1])
})

test('every n-th round, the round’s raw text, no caption, another parameter, a fence taken off', async () => {
  const { calls, callTool } = tools((_tool, _args, nth) => picture(nth))
  const town = await roundsWith({ observe: () => '```sql\nselect 1\n```', callTool })
  const preset = {
    tool,
    run_every_n_rounds: 2,
    user_from_round: 'all',
    prompt_param: 'query',
    post_caption_to_discord: false,
  }
  const run = await town.engine.start(spec({ max_turns: 3, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect(calls.map((call) => call.args)).toEqual([{ query: 'select 1' }, { query: 'select 1' }])
  expect(town.asked[0]?.messages).toEqual([{ role: 'user', blocks: ['line 0\nline 1'] }])
  const texts = (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'post' ? [body.text] : []))
  expect(texts).toEqual(['', ''])
})

test('the same picture is not posted twice in a row', async () => {
  const { callTool } = tools(() => picture(7))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ max_turns: 3, media: [{ name: 'm', preset: { tool } }] }), place)
  await until(town, run.id, closed)
  expect((await town.bodies(`run:${run.id}`)).filter((body) => body.kind === 'post')).toHaveLength(1)
})

test('of several pictures only those that were not shown the round before are posted', async () => {
  const both = (a: number, b: number): ToolAnswer => ({
    ...picture(a),
    content: [...picture(a).content, ...picture(b).content],
  })
  const { callTool } = tools((_tool, _args, nth) => (nth < 2 ? both(1, 2) : both(2, 3)))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ max_turns: 3, media: [{ name: 'm', preset: { tool, n: 2 } }] }), place)
  await until(town, run.id, closed)
  const posted = (await town.bodies(`run:${run.id}`)).flatMap((body) => (body.kind === 'post' ? [body] : []))
  expect(posted.map(({ files }) => files.length)).toEqual([2, 1])
})

test('a picture that came as bytes cannot go through another server’s tool, and the thread is told once', async () => {
  const { calls, callTool } = tools((name, _args, nth) => (name === 'paint' ? picture(nth) : says('posted')))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const preset = { tool, discord_tool: { server: 'chat', name: 'post', defaults: { channel: 'x' } } }
  const run = await town.engine.start(spec({ max_turns: 2, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect(calls.filter((call) => call.tool === 'post').map(({ args }) => args)).toEqual(
    Array(2).fill({ channel: 'x', message: 'words' }),
  )
  const [notice, ...more] = noticesOf(await town.bodies(`run:${run.id}`))
  expect(more).toEqual([])
  const [, path] =
    /^`m`: the picture of round 1 came as bytes, and chat\/post takes words and addresses alone.*`(media\/.+\.png)`/.exec(
      notice ?? '',
    ) ?? []
  expect(existsSync(join(town.dataDir, path as string))).toBe(true)
})

test.each([
  ['wait', [undefined, 30_000, 30_000, undefined], 1],
  ['free', [undefined, undefined, undefined, undefined], 0],
])(
  'pace %s: a tool that hung is waited for less long where rounds wait, until it answers',
  async (pace, limits, told) => {
    const seen: (number | undefined)[] = []
    const callTool: CallTool = async (server, name, _args, { timeoutMs }) => {
      seen.push(timeoutMs)
      if (seen.length > 2) return picture(seen.length)
      throw new McpError('timeout', { server, tool: name }, 'The call of s/paint took too long.')
    }
    const town = await roundsWith({ observe: () => 'words', callTool })
    const run = await town.engine.start(spec({ max_turns: 4, media: [{ name: 'm', preset: { tool, pace } }] }), place)
    await until(town, run.id, closed)
    expect(seen).toEqual(limits)
    const notices = noticesOf(await town.bodies(`run:${run.id}`))
    expect(notices).toHaveLength(1)
    expect(notices.filter((text) => text?.includes('In the next rounds it is waited for 30 s'))).toHaveLength(told)
  },
)

const SAME = 'https://pictures.example/a.png'
test.each([
  [
    'painted over, where a server without states names it',
    { url: SAME },
    true,
    { found: [{ kind: 'url', url: SAME }] },
  ],
  ['no picture, where that is asked for', { url: SAME }, false, 'was not finished within'],
  ['no picture, where it only stands in prose', `at work on ${SAME}`, true, 'was not finished within'],
])('the address of the picture to edit, polled: %s', async (_what, polled, acceptSameWhenPolled, made) => {
  const { callTool } = tools((name) => says(name === 'status' ? polled : { task_id: '1' }))
  const preset = parseMedia('m', {
    tool: { ...tool, status_tool: { name: 'status' }, poll: { interval: 0.05, max_seconds: 0.1 } },
  })
  const wanted = { tool: preset.tool as MediaTool, args: {}, input: SAME, acceptSameWhenPolled, task: null }
  const asked = requestPictures(
    { call: callTool as never },
    { ...wanted, onTask: async () => {}, at() {} },
    new AbortController().signal,
  )
  if (typeof made === 'string') await expect(asked).rejects.toThrow(made)
  else expect(await asked).toMatchObject(made)
})

test('a picture that is meant for another server is posted in this one, and the panel says so', async () => {
  const { callTool } = tools((_tool, _args, nth) => picture(nth))
  const town = await roundsWith({ observe: () => 'words', callTool, channels: ['media'] })
  const preset = { tool, discord_channel: 'media', discord_server: 'Elsewhere' }
  const run = await town.engine.start(spec({ max_turns: 2, media: [{ name: 'm', preset }] }), place)
  await until(town, run.id, closed)
  expect((await town.bodies('channel:media')).map((body) => body.kind)).toEqual(['post', 'post'])
  expect((await town.store.run(run.id))?.state.remarks).toEqual([
    '`Elsewhere` is another server: m posts in this one alone.',
  ])
})

test('a picture on the server’s own disk is named as that', async () => {
  const { callTool } = tools(() => says({ path: '/tmp/x.png' }))
  const town = await roundsWith({ observe: () => 'words', callTool })
  const run = await town.engine.start(spec({ max_turns: 1, media: [{ name: 'm', preset: { tool } }] }), place)
  await until(town, run.id, closed)
  expect(noticesOf(await town.bodies(`run:${run.id}`))[0]).toContain(
    's/paint left its picture on its own disk (/tmp/x.png), and local paths are not read',
  )
})

test('the bundled demo server paints and repaints real pictures', async () => {
  const root = resolve(import.meta.dirname, '../..')
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  const mcp = createMcp({ configFile: 'mcp.config.json', root, env: {}, log: quiet })
  try {
    const preset = JSON.parse(readFileSync(join(root, 'presets/media/demo.json'), 'utf8'))
    const town = await roundsWith({
      observe: () => 'a red house under a green moon',
      callTool: (...args) => mcp.call(...args),
    })
    const run = await town.engine.start(spec({ max_turns: 2, media: [{ name: 'demo', preset }] }), place)
    await until(town, run.id, closed)
    const bodies = await town.bodies(`run:${run.id}`)
    expect(bodies.filter((body) => body.kind === 'notice')).toEqual([])
    const files = bodies.flatMap((body) => (body.kind === 'post' ? body.files : []))
    const bytes = files.map((file) => readFileSync(join(town.dataDir, file.path)))
    expect(bytes).toHaveLength(2)
    for (const each of bytes) expect(each.length).toBeGreaterThan(5000)
    expect(bytes[0]?.equals(bytes[1] as Buffer)).toBe(false)
  } finally {
    await mcp.close()
  }
})
