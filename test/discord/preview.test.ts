import { afterEach, expect, it, vi } from 'vitest'
import { runLane } from '../../src/core/delivery.ts'
import type { Run } from '../../src/core/run.ts'
import { erase } from '../../src/sandbox/core/message-changes.ts'
import { makeRig, type Posted, type Rig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const TURN = 'It was a long night, and the lamp hummed. '.repeat(120).trim()

const write = (run: Run, text: string, reasoning = false, actor_index = 0) =>
  rig.bus.emit({ type: 'writing', run_id: run.id, actor_index, text, reasoning })
const spoken = async (run: Run): Promise<Posted[]> =>
  (await rig.messages(await rig.thread(run.id))).filter(({ webhook_id }) => webhook_id)
const shown = async (run: Run) => (await spoken(run)).map(({ content }) => content)

async function going(options?: Parameters<typeof makeRig>[0]): Promise<Run> {
  rig = await makeRig(options)
  const run = await rig.run()
  await rig.settled()
  return run
}

it('shows a turn growing, and keeps its messages when the turn is complete', async () => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  write(run, 'It was a long night')
  await expect.poll(() => shown(run), { timeout: 3000 }).toEqual(['It was a long night'])
  write(run, TURN.slice(0, 3000))
  await expect.poll(async () => (await shown(run)).join(''), { timeout: 3000 }).toBe(TURN.slice(0, 3000))
  const before = (await spoken(run)).map(({ id }) => id)
  expect(before).toHaveLength(2)

  await rig.speak(run.id, TURN)
  await rig.settled()
  expect(await rig.said(run.id)).toEqual([TURN])
  const after = await spoken(run)
  expect(after.map(({ id }) => id).slice(0, 2)).toEqual(before)
  expect(after[0]?.author.username).toBe('Claude Opus 1')
  expect(await rig.store.previews(run.id)).toEqual([])
  expect(await rig.violations()).toEqual([])
})

const aside = (run: Run, text: string) => [
  {
    ...{ lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, aside: true },
    body: { kind: 'post' as const, persona: { name: 'CCTV', face: 'cctv', avatar_url: null }, text, files: [] },
  },
]

it('a post that nobody waits for does not break into a turn that is being shown, but follows it', async () => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  const [before] = await spoken(run)
  await rig.owe(run.id, () => aside(run, 'A lamp flickers.'))
  write(run, 'It was a long night')
  await expect.poll(() => shown(run), { timeout: 3000 }).toEqual(['It was a long night'])
  await rig.speak(run.id, 'It was a long night.')
  await expect.poll(() => shown(run)).toEqual(['It was a long night.', 'A lamp flickers.'])
  expect((await spoken(run))[0]?.id).toBe(before?.id)
})

it.each([
  ['when the turn is broken off', (run: Run) => rig.bus.emit({ type: 'unwritten', run_id: run.id })],
  ['when it has waited for half a minute', (_run: Run, pass: (ms: number) => void) => pass(30_000)],
])('such a post is made %s', async (_, act) => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  const [real, ahead] = [Date.now, { ms: 0 }]
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() + ahead.ms)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await rig.owe(run.id, () => aside(run, 'A lamp flickers.'))
  while (vi.getTimerCount() === 0) await new Promise(setImmediate)
  act(run, (ms) => {
    ahead.ms = ms
    vi.advanceTimersByTime(ms)
  })
  vi.useRealTimers()
  await expect.poll(() => shown(run), { timeout: 3000 }).toEqual(['A lamp flickers.'])
  clock.mockRestore()
})

it('edits a message at most once a second', async () => {
  const run = await going()
  const started = Date.now()
  const texts = new Set<string>()
  for (let length = 1; Date.now() - started < 2500; length++) {
    write(run, TURN.slice(0, length))
    texts.add((await shown(run)).join(''))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  // Nothing yet, the first, and one a second after it.
  expect(texts.size).toBeLessThanOrEqual(5)
  expect(texts.size).toBeGreaterThanOrEqual(3)
})

it('says that an actor thinks, without its reasoning', async () => {
  const run = await going()
  write(run, 'They must not read this.', true)
  await expect.poll(() => shown(run)).toEqual(['-# thinking …'])
  await rig.speak(run.id, 'An answer.')
  await rig.settled()
  expect(await shown(run)).toEqual(['An answer.'])
})

it('removes what it showed when the answer broke off', async () => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  rig.bus.emit({ type: 'unwritten', run_id: run.id })
  await expect.poll(() => shown(run)).toEqual([])
  expect(await rig.store.previews(run.id)).toEqual([])
})

it('removes what the complete turn does not need', async () => {
  const run = await going()
  write(run, TURN)
  await expect.poll(async () => (await shown(run)).length).toBe(3)
  await rig.speak(run.id, 'Short.')
  await rig.settled()
  await expect.poll(() => shown(run)).toEqual(['Short.'])
})

it('gives way to a delivery that comes first', async () => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  await rig.owe(run.id, () => [
    { lane: runLane(run.id), run_id: run.id, guild_id: null, body: { kind: 'notice', text: 'A word first.' } },
  ])
  await rig.settled()
  await rig.speak(run.id, 'It was late.')
  await rig.settled()
  const texts = (await rig.messages(await rig.thread(run.id))).map(({ content }) => content).filter(Boolean)
  expect(texts.slice(-2)).toEqual(['A word first.', 'It was late.'])
})

it('does not show the words of one actor under the name of another', async () => {
  const run = await going()
  write(run, 'It was', false, 0)
  await expect.poll(() => shown(run)).toEqual(['It was'])
  await rig.speak(run.id, 'It was late.', 1)
  await rig.settled()
  expect((await spoken(run)).map(({ author, content }) => [author.username, content])).toEqual([
    ['Claude Sonnet 2', 'It was late.'],
  ])
})

it('posts whole turns with STREAM=off', async () => {
  const run = await going({ poster: { stream: false } })
  write(run, 'It was')
  await rig.speak(run.id, 'It was late.')
  await rig.settled()
  expect(await shown(run)).toEqual(['It was late.'])
})

it.each(['taken over', 'removed'])('a preview from before a crash is %s', async (what) => {
  const run = await going()
  write(run, TURN.slice(0, 3000))
  await expect.poll(async () => (await shown(run)).length).toBe(2)
  const before = (await spoken(run)).map(({ id }) => id)
  await rig.poster.close()
  if (what === 'taken over') await rig.speak(run.id, TURN)
  await rig.restart()
  if (what === 'removed') await expect.poll(() => shown(run)).toEqual([])
  else {
    await rig.settled()
    expect(await rig.said(run.id)).toEqual([TURN])
    expect((await spoken(run)).map(({ id }) => id).slice(0, 2)).toEqual(before)
  }
  expect(await rig.store.previews(run.id)).toEqual([])
})

it.each(['taken over', 'removed'])('a preview of which the answer never came is %s after a crash', async (what) => {
  const run = await going()
  await rig.faults({ route: 'POST /webhooks/*', kind: 'delay', ms: 300 })
  const posted = rig.store.previewPosted
  rig.store.previewPosted = () => new Promise(() => {})
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  expect(await rig.store.previews(run.id)).toMatchObject([{ message_id: null }])
  // The old poster hangs for good, as a killed one would; it hears nothing any more.
  void rig.poster.close()
  rig.store.previewPosted = posted
  if (what === 'taken over') await rig.speak(run.id, 'It was late.')
  await rig.reopen()
  if (what === 'removed') await expect.poll(() => shown(run)).toEqual([])
  else {
    await rig.settled()
    expect(await shown(run)).toEqual(['It was late.'])
  }
  expect(await rig.store.previews(run.id)).toEqual([])
})

it('leaves no second message when the answer to a preview is cut off', async () => {
  const run = await going()
  await rig.faults({ route: 'POST /webhooks/*', kind: 'cut_after' })
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  await rig.speak(run.id, 'It was late.')
  await rig.settled()
  expect(await shown(run)).toEqual(['It was late.'])
})

it('survives a person deleting the message in which a turn grows', async () => {
  const run = await going()
  write(run, 'It was')
  await expect.poll(() => shown(run)).toEqual(['It was'])
  const [message] = await spoken(run)
  const { world } = rig.sandbox
  world.transaction(() => erase(world, world.message(message?.id ?? '') as never))
  await rig.speak(run.id, 'It was late.')
  await rig.settled()
  expect(await shown(run)).toEqual(['It was late.'])
})

it('shows it as the bot where there is no webhook, and takes that over too', async () => {
  rig = await makeRig()
  await rig.faults({ route: '*', kind: 'permission_withdrawn', permission: 'manage_webhooks' })
  const run = await rig.run()
  await rig.settled()
  const texts = async () => (await rig.messages(await rig.thread(run.id))).map(({ content }) => content).filter(Boolean)
  write(run, 'It was')
  await expect.poll(texts).toEqual(['**Claude Opus 1**\nIt was'])
  await rig.speak(run.id, 'It was late.')
  await rig.settled()
  expect(await texts()).toEqual(['**Claude Opus 1**\nIt was late.'])
  // Too long to stand below its name: the name stands alone before it.
  write(run, 'x'.repeat(1000), false, 1)
  await expect.poll(texts, { timeout: 4000 }).toHaveLength(2)
  await rig.speak(run.id, 'x'.repeat(2000), 1)
  await rig.settled()
  expect((await texts()).slice(1)).toEqual(['**Claude Sonnet 2**', 'x'.repeat(2000)])
})
