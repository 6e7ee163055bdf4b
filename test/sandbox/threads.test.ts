import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
})
afterEach(() => k.close())

const send = async (channel: string, content = 'x') =>
  (await k.api('POST', `/channels/${channel}/messages`, { content })).body
const open = async (name = 't') => {
  const message = await send(k.channel('backrooms'))
  return (await k.api('POST', `/channels/${message.channel_id}/messages/${message.id}/threads`, { name })).body
}

describe('a thread from a message', () => {
  test('has its id, begins with a message of type 21, and is there once', async () => {
    const message = await send(k.channel('backrooms'), 'announced')
    const path = `/channels/${message.channel_id}/messages/${message.id}/threads`
    const made = await k.api('POST', path, { name: 'run' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ id: message.id, type: 11, message_count: 0 })
    const inside = await k.api('GET', `/channels/${message.id}/messages`)
    expect(inside.body).toMatchObject([{ type: 21, content: '', referenced_message: { content: 'announced' } }])
    expect((await k.api('POST', path, { name: 'run' })).body.code).toBe(160004)
    expect((await k.api('GET', `/channels/${message.channel_id}/messages/${message.id}`)).body.thread.id).toBe(
      message.id,
    )
  })
})

describe('an archived thread', () => {
  test('opens when someone writes, and takes no edits meanwhile', async () => {
    const thread = await open()
    const message = await send(thread.id)
    await k.api('PATCH', `/channels/${thread.id}`, { archived: true })
    expect((await k.api('PATCH', `/channels/${thread.id}/messages/${message.id}`, { content: 'y' })).body.code).toBe(
      50083,
    )
    expect((await k.api('PATCH', `/channels/${thread.id}`, { name: 'other' })).body.code).toBe(50083)
    await send(thread.id)
    expect((await k.api('GET', `/channels/${thread.id}`)).body.thread_metadata.archived).toBe(false)
  })

  test('that is locked takes nothing from who may not manage threads', async () => {
    const thread = await open()
    await k.api('PATCH', `/channels/${thread.id}`, { locked: true })
    const said = await k.door('POST', `/sandbox/channels/${thread.id}/messages`, { content: 'hi', user: 'ben' })
    expect(said).toMatchObject({ status: 400, body: { reason: 'The thread is locked.' } })
    const hook = (await k.api('POST', `/channels/${k.channel('backrooms')}/webhooks`, { name: 'v' })).body
    const spoken = await k.api('POST', `/webhooks/${hook.id}/${hook.token}?thread_id=${thread.id}`, { content: 'x' })
    expect(spoken.body.code).toBe(160005)
  })

  test('is listed among the archived ones and not the active', async () => {
    const thread = await open()
    const active = () => k.api('GET', `/guilds/${k.sandbox.guildId}/threads/active`)
    expect((await active()).body.threads).toHaveLength(1)
    await k.api('PATCH', `/channels/${thread.id}`, { archived: true })
    expect((await active()).body.threads).toHaveLength(0)
    const archived = await k.api('GET', `/channels/${k.channel('backrooms')}/threads/archived/public`)
    expect(archived.body.threads).toMatchObject([{ id: thread.id }])
  })
})

test('a standalone public thread is announced by a message of type 18', async () => {
  const made = await k.api('POST', `/channels/${k.channel('general')}/threads`, { name: 'alone', type: 11 })
  const parent = await k.api('GET', `/channels/${k.channel('general')}/messages`)
  expect(parent.body).toMatchObject([{ type: 18, content: 'alone', message_reference: { channel_id: made.body.id } }])
})

describe('a forum', () => {
  const post = (body: object) => k.api('POST', `/channels/${k.channel('archive')}/threads`, body)

  test('takes posts whose first message has the id of the post', async () => {
    const made = await post({ name: 'p', message: { content: 'first' } })
    expect(made.body.message).toMatchObject({ id: made.body.id, content: 'first', channel_id: made.body.id })
    expect((await k.api('POST', `/channels/${k.channel('archive')}/messages`, { content: 'x' })).body.code).toBe(40058)
  })

  test('do not count that message', async () => {
    const { body: made } = await post({ name: 'p', message: { content: 'first' } })
    const counts = async () => {
      const { body } = await k.api('GET', `/channels/${made.id}`)
      return [body.message_count, body.total_message_sent]
    }
    expect(await counts()).toEqual([0, 0])
    await k.api('POST', `/channels/${made.id}/messages`, { content: 'second' })
    expect(await counts()).toEqual([1, 1])
    await k.api('DELETE', `/channels/${made.id}/messages/${made.id}`)
    expect(await counts()).toEqual([1, 1])
  })

  test('that requires a tag says so', async () => {
    const { world } = k.sandbox
    const forum = world.guildChannels().find((c) => c.type === 15)
    if (!forum) throw new Error('no forum')
    const tag = { id: '77', name: 'run', moderated: false, emoji_id: null, emoji_name: null }
    world.channels.put(forum.id, { ...forum, flags: 16, available_tags: [tag] })
    expect((await post({ name: 'p', message: { content: 'x' } })).body.code).toBe(40067)
    expect((await post({ name: 'p', message: { content: 'x' }, applied_tags: ['77'] })).body.applied_tags).toEqual([
      '77',
    ])
  })
})

test('a thousand active threads are the most', async () => {
  k.sandbox.world.limits.activeThreads = 1
  await open()
  expect((await open()).code).toBe(160006)
})

test('renames are limited to two in ten minutes, announced by no header', async () => {
  k.sandbox.world.limits.rates = true
  const thread = await open()
  const rename = (name: string) => k.api('PATCH', `/channels/${thread.id}`, { name })
  expect([(await rename('a')).status, (await rename('b')).status]).toEqual([200, 200])
  const third = await rename('c')
  expect(third.status).toBe(429)
  expect(third.body.retry_after).toBeGreaterThan(500)
  expect(Number(third.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
  expect(k.violations()).toEqual([])
  k.pass(10 * 60_000)
  expect((await rename('c')).status).toBe(200)
})

test('a thread is archived when nothing has been said for its time', async () => {
  const thread = await open()
  const { archiveQuiet } = await import('../../src/sandbox/core/threads.ts')
  archiveQuiet(k.sandbox.world)
  expect(k.sandbox.world.channels.get(thread.id)).toMatchObject({ thread_metadata: { archived: false } })
  k.pass(25 * 3600_000)
  archiveQuiet(k.sandbox.world)
  expect(k.sandbox.world.channels.get(thread.id)).toMatchObject({ thread_metadata: { archived: true } })
})

describe('a person', () => {
  const start = (body: object) => k.door('POST', '/sandbox/threads', { user: 'ben', ...body })

  test('opens a post, and threads from a message and on their own', async () => {
    const post = await start({ channel: 'archive', name: 'p', content: 'first' })
    expect(k.sandbox.world.message(post.body.id)?.message.content).toBe('first')
    const said = await k.door('POST', '/sandbox/channels/general/messages', { content: 'hi', user: 'ben' })
    const on = await start({ channel: 'general', name: 't', message_id: said.body.id })
    expect(on.body).toMatchObject({ id: said.body.id, owner_id: k.sandbox.world.people.ben })
    expect((await start({ channel: 'general', name: 'alone' })).body.type).toBe(11)
  })

  test('is told why not', async () => {
    expect(await start({ channel: 'archive', name: 'p' })).toMatchObject({
      status: 400,
      body: { reason: 'Cannot send an empty message.' },
    })
    expect((await start({ channel: 'general', name: 't', message_id: '1' })).body.reason).toBe('Unknown Message.')
  })
})
