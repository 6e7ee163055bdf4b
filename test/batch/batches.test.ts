import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { batchRunId } from '../../src/core/batch.ts'
import type { Batch } from '../../src/core/batches.ts'
import { ModelError } from '../../src/core/model.ts'
import { makeDashboards } from '../../src/discord/dashboard.ts'
import { openStore } from '../../src/store/open.ts'
import { ada, answer } from '../engine/kit.ts'
import { nowhere, quiet, startBatches } from './kit.ts'

/** Other tests share this machine. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })
const ended = ({ status }: { status: string }) => status === 'ended'
const dreams = (query?: string) => ({ kind: 'local', source: 'all', ...(query ? { query } : {}) })
const six = { template: 'dreamsim3', models: ['opus'], max_turns: 1, data_source: dreams(), max_items: 6, seed: 3 }
const never = () => new Promise<never>(() => {})

test('every planned run runs once, as many at a time as allowed, each with its own dream', async () => {
  const inFlight = { now: 0, most: 0 }
  const kit = await startBatches({
    async script() {
      inFlight.most = Math.max(inFlight.most, ++inFlight.now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inFlight.now--
      return answer('So it goes.')
    },
  })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  await kit.until(id, ended)
  const runs = await kit.store.runs({ batch_id: id })
  expect(runs.map((run) => run.id).sort()).toEqual([1, 2, 3, 4, 5, 6].map((nth) => `${id}-${nth}`))
  expect(new Set(runs.map(({ spec }) => spec.vars.DREAM_TEXT)).size).toBe(6)
  for (const { spec } of runs) {
    const own = spec.vars.DREAM_TEXT as string
    const others = runs.filter((other) => other.spec !== spec).map((other) => other.spec.vars.DREAM_TEXT as string)
    const shown = JSON.stringify(spec.actors)
    expect(shown).toContain(JSON.stringify(own).slice(1, -1))
    for (const other of others) expect(shown).not.toContain(JSON.stringify(other).slice(1, -1))
  }
  expect(inFlight.most).toBe(2)
  expect(await kit.store.batchTally(id)).toMatchObject([{ status: 'done', reason: 'max_turns', count: 6 }])
})

test('starting under one id twice starts once; two batches at once keep apart', async () => {
  const kit = await startBatches()
  const plan = await kit.plan(six)
  const [a, again] = await Promise.all([
    kit.batches.start('aaaaaa', plan, nowhere),
    kit.batches.start('aaaaaa', plan, nowhere),
  ])
  const b = await kit.start({ ...six, seed: 4 })
  expect(again.id).toBe(a.id)
  await Promise.all([kit.until(a.id, ended), kit.until(b.id, ended)])
  expect(await kit.store.runs({ batch_id: a.id })).toHaveLength(6)
  expect(await kit.store.runs({ batch_id: b.id })).toHaveLength(6)
})

test('survives being killed at any call: no run is lost, none begins twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backrooms-batch-'))
  const store = await openStore(join(folder, 'a.db'))
  const first = await startBatches({ store })
  const { id } = await first.start({ ...six, concurrency: 3 })
  await first.kill()
  // Each life answers a few calls more, then hangs and is killed.
  for (let life = 0; life < 6; life++) {
    const kit = await startBatches({ store, script: (_, nth) => (nth < life ? answer('So it goes.') : never()) })
    await kit.engine.resumeAll()
    await kit.batches.resumeAll()
    await soon(() => kit.models.calls.length).toBeGreaterThan(0)
    await kit.kill()
  }
  const last = await startBatches({ store })
  await last.engine.resumeAll()
  await last.batches.resumeAll()
  await last.until(id, ended)
  const runs = await store.runs({ batch_id: id })
  expect(runs.map((run) => [run.id, run.end_reason, run.next_index]).sort()).toEqual(
    [1, 2, 3, 4, 5, 6].map((nth) => [`${id}-${nth}`, 'max_turns', 2]),
  )
  await store.close()
  rmSync(folder, { recursive: true })
})

test('killed between the begin of a run and the note of it, the run is taken up, not begun again', async () => {
  const store = await openStore(':memory:')
  const kit = await startBatches({ store: { ...store, setBatchRun: never }, script: never })
  const { id } = await kit.start(six)
  await soon(async () => (await store.runs({ batch_id: id })).length).toBe(1)
  expect((await store.batchRuns(id, { status: ['going'] })).length).toBe(0)
  await kit.engine.drain(0)
  const next = await startBatches({ store })
  await next.engine.resumeAll()
  await next.batches.resumeAll()
  await next.until(id, ended)
  expect(await store.runs({ batch_id: id })).toHaveLength(6)
})

test('failed runs are told apart by reason, and can be run again', async () => {
  let broken = true
  const kit = await startBatches({
    script(_, nth) {
      if (broken && nth === 0) throw new ModelError('bad_request', 'The request is odd.')
      return answer('So it goes.')
    },
  })
  const { id } = await kit.start({ ...six, concurrency: 1 })
  await kit.until(id, ended)
  const [failed] = await kit.store.batchRuns(id, { status: ['failed'] })
  expect(failed).toMatchObject({ index: 0, reason: 'error', text: expect.stringContaining('The request is odd.') })
  broken = false
  expect(await kit.batches.retryFailed(id)).toBe(1)
  await kit.until(id, ended)
  expect(await kit.store.batchTally(id)).toMatchObject([{ status: 'done', count: 6 }])
  expect((await kit.store.runs({ batch_id: id })).map((run) => run.id)).toContain(batchRunId(id, 0, 1))
  await expect(kit.batches.retryFailed(id)).rejects.toThrow('No run of this batch has failed.')
})

test('when five fail one after the other it pauses and says why', async () => {
  const kit = await startBatches({
    script() {
      throw new ModelError('auth', 'The key is refused: set ANTHROPIC_API_KEY.')
    },
  })
  const { id } = await kit.start({ ...six, max_items: 20, concurrency: 2 })
  const batch = await kit.until(id, ({ status }) => status === 'paused')
  expect(batch.status_text).toMatch(/5 runs failed one after the other: .*ANTHROPIC_API_KEY/)
  expect(kit.models.calls.length).toBeLessThan(9)
})

test('pausing holds its runs too; resuming lets them go on', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const kit = await startBatches({ script: () => held.then(() => answer('So it goes.')) })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  await soon(async () => (await kit.store.batchRuns(id, { status: ['going'] })).length).toBe(2)
  await kit.batches.pause(id, 'Paused by Ada.')
  expect((await kit.store.runs({ batch_id: id })).map(({ status }) => status)).toEqual(['paused', 'paused'])
  await expect(kit.batches.pause(id, 'again')).rejects.toThrow('paused already')
  release()
  await kit.batches.resume(id)
  await kit.until(id, ended)
  expect(await kit.store.batchTally(id)).toMatchObject([{ status: 'done', count: 6 }])
})

test('stopping ends what goes on and leaves out the rest', async () => {
  const kit = await startBatches({ script: never })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  await soon(async () => (await kit.store.batchRuns(id, { status: ['going'] })).length).toBe(2)
  await kit.batches.stop(id, ada)
  const batch = await kit.until(id, ended)
  expect(batch.status_text).toBe('Stopped by Ada.')
  const tally = (await kit.store.batchTally(id)).map(({ status, reason, count }) => [status, reason, count]).sort()
  expect(tally).toEqual([
    ['done', 'stopped', 2],
    ['skipped', 'batch_stopped', 4],
  ])
  // What was stopped is not done.
  const boards = makeDashboards({ api: {} as never, store: kit.store, bus: kit.bus, log: quiet })
  const [board] = (await boards.message(batch)).embeds ?? []
  expect(board?.description).toMatch(/0 of 6 runs · 0 %$/)
  const shown = Object.fromEntries(board?.fields?.map(({ name, value }) => [name, value]) ?? [])
  expect(shown).toMatchObject({ Done: '0', Stopped: '2', 'Left out': '4 × `batch_stopped`' })
  boards.close()
  await expect(kit.batches.stop(id, ada)).rejects.toThrow('has ended')
})

test('stays within its budget, but for one turn, however many runs go on at once', async () => {
  const kit = await startBatches() // A turn costs 0.01.
  const { id } = await kit.start({ ...six, max_items: 20, max_turns: 3, concurrency: 8, max_cost: 0.095 })
  const batch = await kit.until(id, ended)
  expect(batch.status_text).toBe('Its budget of $0.095 is used.')
  const tally = await kit.store.batchTally(id)
  const cost = tally.reduce((sum, each) => sum + each.cost, 0)
  expect(cost).toBeCloseTo(0.1)
  expect(tally.find(({ reason }) => reason === 'batch_budget')?.count).toBeGreaterThan(8)
})

test('where Discord takes no more threads it waits, says so, and goes on by itself', async () => {
  const kit = await startBatches({ script: never, retryMs: 150 })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  await soon(async () => (await kit.store.batchRuns(id, { status: ['going'] })).length).toBe(2)
  expect(await kit.batches.blocked(`${id}-1`, 'No more threads.')).toBe(true)
  const waiting = await kit.store.batch(id)
  expect(waiting).toMatchObject({ status: 'going', waiting: 'No more threads.' })
  expect((await kit.store.run(`${id}-1`))?.status).toBe('paused')
  await kit.until(id, (batch) => batch.waiting === null)
  await soon(async () => (await kit.store.run(`${id}-1`))?.status).toBe('going')
  expect(await kit.batches.blocked('k3m9x2ab', 'x')).toBe(false)
})

test('the dashboard tells that runs wait for their provider, as long as they do', async () => {
  const kit = await startBatches({
    script() {
      throw new ModelError('rate_limited', 'Anthropic limits requests.', { retryAfterMs: 45_000 })
    },
  })
  const boards = makeDashboards({ api: {} as never, store: kit.store, bus: kit.bus, log: quiet })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  const waiting = async () => {
    const { embeds } = await boards.message((await kit.store.batch(id)) as Batch)
    return embeds?.[0]?.fields?.find(({ name }) => name === 'Waiting')?.value
  }
  await soon(waiting).toMatch(/^2 runs wait for a provider: Claude Opus 1: Anthropic limits requests\. /)
  await kit.batches.pause(id, 'Enough.')
  await soon(waiting).toBeUndefined()
  boards.close()
})

test('the dashboard tells that runs wait for our own limit of calls, and how long that takes', async () => {
  let letIn = () => {}
  const kit = await startBatches({
    async script(call) {
      if (!call.cache_key.includes('-1:')) return never()
      call.onWait?.({ provider: 'anthropic', limit: 'per_minute', count: 1 })
      await new Promise<void>((done) => {
        letIn = done
      })
      call.onWait?.(null)
      return never()
    },
  })
  const boards = makeDashboards({ api: {} as never, store: kit.store, bus: kit.bus, log: quiet })
  const { id } = await kit.start({ ...six, concurrency: 2 })
  const field = async (name: string) => {
    const { embeds } = await boards.message((await kit.store.batch(id)) as Batch)
    return embeds?.[0]?.fields?.find((each) => each.name === name)?.value
  }
  await soon(() => field('Waiting')).toMatch(/^1 run waits for the limit of 1 call a minute to anthropic /)
  // Six runs of two turns.
  expect(await field('Time left')).toBe('about 12 minutes')
  letIn()
  await soon(() => field('Waiting')).toBeUndefined()
  expect(await field('Time left')).toBe('about 12 minutes')
  boards.close()
})

test('a run that a person deletes is not begun again', async () => {
  const kit = await startBatches({
    script: (call) => (call.cache_key.includes('-1:') ? never() : answer('So it goes.')),
  })
  const { id } = await kit.start({ ...six, concurrency: 1 })
  await soon(() => kit.models.calls.length).toBe(1)
  await kit.engine.forget(`${id}-1`)
  kit.bus.emit({ type: 'changed', run_id: `${id}-1` })
  await kit.until(id, ended)
  expect((await kit.store.batchRuns(id)).map(({ reason }) => reason)).toEqual([
    'deleted',
    ...Array(5).fill('max_turns'),
  ])
})

test('a run whose thread a person deletes is left out, not failed; one that lost its channel has failed', async () => {
  const kit = await startBatches({
    script: (call) => (/-[12]:/.test(call.cache_key) ? never() : answer('So it goes.')),
  })
  const { id } = await kit.start({ ...six, max_items: 3, concurrency: 2 })
  await soon(() => kit.models.calls.length).toBe(2)
  await kit.store.change(`${id}-1`, () => ({ set: { thread_id: '77' } }))
  for (const nth of [1, 2]) await kit.engine.end(`${id}-${nth}`, 'thread_gone', 'The thread was deleted.')
  await kit.until(id, ended)
  expect((await kit.store.batchRuns(id)).map(({ status, reason }) => [status, reason])).toEqual([
    ['skipped', 'thread_gone'],
    ['failed', 'thread_gone'],
    ['done', 'max_turns'],
  ])
  expect(await kit.store.replanFailed(id)).toBe(1)
})

test('threads: failed gives a thread to what failed alone, with all that was said', async () => {
  const kit = await startBatches({
    script(call, nth) {
      if (call.cache_key.includes('-2:') && nth > 0 && call.turn === 1) throw new ModelError('bad_request', 'Odd.')
      return answer('So it goes.')
    },
  })
  const { id } = await kit.start({ ...six, max_items: 2, threads: 'failed' }, { ...nowhere, channel_id: '20' })
  await kit.until(id, ended)
  expect((await kit.store.run(`${id}-1`))?.channel_id).toBeNull()
  expect((await kit.store.run(`${id}-2`))?.channel_id).toBe('20')
  const owed = await kit.store.owed(`run:${id}-2`, 50)
  expect(owed.map(({ body }) => body.kind)).toEqual(['announce', 'thread', 'panel', 'turn', 'end', 'archive'])
  expect(await kit.store.owed(`run:${id}-1`, 50)).toEqual([])
})

test('the manifest has all to understand it and to plan it again', async () => {
  const kit = await startBatches()
  const { id } = await kit.start({ ...six, mixed: { mode: 'random' }, models: ['opus', 'haiku', 'sonnet'] })
  await kit.until(id, ended)
  const manifest = JSON.parse(await kit.batches.manifest(id))
  expect(manifest).toMatchObject({
    batch: id,
    seed: 3,
    status: 'ended',
    config: { options: { template: 'dreamsim3' } },
  })
  expect(manifest.models.map(({ api_name }: { api_name: string }) => api_name)).toContain('claude-opus-5-5')
  expect(manifest.items).toHaveLength(6)
  expect(manifest.runs[0]).toMatchObject({
    index: 0,
    status: 'done',
    reason: 'max_turns',
    run_id: `${id}-1`,
    cost: 0.02,
  })
  const again = await kit.plan({ ...six, mixed: { mode: 'random' }, models: ['opus', 'haiku', 'sonnet'] })
  expect(again.runs.map(({ models, seed }) => [models, seed])).toEqual(
    manifest.runs.map((run: { models: string[]; seed: number }) => [run.models, run.seed]),
  )
  expect(again.items.map((item) => item.id)).toEqual(manifest.items.map((item: { id: string }) => item.id))
})
