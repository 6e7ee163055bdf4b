import { afterEach, describe, expect, it } from 'vitest'
import { runLane } from '../../src/core/delivery.ts'
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
    ['locked', 'thread_locked'],
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

  it('goes on in a thread that was archived but not locked', async () => {
    rig = await makeRig()
    const run = await rig.run()
    await rig.settled()
    await rig.faults({ route: WEBHOOK, kind: 'thread_archived' })
    await rig.speak(run.id, 'After.', 0)
    await rig.settled()
    expect(await rig.said(run.id)).toEqual(['After.'])
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
    await expect.poll(() => rig.told).toEqual([expect.stringMatching(/^blocked .*Send Messages in Threads/)])
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
