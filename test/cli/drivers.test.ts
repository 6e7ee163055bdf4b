import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { adoptOrphans, driverState, thisDriver } from '../../src/cli/drivers.ts'
import { answer, engineWith, nowhere, ScriptedModels, spec, until } from '../engine/kit.ts'

// A bot and terminals on one store: each drives its own runs alone.

/** No process has this id: Linux gives none above 2^22. */
const GONE = `terminal:${hostname()}:4194999`

function held() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const models = new ScriptedModels(async (_, nth) => {
    begun.resolve()
    if (nth === 0) await promise
    return answer(`said here ${nth}`)
  })
  return { models, release: resolve, begun: begun.promise }
}

test('the bot does not take up what a terminal drives, nor a terminal the bot’s', async () => {
  const { models, begun, release } = held()
  const terminal = await engineWith(models, { driver: 'terminal:here:1' })
  const idle = new ScriptedModels(() => answer('doubled'))
  const bot = await engineWith(idle, { store: terminal.store })
  const other = await engineWith(idle, { store: terminal.store, driver: 'terminal:here:2' })
  const run = await terminal.engine.start(spec({ max_turns: 1 }), nowhere)
  await begun
  expect(run.driver).toBe('terminal:here:1')
  expect(await bot.engine.resumeAll()).toBe(0)
  expect(await other.engine.resumeAll()).toBe(0)
  release()
  await until(terminal, run.id, ({ status }) => status === 'ended')
  expect(idle.calls).toEqual([])
  expect(await terminal.store.turns(run.id)).toHaveLength(2)
})

test('who resumes a run drives it from then on; what the other was about to say is not said', async () => {
  const { models, begun, release } = held()
  const first = await engineWith(models, { driver: 'terminal:here:1' })
  const second = await engineWith(new ScriptedModels(() => answer('said there')), {
    store: first.store,
    driver: 'terminal:here:2',
  })
  const run = await first.engine.start(spec({ max_turns: 2 }), nowhere)
  await begun
  await first.store.change(run.id, () => ({ set: { status: 'paused' } }))
  await second.engine.resume(run.id)
  await until(second, run.id, ({ status }) => status === 'ended')
  release()
  await first.engine.drain(1000)
  const turns = await first.store.turns(run.id)
  expect(turns.map(({ text }) => text)).toEqual(Array(4).fill('said there'))
  expect(models.calls).toHaveLength(1)
})

test('what a terminal that is gone has left is paused, or taken over to be finished', async () => {
  const { store, engine } = await engineWith(new ScriptedModels(() => new Promise(() => {})), { driver: GONE })
  const [going, ended] = [await engine.start(spec(), nowhere), await engine.start(spec(), nowhere)]
  await engine.stop(ended.id, { id: '1', name: 'Ada', avatar_url: null })
  expect(await adoptOrphans(store)).toEqual([going.id])
  expect(await store.run(going.id)).toMatchObject({ status: 'paused', driver: GONE })
  expect(await store.run(ended.id)).toMatchObject({ status: 'ended', driver: thisDriver() })
  expect(await adoptOrphans(store)).toEqual([])
  await engine.drain(0)
})

test('tells a living driver from one that is gone', () => {
  expect(driverState(null)).toBe('bot')
  expect(driverState(thisDriver())).toBe('here')
  expect(driverState(`terminal:${hostname()}:${process.ppid}`)).toBe('alive')
  expect(driverState(GONE)).toBe('gone')
  expect(driverState('terminal:some-other-machine:1')).toBe('elsewhere')
})
