import { afterEach, describe, expect, it } from 'vitest'
import { runLane } from '../../src/core/delivery.ts'
import { transcript } from '../../src/observers/transcript.ts'
import type { Fault } from '../../src/sandbox/core/faults.ts'
import type { Thread } from '../../src/sandbox/core/shapes.ts'
import { changeThread } from '../../src/sandbox/core/threads.ts'
import { strikeWorld } from '../../src/sandbox/core/world-faults.ts'
import { makeRig, type Rig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const WEBHOOK = 'POST /webhooks/*'
const LONG = `Start. ${'A sentence of the turn. '.repeat(220)}End.`

/** What must hold at the end whatever went wrong on the way: everything once, in order, to the character. */
async function expectExact(runId: string, turns: string[]): Promise<void> {
  expect(await rig.said(runId)).toEqual(turns)
  const all = (await rig.messages(await rig.thread(runId))).filter(({ type }) => type === 0)
  expect(all.filter(({ embeds }) => embeds.length > 0)).toHaveLength(1)
  expect(all.filter(({ content }) => content.includes('This run has ended'))).toHaveLength(1)
  expect(all.at(-1)?.content).toContain('This run has ended')
  const announcements = (await rig.messages(rig.channels.backrooms)).filter(({ type }) => type === 0)
  expect(announcements).toHaveLength(1)
}

/** A person at the thread's settings. */
function change(threadId: string, settings: { locked?: boolean; archived?: boolean }): void {
  const { world } = rig.sandbox
  world.transaction(() => changeThread(world, world.channels.get(threadId) as Thread, settings))
}

async function panelOf(runId: string): Promise<string | undefined> {
  const messages = await rig.messages(await rig.thread(runId))
  return messages.find(({ embeds }) => embeds.length > 0)?.embeds[0]?.fields?.find(({ name }) => name === 'State')
    ?.value
}

async function wholeRun(): Promise<void> {
  const run = await rig.run()
  const turns = [LONG, 'A short answer.', ` ${LONG}\n`, 'The last.']
  for (const [i, text] of turns.entries()) await rig.speak(run.id, text, i % 2)
  await rig.end(run.id)
  await rig.settled()
  await expectExact(run.id, turns)
}

describe('nothing is lost and nothing is doubled', () => {
  it.each([
    [
      'the answer to every kind of first message is cut off',
      ['POST /channels/*/messages', 'POST /channels/*/threads', WEBHOOK],
    ],
    ['the answer to several webhook messages is cut off', [WEBHOOK, WEBHOOK, WEBHOOK]],
  ])('when %s', async (_, routes) => {
    rig = await makeRig()
    await rig.faults(...routes.map((route) => ({ route, kind: 'cut_after' })))
    await wholeRun()
    expect(await rig.violations()).toEqual([])
  })

  it('when webhook messages are cut before they arrive, or answered with 500, 502 or half an answer', async () => {
    rig = await makeRig()
    await rig.faults(
      { route: WEBHOOK, kind: 'cut_before' },
      { route: WEBHOOK, kind: 'status', status: 500 },
      { route: WEBHOOK, kind: 'cloudflare' },
      { route: WEBHOOK, kind: 'truncate' },
    )
    await wholeRun()
  })

  it('when a turn comes while it is not known whether a post that nobody waits for is there', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind: 'cut_after' })
    const persona = { name: 'CCTV', face: 'cctv', avatar_url: null }
    const body = { kind: 'post' as const, persona, text: 'A lamp flickers.', files: [] }
    await rig.owe(run.id, () => [
      { lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, aside: true, body },
      ...[1, 2].map((nth) => ({
        ...{ lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, aside: true },
        body: { ...body, text: `Rain ${nth}.` },
      })),
    ])
    while ((await rig.store.owed(runLane(run.id), 1))[0]?.attempted_at === null) await new Promise(setImmediate)
    await rig.speak(run.id, 'Hello there.', 0)
    await rig.settled()
    const messages = (await rig.messages(await rig.thread(run.id))).filter(({ webhook_id }) => webhook_id)
    expect(messages.map(({ content }) => content)).toEqual(['A lamp flickers.', 'Hello there.', 'Rain 1.', 'Rain 2.'])
  })

  it('when anything may fail at any time', async () => {
    rig = await makeRig()
    await rig.faults(
      { route: '*', kind: 'cut_after', probability: 0.08, seed: 5 },
      { route: '*', kind: 'cut_before', probability: 0.05, seed: 6 },
      { route: '*', kind: 'status', status: 503, probability: 0.05, seed: 7 },
    )
    await wholeRun()
  })

  it('when Discord limits the rate, of which it is told before', async () => {
    rig = await makeRig({ sandbox: { limits: true } })
    await wholeRun()
    expect(await rig.violations()).toEqual([])
  })

  it('when a 429 comes all the same', async () => {
    rig = await makeRig()
    await rig.faults({ route: WEBHOOK, kind: 'status', status: 429, retry_after: 0.3 })
    await wholeRun()
  })

  it('when the process ends after Discord took a message and before it was acknowledged', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    const acknowledged = rig.store.acknowledged
    // The process dies at every single acknowledgement.
    rig.store.acknowledged = async () => {
      throw new Error('killed')
    }
    const turns = [LONG, 'Short.']
    for (const [i, text] of turns.entries()) await rig.speak(run.id, text, i)
    await rig.end(run.id)
    for (let i = 0; i < 8; i++) {
      const lane = runLane(run.id)
      const [before] = await rig.store.owed(lane, 1)
      if (!before) break
      rig.store.acknowledged = async (id, messageId) => {
        if (id === before.id) return acknowledged(id, messageId)
        throw new Error('killed')
      }
      await rig.restart()
      await expect.poll(async () => (await rig.store.owed(lane, 1))[0]?.id).not.toBe(before.id)
      await expect.poll(async () => (await rig.store.owed(lane, 1))[0]?.attempted_at ?? 1).not.toBeNull()
    }
    rig.store.acknowledged = acknowledged
    await rig.restart()
    await rig.settled()
    await expectExact(run.id, turns)
  })

  it('when a person deletes the webhook', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.speak(run.id, 'Before.', 0)
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind: 'webhook_deleted' })
    await rig.speak(run.id, 'After.', 1)
    await rig.end(run.id)
    await rig.settled()
    await expectExact(run.id, ['Before.', 'After.'])
  })
})

describe('when Discord changes under the run', () => {
  it.each([
    ['deleted', 'thread_deleted'],
    ['lost with its channel', 'channel_deleted'],
  ])('tells that the thread is gone: %s', async (_, kind) => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.speak(run.id, 'Before.', 0)
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind })
    await rig.speak(run.id, 'After.', 1)
    await rig.settled()
    expect(rig.told[0]).toMatch(new RegExp(`^gone ${run.id}: `))
    expect(await rig.store.owed(runLane(run.id), 1)).toEqual([])
  })

  it('finds out by itself that it may write again, asking for nothing that would be refused', async () => {
    rig = await makeRig({ poster: { retryMs: 200 } })
    const run = await rig.run()
    await rig.settled()
    const target = run.channel_id
    const permission = 'send_messages_in_threads'
    const fault = (kind: 'permission_withdrawn' | 'permission_granted') =>
      rig.sandbox.world.transaction(() =>
        strikeWorld(rig.sandbox.world, { route: '*', kind, permission, target } as Fault),
      )
    fault('permission_withdrawn')
    await rig.store.change(run.id, () => ({ set: { status: 'paused', status_text: 'It may not write there.' } }))
    await rig.owe(run.id, (now) => transcript.notice(now, 'Paused: It may not write there.'))
    rig.bus.emit({ type: 'changed', run_id: run.id })
    const words = `-# paused: It may not write there.`
    const thread = await rig.thread(run.id)
    const announced = async () => (await rig.messages(target)).find(({ id }) => id === thread)?.content
    await expect.poll(announced, { timeout: 8000 }).toContain(words)
    // The panel's edit and the notice.
    await expect.poll(async () => (await rig.violations()).length).toBeGreaterThan(1)
    const refused = (await rig.violations()).length
    await new Promise((done) => setTimeout(done, 700))
    expect(await rig.violations()).toHaveLength(refused)

    fault('permission_granted')
    await expect.poll(() => panelOf(run.id), { timeout: 8000 }).toContain('paused: It may not write there.')
    const notices = async () => (await rig.messages(thread)).filter(({ content }) => content.startsWith('Paused: '))
    await expect.poll(notices).toHaveLength(1)
    await expect.poll(announced).not.toContain('paused')
  }, 20_000)

  it('keeps what it owes to a locked thread, says on panel and announcement why nothing comes, and goes on', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.speak(run.id, 'Before.', 0)
    await rig.settled()
    const thread = await rig.thread(run.id)
    const announcement = async () => (await rig.messages(run.channel_id)).find(({ id }) => id === thread)?.content
    const words = await announcement()
    await rig.faults(
      { route: WEBHOOK, kind: 'thread_locked' },
      { kind: 'permission_withdrawn', permission: 'manage_threads' },
    )
    await rig.speak(run.id, 'After.', 1)
    await expect.poll(() => rig.told).toContainEqual(`locked ${run.id}: The thread is locked: unlock it, then resume.`)
    expect(await rig.store.owed(runLane(run.id), 9)).toHaveLength(1)
    await rig.store.change(run.id, () => ({ set: { status: 'paused', status_text: 'The thread is locked.' } }))
    rig.bus.emit({ type: 'changed', run_id: run.id })
    await expect.poll(announcement, { timeout: 8000 }).toBe(`${words}\n-# paused: The thread is locked.`)

    change(thread, { locked: false })
    await rig.restart()
    await rig.settled()
    expect(await rig.said(run.id)).toEqual(['Before.', 'After.'])
    await expect.poll(() => panelOf(run.id), { timeout: 8000 }).toContain('paused: The thread is locked.')
    await expect.poll(announcement).toBe(words)
  })

  it('shows on the announcement that the thread was deleted', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind: 'thread_deleted' })
    await rig.speak(run.id, 'After.')
    await rig.settled()
    await rig.store.change(run.id, () => ({
      set: { status: 'ended', end_reason: 'thread_gone', status_text: 'The thread was deleted.', closed_at: 1 },
      deliveries: transcript.end,
    }))
    rig.bus.emit({ type: 'owed', lane: runLane(run.id) })
    rig.bus.emit({ type: 'changed', run_id: run.id })
    await expect
      .poll(async () => (await rig.messages(run.channel_id)).at(-1)?.content, { timeout: 8000 })
      .toMatch(/\n-# ended: `thread_gone` The thread was deleted\.$/)
  })

  it('shows at once on the panel that a run has ended whose last words wait for the lock', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.speak(run.id, 'Before.', 0)
    await rig.settled()
    const thread = await rig.thread(run.id)
    change(thread, { locked: true })
    await rig.speak(run.id, 'Last words.', 1)
    await rig.end(run.id)
    await expect.poll(() => panelOf(run.id), { timeout: 8000 }).toContain('ended: `max_turns`')
    expect(await rig.store.owed(runLane(run.id), 9)).toHaveLength(3)
    change(thread, { locked: false })
    rig.bus.emit({ type: 'changed', run_id: run.id })
    await rig.settled()
    await expectExact(run.id, ['Before.', 'Last words.'])
  })

  it('opens a thread that was archived to change what stands there, and leaves one alone that was locked as well', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    const thread = await rig.thread(run.id)
    change(thread, { archived: true })
    await rig.store.change(run.id, () => ({ set: { status: 'paused', status_text: 'Paused by Ada.' } }))
    rig.bus.emit({ type: 'changed', run_id: run.id })
    await expect.poll(() => panelOf(run.id), { timeout: 8000 }).toContain('paused by Ada.')
    change(thread, { locked: true, archived: true })
    await rig.speak(run.id, 'After.')
    await expect.poll(async () => (await rig.store.owed(runLane(run.id), 1))[0]?.attempted_at).toBeTruthy()
    expect(rig.sandbox.world.channels.get(thread)).toMatchObject({ thread_metadata: { archived: true, locked: true } })
    change(thread, { locked: false })
    await rig.restart()
    await rig.settled()
    expect(await rig.said(run.id)).toEqual(['After.'])
  })

  it('goes on in a thread that was archived but not locked', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind: 'thread_archived' })
    await rig.speak(run.id, 'After.', 0)
    await rig.settled()
    expect(await rig.said(run.id)).toEqual(['After.'])
  })

  it('takes over what it showed of a turn in a thread that was archived meanwhile', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    rig.bus.emit({ type: 'writing', run_id: run.id, actor_index: 0, text: 'Half a', reasoning: false })
    await expect.poll(() => rig.said(run.id)).toEqual(['Half a'])
    change(await rig.thread(run.id), { archived: true })
    await rig.speak(run.id, 'Half a sentence.', 0)
    await rig.settled()
    expect(await rig.said(run.id)).toEqual(['Half a sentence.'])
    expect(rig.told).toEqual([])
  })

  it('is blocked without permission, keeps what it owes, and goes on when told to', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    const { world } = rig.sandbox
    const roles = world.roles.values()
    await rig.faults({
      route: 'POST /channels/*/messages',
      kind: 'permission_withdrawn',
      permission: 'send_messages_in_threads',
    })
    await rig.owe(run.id, () => [
      { lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, body: { kind: 'notice', text: 'A word.' } },
    ])
    // The panel may find it out as well: whoever is told twice is told the same.
    await expect
      .poll(() => [...new Set(rig.told)])
      .toEqual([expect.stringMatching(/^blocked .*Send Messages in Threads/)])
    expect(await rig.store.owed(runLane(run.id), 9)).toHaveLength(1)
    world.transaction(() => {
      for (const role of roles) world.roles.put(role.id, role)
    })
    rig.bus.emit({ type: 'changed', run_id: run.id })
    await rig.settled()
    expect((await rig.messages(await rig.thread(run.id))).at(-1)?.content).toBe('A word.')
  })
})

it('is blocked when the bot is removed from the server', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.settled()
  await rig.faults({ route: 'POST /channels/*/webhooks', kind: 'membership_withdrawn' })
  await rig.speak(run.id, 'Nobody hears this.')
  await expect.poll(() => rig.told, { timeout: 5000 }).toContainEqual(expect.stringMatching(/^blocked /))
  expect(await rig.store.owed(runLane(run.id), 9)).toHaveLength(1)
})

it('is told by its panel when only the webhook can still post', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.speak(run.id, 'Before.')
  await rig.settled()
  await rig.faults({ route: WEBHOOK, kind: 'membership_withdrawn' })
  await rig.speak(run.id, 'After.')
  await rig.settled()
  await rig.speak(run.id, 'Still after.')
  await expect.poll(() => rig.told, { timeout: 10_000 }).toContainEqual(expect.stringMatching(/^blocked /))
})

it('pauses with the names of the permissions that are missing, where they can be told', async () => {
  rig = await makeRig()
  const run = await rig.run()
  await rig.speak(run.id, 'Before.')
  await rig.settled()
  const [target, kind] = [rig.channels.backrooms, 'permission_withdrawn']
  await rig.faults(
    { kind, permission: 'send_messages_in_threads', target },
    { kind, permission: 'attach_files', target },
  )
  await rig.end(run.id)
  await expect
    .poll(() => rig.told, { timeout: 10_000 })
    .toEqual([expect.stringMatching(/^blocked .*give it Send Messages in Threads and Attach Files in <#\d+>\.$/)])
})

describe('without Manage Webhooks', () => {
  it('the bot speaks for the actors, name in bold, to the character, and the panel says why', async () => {
    rig = await makeRig()
    await rig.faults({ route: '*', kind: 'permission_withdrawn', permission: 'manage_webhooks' })
    const run = await rig.run()
    const full = 'x'.repeat(2000)
    await rig.speak(run.id, 'Hello.', 0)
    await rig.speak(run.id, full, 1)
    await rig.settled()
    await rig.end(run.id)
    await rig.settled()
    const texts = (await rig.messages(await rig.thread(run.id))).filter(({ type }) => type === 0)
    expect(texts.slice(1, -1).map(({ content }) => content)).toEqual([
      '**Claude Opus 1**\nHello.',
      '**Claude Sonnet 2**',
      full,
    ])
    expect(JSON.stringify(texts[0]?.embeds)).toContain('no Manage Webhooks permission')
    // It knows beforehand: nothing that Discord would count against it was asked.
    expect(await rig.violations()).toEqual([])
  })
})
