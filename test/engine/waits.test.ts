import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ModelCall, ModelError } from '../../src/core/model.ts'
import { answer, engineWith, nowhere, ScriptedModels, spec, until } from './kit.ts'

// What a single run waits for is on its panel, where that lasts, as the state's text.

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** One run whose first turn is in the hands of the test. */
async function waiting() {
  const asked = Promise.withResolvers<ModelCall>()
  const answered = Promise.withResolvers<void>()
  const models = new ScriptedModels(async (call) => {
    asked.resolve(call)
    await answered.promise
    return answer('At last.')
  })
  const town = await engineWith(models)
  const run = await town.engine.start(spec({ max_turns: 1 }), nowhere)
  const call = await asked.promise
  const text = async () => (await town.store.run(run.id))?.status_text
  const says = (what: string | null) =>
    until(town, run.id, ({ status_text }) =>
      what === null ? status_text === null : (status_text?.includes(what) ?? false),
    )
  return { town, run, call, text, says, answer: answered.resolve }
}

test('a provider’s limit is told when it keeps a run for seconds, until the call may begin', async () => {
  const { call, text, says } = await waiting()
  call.onWait?.({ provider: 'anthropic', limit: 'per_minute', count: 50 })
  vi.advanceTimersByTime(1900)
  await new Promise(setImmediate)
  expect(await text()).toBeNull()
  vi.advanceTimersByTime(200)
  await says('waits: no more than 50 calls a minute to anthropic that configs/models.json sets.')
  call.onWait?.(null)
  await says(null)
})

test('a model of which nothing comes for a minute is told of, until its next word', async () => {
  const { call, says, text, answer } = await waiting()
  vi.advanceTimersByTime(59_000)
  call.onDelta?.({ text: 'At ' })
  vi.advanceTimersByTime(59_000)
  await new Promise(setImmediate)
  expect(await text()).toBeNull()
  vi.advanceTimersByTime(1000)
  await says('waits for Claude Opus 1: nothing has come for more than a minute.')
  call.onDelta?.({ reasoning: 'Hm.' })
  await says(null)
  vi.advanceTimersByTime(60_000)
  await says('nothing has come')
  answer()
  await says(null)
})

test('what a process that was killed had told is taken back with the next turn', async () => {
  const { town, run, says, answer } = await waiting()
  await town.store.change(run.id, () => ({ set: { status_text: 'waits: no more than 1 call.' } }))
  answer()
  await says(null)
})

test('nothing is told of a run that was paused meanwhile', async () => {
  const { town, run, call, text } = await waiting()
  call.onWait?.({ provider: 'anthropic', limit: 'in_flight', count: 1 })
  await town.engine.pause(run.id, 'Paused by Ada.')
  vi.advanceTimersByTime(100_000)
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(await text()).toBe('Paused by Ada.')
})

test('a provider that refuses is told of at once, until the run is called off or answered', async () => {
  let refusing = true
  const models = new ScriptedModels(() => {
    if (refusing) throw new ModelError('overloaded', 'Anthropic is overloaded.')
    return answer('At last.')
  })
  const town = await engineWith(models)
  const run = await town.engine.start(spec({ max_turns: 1 }), nowhere)
  await expect.poll(() => models.calls.length).toBe(1)
  await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0)
  vi.advanceTimersByTime(1000)
  await until(town, run.id, ({ status_text }) => status_text === 'waits for Claude Opus 1: Anthropic is overloaded.')
  refusing = false
  await town.engine.pause(run.id, 'Paused by Ada.')
  await until(town, run.id, ({ status_text }) => status_text === 'Paused by Ada.')
  await town.engine.drain(0)
})
