import { afterEach, expect, test, vi } from 'vitest'
import { ModelError } from '../../src/core/model.ts'
import { ada, place, spec, until } from '../engine/kit.ts'
import { posts, roundsWith } from './kit.ts'

// Narrators that hang, lag or are broken off: nothing of it is silent, nothing is told twice.

afterEach(() => void vi.useRealTimers())

const closed = (run: { closed_at: number | null }) => run.closed_at !== null
const never = () => new Promise<string>(() => {})
const hangs = () => Promise.reject(new ModelError('timeout', 'Claude Opus did not answer in time.'))

test('one whose model hangs is told of after one call, and given half a minute a round until it answers again', async () => {
  const answers = [hangs, hangs, () => 'Here I am.', () => 'And here.']
  const town = await roundsWith({ observe: (_call, nth) => (answers[nth] ?? hangs)() })
  const run = await town.engine.start(spec({ max_turns: 4, profiles: [{ name: 'cctv', preset: {} }] }), place)
  await until(town, run.id, closed)

  expect(town.asked.map(({ patience }) => patience)).toEqual([undefined, 30_000, 30_000, undefined])
  const bodies = await town.bodies(`run:${run.id}`)
  const notices = bodies.flatMap((body) => (body.kind === 'notice' ? [body.text] : []))
  expect(notices).toEqual([
    '`cctv` has no post for round 1: Claude Opus did not answer in time. The run goes on without it; this is told only once.',
  ])
  expect(posts(bodies)).toEqual(['cctv: Here I am.', 'cctv: And here.'])
})

test('after the end they have time as long as one of them brings something; then the thread is told, before its last message', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const slow = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const town = await roundsWith({ observe: (_call, nth) => slow[nth]?.promise ?? never() })
  const run = await town.engine.start(spec({ max_turns: 3, profiles: [{ name: 'cctv', preset: {} }] }), place)
  await until(town, run.id, ({ status }) => status === 'ended')
  for (const [nth, { resolve }] of slow.entries()) {
    await expect.poll(() => town.asked.length).toBe(nth + 1)
    vi.advanceTimersByTime(4 * 60_000)
    resolve(`post ${nth}`)
  }
  await expect.poll(() => town.asked.length).toBe(3)
  vi.advanceTimersByTime(4 * 60_000)
  expect((await town.store.run(run.id))?.closed_at).toBeNull()
  vi.advanceTimersByTime(60_000)
  await until(town, run.id, closed)

  const bodies = await town.bodies(`run:${run.id}`)
  expect(posts(bodies)).toEqual(['cctv: post 0', 'cctv: post 1'])
  expect(bodies.flatMap((body) => (body.kind === 'notice' ? [body.text] : []))).toEqual([
    '`cctv` has no post for round 3, nor for what follows: the run has ended, and nothing more came for five minutes.',
  ])
  expect(bodies.at(-2)?.kind).toBe('end')
})

test('what a person stops is told on the panel alone, once for each', async () => {
  const town = await roundsWith({ observe: never })
  const profiles = ['cctv', 'chronicle'].map((name) => ({ name, preset: {} }))
  const run = await town.engine.start(spec({ profiles }), place)
  await until(town, run.id, ({ next_index }) => next_index >= 4)
  await town.engine.stop(run.id, ada)
  await until(town, run.id, closed)

  const after = await town.store.run(run.id)
  expect(after?.state.remarks.toSorted()).toEqual(
    ['cctv', 'chronicle'].map(
      (name) => `\`${name}\` has no post for round 1, nor for what follows: the run was stopped.`,
    ),
  )
  expect((await town.bodies(`run:${run.id}`)).some(({ kind }) => kind === 'notice')).toBe(false)
})

test('one that has to wait for its provider says so on the panel', async () => {
  const town = await roundsWith({
    tellAfter: 10,
    observe: (call) => {
      call.onWait?.({ provider: 'anthropic', limit: 'per_minute', count: 50 })
      return never()
    },
  })
  const run = await town.engine.start(spec({ max_turns: 1, profiles: [{ name: 'cctv', preset: {} }] }), place)
  await until(town, run.id, ({ state }) => state.doing?.['profile:cctv'] !== undefined)
  expect((await town.store.run(run.id))?.state.doing?.['profile:cctv']).toBe(
    'round 1: waits for a call to anthropic, conversations first',
  )
  await town.engine.stop(run.id, ada)
  await until(town, run.id, closed)
})

const picture = { content: [{ type: 'text' as const, text: 'no picture today' }], structured: null, isError: false }
const card = { name: 'card', preset: { post_once_at_start: true } }
const media = [{ name: 'm', preset: { tool: { server: 's', name: 'paint' } } }]

test('a title card that does not come holds the first picture, and so the conversation, for ten seconds at most', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const observe = (call: { cache_key: string }) => (call.cache_key.includes('profile:') ? never() : 'a prompt')
  let painted = 0
  const callTool = async () => {
    painted++
    return picture
  }
  const town = await roundsWith({ observe, callTool })
  const run = await town.engine.start(spec({ max_turns: 2, profiles: [card], media }), place)
  await expect.poll(() => painted).toBe(1)
  vi.advanceTimersByTime(9000)
  expect((await town.store.run(run.id))?.next_index).toBe(2)
  vi.advanceTimersByTime(1000)
  await until(town, run.id, ({ next_index }) => next_index === 4)
  await town.engine.stop(run.id, ada)
  await until(town, run.id, closed)
})

test('such a card stands in the conversation’s line, other posts come after the conversations', async () => {
  const town = await roundsWith({ observe: () => 'words', callTool: async () => picture })
  const profiles = [card, { name: 'cctv', preset: {} }]
  const both = await town.engine.start(spec({ max_turns: 1, profiles, media }), place)
  const free = [{ name: 'm', preset: { ...media[0]?.preset, pace: 'free' } }]
  const alone = await town.engine.start(spec({ max_turns: 1, profiles, media: free }), place)
  await Promise.all([until(town, both.id, closed), until(town, alone.id, closed)])
  const aside = (key: string) => town.asked.find(({ cache_key }) => cache_key === key)?.aside
  expect([both, alone].map(({ id }) => aside(`${id}:profile:card`))).toEqual([false, true])
  expect([both, alone].map(({ id }) => aside(`${id}:profile:cctv`))).toEqual([true, true])
})
