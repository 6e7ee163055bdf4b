import { expect, test } from 'vitest'
import { ModelError } from '../../src/core/model.ts'
import { defaultTitle } from '../../src/core/title.ts'
import { ada, answer, engineWith, nowhere, place, ScriptedModels, spec, until } from './kit.ts'

const ended = (run: { status: string }) => run.status === 'ended'

test('actors speak in turn until max_turns, each seeing the other as user', async () => {
  const models = new ScriptedModels((_call, nth) => answer(`line ${nth}`))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 2 }), nowhere)
  await until(parts, run.id, ended)

  const turns = await parts.store.turns(run.id)
  expect(turns.map((turn) => [turn.turn_index, turn.round, turn.name, turn.text])).toEqual([
    [0, 0, 'Claude Opus 1', 'line 0'],
    [1, 0, 'Claude Sonnet 2', 'line 1'],
    [2, 1, 'Claude Opus 1', 'line 2'],
    [3, 1, 'Claude Sonnet 2', 'line 3'],
  ])
  expect(models.calls[1]?.messages).toEqual([{ role: 'user', blocks: ['line 0'] }])
  expect(models.calls[2]?.messages).toEqual([
    { role: 'user', blocks: ['Begin.'] },
    { role: 'assistant', blocks: ['line 0'] },
    { role: 'user', blocks: ['line 1'] },
  ])
  const after = await parts.store.run(run.id)
  expect(after).toMatchObject({ end_reason: 'max_turns', next_index: 4 })
  expect(after?.state.usage).toMatchObject({ input: 40, output: 20, cost: 0.04 })
})

test('an actor that says ^C^C ends the run in the same transaction as its turn', async () => {
  const parts = await engineWith(new ScriptedModels((_call, nth) => answer(nth === 2 ? 'Goodbye.\n^C^C' : 'more')))
  const run = await parts.engine.start(spec(), place)
  // Nobody delivers here: three turns are all that may be owed.
  await until(parts, run.id, ended)
  expect(await parts.store.run(run.id)).toMatchObject({ end_reason: 'stop_sequence', next_index: 3 })
  const owed = await parts.store.owed(`run:${run.id}`, 100)
  expect(owed.map((delivery) => delivery.body.kind)).toEqual([
    'announce',
    'thread',
    'panel',
    'turn',
    'turn',
    'turn',
    'end',
    'archive',
  ])
})

test('stop aborts the call under way and commits the person’s ^C^C before the end', async () => {
  const third = Promise.withResolvers<void>()
  const models = new ScriptedModels((_call, nth) => {
    if (nth < 2) return answer('hello')
    third.resolve()
    return new Promise(() => {})
  })
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec(), place)
  await third.promise
  await parts.engine.stop(run.id, ada)
  await until(parts, run.id, (now) => now.closed_at !== null)

  expect(models.calls[2]?.signal.aborted).toBe(true)
  const turns = await parts.store.turns(run.id)
  expect(turns.at(-1)).toMatchObject({ name: 'Ada', text: '^C^C', actor_index: null })
  const bodies = (await parts.store.owed(`run:${run.id}`, 100)).map((delivery) => delivery.body)
  expect(bodies.slice(-3)).toMatchObject([
    { kind: 'turn', persona: { name: 'Ada', avatar_url: ada.avatar_url }, content: '^C^C' },
    { kind: 'end', reason: 'stopped' },
    { kind: 'archive' },
  ])
  await expect(parts.engine.stop(run.id, ada)).rejects.toThrow('has ended (stopped)')
})

test('a run waits while its thread is more than two turns behind, and goes on when it has caught up', async () => {
  const models = new ScriptedModels(() => answer('more'))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 4 }), place)
  await until(parts, run.id, (now) => now.next_index === 3)
  await new Promise((resolve) => setImmediate(resolve))
  expect(models.calls).toHaveLength(3)

  const lane = `run:${run.id}`
  const deliver = async () => {
    for (const delivery of await parts.store.owed(lane, 100)) await parts.store.acknowledged(delivery.id, '1')
    parts.bus.emit({ type: 'settled', lane })
  }
  parts.bus.on('committed', () => void deliver())
  await deliver()
  await until(parts, run.id, ended)
  expect((await parts.store.run(run.id))?.next_index).toBe(8)
})

test('told to end while runs are taken up, it takes up no more', async () => {
  const stuck = await engineWith(new ScriptedModels(() => new Promise(() => {})))
  for (let nth = 0; nth < 20; nth++) await stuck.engine.start(spec(), nowhere)
  const models = new ScriptedModels(() => new Promise(() => {}))
  const again = await engineWith(models, { store: stuck.store })
  const taken = again.engine.resumeAll()
  while (again.engine.going === 0) await new Promise((resolve) => setImmediate(resolve))
  await again.engine.drain(0)
  expect(await taken).toBeLessThan(20)
  expect(models.calls.length).toBeLessThan(20)
  await stuck.engine.drain(0)
})

test('a run that was going when the process died goes on, and pays for no committed turn again', async () => {
  const stuck = await engineWith(
    new ScriptedModels((_c, nth) => (nth < 3 ? answer(`first ${nth}`) : new Promise(() => {}))),
  )
  const run = await stuck.engine.start(spec({ max_turns: 3 }), nowhere)
  await until(stuck, run.id, (now) => now.next_index === 3)

  const models = new ScriptedModels((_call, nth) => answer(`second ${nth}`))
  const again = await engineWith(models, { store: stuck.store })
  expect(await again.engine.resumeAll()).toBe(1)
  await until(again, run.id, ended)
  expect((await again.store.turns(run.id)).map((turn) => turn.text)).toEqual([
    'first 0',
    'first 1',
    'first 2',
    'second 0',
    'second 1',
    'second 2',
  ])
})

test('what a person says enters every other context by name, between the turns', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const models = new ScriptedModels(async (_call, nth) => {
    if (nth === 1) await held
    return answer(`line ${nth}`)
  })
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 2 }), nowhere)
  await until(parts, run.id, (now) => now.next_index === 1)
  await parts.engine.say(run.id, ada, 'Look up!')
  release()
  await until(parts, run.id, ended)
  expect(models.calls[2]?.messages).toEqual([
    { role: 'user', blocks: ['Begin.'] },
    { role: 'assistant', blocks: ['line 0'] },
    { role: 'user', blocks: ['Ada: Look up!', 'line 1'] },
  ])
})

test('nobody speaks under the name of an actor or of the bot', async () => {
  const parts = await engineWith(new ScriptedModels(() => new Promise(() => {})))
  const run = await parts.engine.start(spec(), nowhere)
  for (const as of ['Claude Opus 1', 'claude  sonnet 2', 'Claude Opus\u200b1', 'Ｃlaude Opus 1'])
    await expect(parts.engine.say(run.id, ada, 'I am you', { as })).rejects.toThrow('is the name of an actor')
  expect((await parts.engine.say(run.id, ada, 'Hello', { as: 'Claude' })).name).toBe('Claude')
  for (const as of ['Backrooms', 'back rooms'])
    await expect(parts.engine.say(run.id, ada, 'I am the bot', { as })).rejects.toThrow('is the bot’s own name')
  await expect(parts.engine.say(run.id, ada, 'Hello', { as: '\u202esupO edualC' })).rejects.toThrow(
    'direction of writing',
  )
  expect((await parts.engine.say(run.id, { ...ada, name: '\u202eadA' }, 'Hello')).name).toBe('adA')
  expect((await parts.engine.say(run.id, { ...ada, name: 'Backrooms' }, 'Hello')).name).toBe('Backrooms (a person)')
  const namesake = { ...ada, name: 'Claude Opus 1' }
  expect((await parts.engine.say(run.id, namesake, 'Hello')).name).toBe('Claude Opus 1 (a person)')
})

test('a whisper reaches one actor alone', async () => {
  const models = new ScriptedModels((_call, nth) => answer(`line ${nth}`))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 1 }), nowhere)
  const seen = (index: number) => JSON.stringify(models.calls[index]?.messages)
  await parts.engine.say(run.id, ada, 'secret', { to: 1 })
  await until(parts, run.id, ended)
  expect(seen(1)).toContain('Ada: secret')
  expect(seen(0)).not.toContain('secret')
})

test('a pause lets the call under way finish; a step takes one turn and pauses again', async () => {
  const held = Promise.withResolvers<void>()
  const models = new ScriptedModels(async (_call, nth) => {
    if (nth === 1) await held.promise
    return answer(`line ${nth}`)
  })
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec(), nowhere)
  await until(parts, run.id, (now) => now.next_index === 1)
  await parts.engine.pause(run.id, 'Ada paused it.')
  await expect(parts.engine.pause(run.id, 'again')).rejects.toThrow('paused already')
  held.resolve()
  await until(parts, run.id, (now) => now.next_index === 2)
  expect(models.calls).toHaveLength(2)

  await parts.engine.step(run.id)
  await expect(parts.engine.step(run.id)).rejects.toThrow('taking a step already')
  await until(parts, run.id, (now) => now.next_index === 3 && now.status === 'paused')
  expect(models.calls).toHaveLength(3)
})

test('a rewind drops what followed: kept in the store, unseen by the actors', async () => {
  const models = new ScriptedModels((_call, nth) => (nth === 4 ? new Promise(() => {}) : answer(`line ${nth}`)))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 3 }), nowhere)
  await until(parts, run.id, (now) => now.next_index === 4)
  await parts.engine.rewind(run.id, 1)
  await until(parts, run.id, ended)
  expect((await parts.store.turns(run.id)).map((turn) => turn.text)).toEqual([
    'line 0',
    'line 1',
    'line 5',
    'line 6',
    'line 7',
    'line 8',
  ])
  expect((await parts.store.turns(run.id, { dropped: true })).map((turn) => turn.turn_index)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ])
  expect(JSON.stringify(models.calls[5]?.messages)).not.toContain('line 2')
})

test('a turn that a rewind dropped is no place to rewind to, but one to fork from, as the talk stood then', async () => {
  const models = new ScriptedModels((_call, nth) => (nth === 7 ? new Promise(() => {}) : answer(`line ${nth}`)))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec(), nowhere)
  const texts = async (id: string) => (await parts.store.turns(id)).map((turn) => turn.text)
  await until(parts, run.id, (now) => now.next_index === 7)
  await parts.engine.pause(run.id, 'Paused by Ada.')
  await parts.engine.rewind(run.id, 3)
  await parts.engine.say(run.id, ada, 'Elsewhere')
  const before = await texts(run.id)
  await expect(parts.engine.rewind(run.id, 5)).rejects.toThrow('Turn 6 was dropped by an earlier rewind')
  expect(await texts(run.id)).toEqual(before)

  const fork = await parts.engine.fork(run.id, nowhere, { from: 5 })
  expect((await texts(fork.id)).slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map((nth) => `line ${nth}`))
  const later = await parts.engine.fork(run.id, nowhere, { from: 7 })
  expect((await texts(later.id)).slice(0, 5)).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'Elsewhere'])
})

test('what a rewind drops is told without the turns that an earlier one had dropped', async () => {
  const models = new ScriptedModels((_call, nth) => (nth === 7 ? new Promise(() => {}) : answer(`line ${nth}`)))
  const parts = await engineWith(models, { gates: [] })
  const run = await parts.engine.start(spec(), { ...nowhere, channel_id: '20' })
  await until(parts, run.id, (now) => now.next_index === 7)
  await parts.engine.pause(run.id, 'Paused by Ada.')
  expect((await parts.engine.rewind(run.id, 3)).status).toBe('paused')
  await parts.engine.say(run.id, ada, 'Elsewhere')
  await parts.engine.rewind(run.id, 1)
  const owed = (await parts.store.owed(`run:${run.id}`, 100)).map(({ body }) => JSON.stringify(body))
  expect(owed.filter((body) => body.includes('Rewound')).map((body) => /turns.*count/.exec(body)?.[0])).toEqual([
    'turns 5 to 7 no longer count',
    'turns 3 to 4 and 8 no longer count',
  ])
})

test('a fork begins with the turns up to its point, free of charge, and knows where it came from', async () => {
  const models = new ScriptedModels((_call, nth) => answer(`line ${nth}`))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_turns: 2 }), nowhere)
  await until(parts, run.id, ended)
  const fork = await parts.engine.fork(run.id, nowhere, { from: 1 })
  await until(parts, fork.id, ended)
  expect((await parts.store.turns(fork.id)).map((turn) => turn.text)).toEqual(['line 0', 'line 1', 'line 4', 'line 5'])
  const after = await parts.store.run(fork.id)
  expect(after?.spec.lineage).toEqual({ run_id: run.id, turn_index: 1, thread_id: null })
  expect(after?.state.usage.cost).toBeCloseTo(0.02)
  await expect(parts.engine.fork(run.id, nowhere, { from: 99 })).rejects.toThrow('no turn 100')
})

test('max_cost ends the run before the next call', async () => {
  const models = new ScriptedModels(() =>
    answer('x', { usage: { input: 1, cached: 0, written: 0, output: 1, cost: 0.6 } }),
  )
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_cost: 1 }), nowhere)
  await until(parts, run.id, ended)
  expect(await parts.store.run(run.id)).toMatchObject({ end_reason: 'cost_budget', next_index: 2 })
})

test('max_context_frac ends the run before any context outgrows its share', async () => {
  const models = new ScriptedModels(() =>
    answer('word '.repeat(40), { usage: { input: 0, cached: 0, written: 0, output: 0, cost: 0 } }),
  )
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec({ max_context_frac: 0.25 }), nowhere)
  await until(parts, run.id, ended)
  const after = await parts.store.run(run.id)
  expect(after?.end_reason).toBe('context_budget')
  expect(after?.next_index).toBeGreaterThan(1)
  expect(after?.next_index).toBeLessThan(6)
})

test.each([
  ['auth', 'paused', null],
  ['credit', 'paused', null],
  ['gone', 'paused', null],
  ['context', 'ended', 'context_budget'],
  ['bad_request', 'ended', 'error'],
] as const)('a failure of kind %s leaves the run %s', async (failure, status, reason) => {
  const parts = await engineWith(
    new ScriptedModels((_call, nth) => {
      if (nth === 1) throw new ModelError(failure, 'The provider said no; mend it.')
      return answer('x')
    }),
  )
  const run = await parts.engine.start(spec(), nowhere)
  await until(parts, run.id, (now) => now.status === status)
  const after = await parts.store.run(run.id)
  expect(after).toMatchObject({ end_reason: reason, next_index: 1 })
  expect(after?.status_text).toContain('The provider said no; mend it.')
})

test('a paused run goes on when told to, and the failed turn is asked for again', async () => {
  let broken = true
  const parts = await engineWith(
    new ScriptedModels(() => {
      if (broken) throw new ModelError('auth', 'The key is refused.')
      return answer('x')
    }),
  )
  const run = await parts.engine.start(spec({ max_turns: 1 }), nowhere)
  await until(parts, run.id, (now) => now.status === 'paused')
  broken = false
  await parts.engine.resume(run.id)
  await until(parts, run.id, ended)
  expect((await parts.store.turns(run.id)).length).toBe(2)
})

test('draining begins no new turn and aborts what takes too long; the run stays going', async () => {
  const models = new ScriptedModels((_call, nth) => (nth < 1 ? answer('x') : new Promise(() => {})))
  const parts = await engineWith(models)
  const run = await parts.engine.start(spec(), nowhere)
  await until(parts, run.id, (now) => now.next_index === 1)
  await parts.engine.drain(0)
  expect(await parts.store.run(run.id)).toMatchObject({ status: 'going', next_index: 1 })
})

test('a run is told once where it was forked to, as soon as the fork has a thread; an archived thread is archived again', async () => {
  const parts = await engineWith(new ScriptedModels(() => answer('x')), { gates: [] })
  const run = await parts.engine.start(spec({ max_turns: 1 }), place)
  await until(parts, run.id, ended)
  const owed = () => parts.store.owed(`run:${run.id}`, 100)
  const before = new Set((await owed()).map(({ id }) => id))
  const fork = await parts.engine.fork(run.id, place, { limits: { max_turns: 3 } })
  expect((await owed()).length).toBe(before.size)

  await parts.store.change(fork.id, () => ({ set: { thread_id: '77' } }))
  parts.bus.emit({ type: 'changed', run_id: fork.id })
  await until(parts, run.id, (now) => now.state.remarks.length === 1)
  parts.bus.emit({ type: 'changed', run_id: fork.id })
  await until(parts, fork.id, ended)
  const told = (await owed()).filter(({ id }) => !before.has(id)).map(({ body }) => body)
  expect(told).toMatchObject([{ kind: 'notice', text: 'Forked after turn 2 into <#77>.' }, { kind: 'archive' }])
})

test('a long wait is told with the time at which the next attempt is made, and a fork with other models is named after them', async () => {
  const models = new ScriptedModels((_call, nth) => {
    if (nth === 0) throw new ModelError('rate_limited', 'Too many requests.', { retryAfterMs: 60_000 })
    return answer('more')
  })
  const parts = await engineWith(models)
  const aliases = spec().actors.map(({ model }) => model)
  const title = defaultTitle('roleplay', aliases, null)
  const before = Date.now()
  const run = await parts.engine.start(spec({ title }), place)
  const notices = async () =>
    (await parts.store.owed(`run:${run.id}`, 10)).flatMap(({ body }) => (body.kind === 'notice' ? [body.text] : []))
  await expect.poll(notices).toHaveLength(1)
  const then = Number(/Trying again <t:(\d+):R>\.$/.exec((await notices())[0] ?? '')?.[1])
  expect(then - before / 1000).toBeGreaterThanOrEqual(59)
  expect(then - before / 1000).toBeLessThan(77)
  const [, other] = aliases
  const fork = await parts.engine.fork(run.id, nowhere, { models: other ? [other] : [] })
  expect(fork.spec.title).toBe('roleplay: Claude Sonnet × Claude Sonnet')
  await parts.engine.drain(0)
})
