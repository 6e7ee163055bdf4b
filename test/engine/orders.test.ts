import { expect, test, vi } from 'vitest'
import type { Change } from '../../src/core/store.ts'
import { dailyPurse } from '../../src/engine/purse.ts'
import { openStore } from '../../src/store/open.ts'
import { ada, answer, engineWith, nowhere, ScriptedModels, spec, until } from './kit.ts'

const ended = (run: { status: string }) => run.status === 'ended'
const isModerator = (key: string) => key.endsWith(':moderator')
const three = ['opus', 'sonnet', 'haiku']

async function namesOf(models: ScriptedModels, more: Parameters<typeof spec>[0], aliases = three) {
  const town = await engineWith(models)
  const run = await town.engine.start(spec(more, aliases), nowhere)
  await until(town, run.id, ended)
  return { town, run, names: (await town.store.turns(run.id)).map((turn) => turn.actor_index) }
}

test('random: the first actor opens, nobody speaks twice in a row, the same seed gives the same order', async () => {
  const speak = () => namesOf(new ScriptedModels(() => answer('x')), { order: 'random', max_turns: 10, seed: 7 })
  const [first, second] = [(await speak()).names, (await speak()).names]
  expect(first).toEqual(second)
  expect(first[0]).toBe(0)
  expect(first.every((actor, at) => at === 0 || actor !== first[at - 1])).toBe(true)
  expect(new Set(first).size).toBe(3)
})

test('mentioned: who was addressed speaks next, else it goes round', async () => {
  const said = ['What do you think, Claude Haiku?', 'Ask Claude Opus 1.', 'Nobody in particular.', 'x', 'y', 'z']
  const models = new ScriptedModels((_call, nth) => answer(said[nth] as string))
  expect((await namesOf(models, { order: 'mentioned', max_turns: 2 })).names).toEqual([0, 2, 0, 1, 2, 0])
})

test('moderator: a model chooses; what it costs is kept beside the turns', async () => {
  let nth = 0
  const choices = ['Claude Haiku 3', 'I choose Claude Sonnet 2.', 'Claude Opus 1', 'Claude Haiku 3', 'Claude Haiku 3']
  const models = new ScriptedModels((call) => answer(isModerator(call.cache_key) ? (choices[nth++] as string) : 'x'))
  const { town, run, names } = await namesOf(models, { order: 'moderator', max_turns: 2 })
  expect(names).toEqual([0, 2, 1, 0, 2, 2])
  expect((await town.store.run(run.id))?.state.side_cost).toBeCloseTo(0.05)
})

test('moderator: when its answer cannot be understood, the order falls back and says so once', async () => {
  const models = new ScriptedModels((call) => answer(isModerator(call.cache_key) ? 'Whoever likes to.' : 'x'))
  const town = await engineWith(models, { gates: [] })
  const run = await town.engine.start(spec({ order: 'moderator', max_turns: 2 }, three), {
    ...nowhere,
    channel_id: '20',
  })
  await until(town, run.id, ended)
  expect((await town.store.turns(run.id)).map((turn) => turn.actor_index)).toEqual([0, 1, 2, 0, 1, 2])
  const notices = (await town.store.owed(`run:${run.id}`, 100)).filter(({ body }) => body.kind === 'notice')
  expect(notices).toHaveLength(1)
  expect(JSON.stringify(notices[0]?.body)).toContain('moderator could not choose')
})

test('a person’s choice comes before every order', async () => {
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const models = new ScriptedModels(async (_call, nth) => {
    asked.resolve()
    if (nth === 0) await held.promise
    return answer('x')
  })
  const town = await engineWith(models)
  const run = await town.engine.start(spec({ max_turns: 1 }, three), nowhere)
  await asked.promise
  await town.engine.pause(run.id, 'hold')
  held.resolve()
  await until(town, run.id, (now) => now.next_index === 1)
  await town.engine.next(run.id, 2)
  await town.engine.resume(run.id)
  await until(town, run.id, ended)
  expect((await town.store.turns(run.id)).map((turn) => turn.actor_index)).toEqual([0, 2, 0])
  await expect(town.engine.next(run.id, 1)).rejects.toThrow('has ended')
})

test.each([
  ['end', 'loop', 0, 0],
  ['notice', 'max_turns', 1, 0],
  ['nudge', 'max_turns', 0, 1],
  ['off', 'max_turns', 0, 0],
] as const)('a run in circles with on_loop %s ends as %s', async (on_loop, reason, notices, nudges) => {
  const models = new ScriptedModels(() => answer('We say the same thing over and over again, friend.'))
  const town = await engineWith(models, { gates: [] })
  const place = { ...nowhere, channel_id: '20' }
  const run = await town.engine.start(spec({ on_loop, max_turns: 8, nudge: 'Look out of the window.' }), place)
  await until(town, run.id, ended)
  const bodies = (await town.store.owed(`run:${run.id}`, 100)).map(({ body }) => body)
  expect((await town.store.run(run.id))?.end_reason).toBe(reason)
  expect(bodies.filter((body) => body.kind === 'notice')).toHaveLength(notices)
  const nudged = (await town.store.turns(run.id)).filter((turn) => turn.text === 'Look out of the window.')
  expect(nudged).toHaveLength(nudges)
})

test('two of three actors who address but each other, in circles, end the run as well', async () => {
  const lines = ['Claude Sonnet, are you there, at the other end?', 'I am here, Claude Opus, as I was before.']
  const models = new ScriptedModels((_call, nth) => answer(lines[nth % 2] as string))
  const town = await engineWith(models)
  const run = await town.engine.start(spec({ order: 'mentioned', on_loop: 'end', max_turns: 8 }, three), nowhere)
  await until(town, run.id, ended)
  expect(await town.store.run(run.id)).toMatchObject({ end_reason: 'loop', next_index: 9 })
})

test('a run in circles with on_loop swap lets the models change places, prompts staying', async () => {
  const models = new ScriptedModels(() => answer('We say the same thing over and over again, friend.'))
  const town = await engineWith(models)
  const run = await town.engine.start(spec({ on_loop: 'swap', max_turns: 6 }), nowhere)
  await until(town, run.id, ended)
  const names = (await town.store.turns(run.id)).map((turn) => turn.name)
  expect(names.slice(0, 2)).toEqual(['Claude Opus 1', 'Claude Sonnet 2'])
  expect(names.slice(-2)).toEqual(['Claude Sonnet 1', 'Claude Opus 2'])
  expect(models.calls.at(-1)?.system).toBe('You are 1.')
})

test('a run in circles with on_loop swap and one model twice is told that a swap would change nothing', async () => {
  const models = new ScriptedModels(() => answer('We say the same thing over and over again, friend.'))
  const town = await engineWith(models, { gates: [] })
  const alone = spec({ on_loop: 'swap', max_turns: 6 }, ['opus', 'opus'])
  const run = await town.engine.start(alone, { ...nowhere, channel_id: '20' })
  await until(town, run.id, ended)
  const told = (await town.store.owed(`run:${run.id}`, 100)).filter(({ body }) => body.kind === 'notice')
  expect(JSON.stringify(told)).toContain('A swap would change nothing: every actor is the same model. It goes on')
})

test('caps per person and per server and day pause a run before the next call, and are passed by no more than one turn', async () => {
  const store = await openStore(':memory:')
  const unset = await store.settings('10')
  const models = new ScriptedModels(() =>
    answer('x', { usage: { input: 1, cached: 0, written: 0, output: 1, cost: 0.4 } }),
  )
  const town = await engineWith(models, { store, purse: dailyPurse(store) })
  await store.saveSettings('10', { ...unset, person_per_day: 1 })
  const run = await town.engine.start(spec({ max_cost: 100 }), nowhere)
  await until(town, run.id, (now) => now.status === 'paused')
  expect(await store.run(run.id)).toMatchObject({
    next_index: 3,
    status_text: expect.stringContaining('$1 per person'),
  })
  expect(await store.spentSince('10', 0, ada.id)).toBeCloseTo(1.2)

  await store.saveSettings('10', { ...unset, server_per_day: 1.5 })
  await town.engine.resume(run.id)
  await until(town, run.id, (now) => now.status === 'paused' && now.next_index === 4)
  expect((await store.run(run.id))?.status_text).toContain('$1.5 per day')
})

/** Two runs of one person under a cap that has room for one call: the first one's answer is held back. */
async function twoUnderACap() {
  const held = Promise.withResolvers<void>()
  const models = new ScriptedModels(async () => {
    await held.promise
    return answer('x')
  })
  const town = await engineWith(models)
  await town.store.saveSettings('10', { ...(await town.store.settings('10')), person_per_day: 0.02 })
  const dear = spec({ max_turns: 1, max_tokens: 15_000 })
  const first = await town.engine.start(dear, nowhere)
  await vi.waitUntil(() => models.calls.length === 1)
  const second = await town.engine.start(dear, nowhere)
  return { town, models, first, second, answerAll: held.resolve }
}

test('a run that waits for money in the hands of another says so when it lasts, hears what is said meanwhile, and goes on', async () => {
  const { town, models, first, second, answerAll } = await twoUnderACap()
  await until(town, second.id, (now) => now.status_text?.includes('waits for the calls of other runs') ?? false)
  expect(models.calls).toHaveLength(1)
  await town.engine.say(second.id, ada, 'Are you there?')
  answerAll()
  // Each has its turn: what was let in is not sent back behind the others.
  await Promise.all([first, second].map(({ id }) => until(town, id, (now) => now.status === 'paused')))
  const calls = models.calls.filter((call) => call.cache_key.startsWith(second.id))
  expect(JSON.stringify(calls[0]?.messages)).toContain('Are you there?')
  expect(await town.store.spentSince('10', 0)).toBeCloseTo(0.02)
})

test.each(['pause', 'stop', 'drain'] as const)('%s ends the wait for money: no call is made any more', async (how) => {
  const { town, models, second, answerAll } = await twoUnderACap()
  const [pause, stop] = [() => town.engine.pause(second.id, 'Paused by Ada.'), () => town.engine.stop(second.id, ada)]
  const drained = how === 'drain' ? town.engine.drain(1000) : await (how === 'pause' ? pause() : stop())
  answerAll()
  await drained
  if (how !== 'drain') await town.engine.drain(1000)
  expect(models.calls.filter((call) => call.cache_key.startsWith(second.id))).toEqual([])
})

test('at a cap a moderator is not asked either, and the run pauses; one whose actors cost nothing goes on', async () => {
  const store = await openStore(':memory:')
  const models = new ScriptedModels(() => answer('x'))
  const town = await engineWith(models, { store })
  await store.saveSettings('10', { ...(await store.settings('10')), server_per_day: 0.005 })
  const run = await town.engine.start(spec({ order: 'moderator' }), nowhere)
  await until(town, run.id, (now) => now.status === 'paused')
  expect(models.calls.map((call) => call.cache_key)).toEqual([`${run.id}:0`])
  expect((await store.run(run.id))?.status_text).toContain('This server has reached its cap')

  const { actors } = spec()
  const price = { input: 0, output: 0, cached: 0, written: 0 }
  const free = spec({ max_turns: 1, actors: actors.map((actor) => ({ ...actor, model: { ...actor.model, price } })) })
  const local = await town.engine.start(free, nowhere)
  await until(town, local.id, ended)
})

test('spending is kept by day, person and model', async () => {
  const store = await openStore(':memory:')
  const town = await engineWith(new ScriptedModels(() => answer('x')), { store })
  const run = await town.engine.start(spec({ max_turns: 1 }), nowhere)
  await until(town, run.id, ended)
  const spending = await store.spending('10', 0)
  expect(spending.map(({ model, cost, person_name }) => [model, cost, person_name])).toEqual([
    ['opus', 0.01, 'Ada'],
    ['sonnet', 0.01, 'Ada'],
  ])
})

test('a transaction that fails leaves nothing behind', async () => {
  const store = await openStore(':memory:')
  const town = await engineWith(new ScriptedModels(() => new Promise(() => {})), { store })
  const run = await town.engine.start(spec(), nowhere)
  const broken = { charges: [{ purpose: 'turn', model: 'x', usage: null }] } as unknown as Change
  await expect(store.change(run.id, () => ({ ...broken, set: { status_text: 'half' } }))).rejects.toThrow()
  expect((await store.run(run.id))?.status_text).toBeNull()
})
