import { afterEach, beforeEach, expect, test } from 'vitest'
import { ALL_PERMISSIONS, PERMISSIONS } from '../../src/sandbox/core/permissions.ts'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit({ permissions: ALL_PERMISSIONS & ~PERMISSIONS.administrator })
})
afterEach(() => k.close())

const guild = () => `/guilds/${k.sandbox.guildId}`

test('members are found by the beginning of a name', async () => {
  const found = await k.api('GET', `${guild()}/members/search?query=A&limit=10`)
  expect(found.body.map((m: { user: { username: string } }) => m.user.username)).toEqual(['ada'])
  expect((await k.api('GET', `${guild()}/members/search`)).body.code).toBe(50035)
})

test('the switches of privileged intents are set and taken off, and no other flag', async () => {
  const members = `${guild()}/members`
  expect((await k.api('GET', members)).body.code).toBe(50001)
  expect((await k.api('PATCH', '/applications/@me', { flags: 1 << 15 })).body.flags).toBe(1 << 15)
  expect((await k.api('GET', members)).status).toBe(200)
  const refused = await k.api('PATCH', '/applications/@me', { flags: 999_999_999 })
  expect([refused.status, Object.keys(refused.body.errors)]).toEqual([400, ['flags']])
  expect((await k.api('PATCH', '/applications/@me', { flags: 0 })).body.flags).toBe(0)
  expect((await k.api('GET', members)).body.code).toBe(50001)
})

test('the bot may rename itself in the server', async () => {
  const renamed = await k.api('PATCH', `${guild()}/members/@me`, { nick: 'Rooms' })
  expect(renamed.body).toMatchObject({ nick: 'Rooms', user: { id: k.sandbox.applicationId } })
})

test('permissions of commands, emojis of the server and counts of roles can be read', async () => {
  const commands = `/applications/${k.sandbox.applicationId}${guild()}/commands`
  expect((await k.api('GET', `${commands}/permissions`)).body).toEqual([])
  expect((await k.api('GET', `${commands}/1/permissions`)).body.code).toBe(10063)
  expect((await k.api('GET', `${guild()}/emojis`)).body).toEqual([])
  expect(Object.values((await k.api('GET', `${guild()}/roles/member-counts`)).body)).toEqual([1])
  const guilds = await k.api('GET', '/users/@me/guilds')
  expect(BigInt(guilds.body[0].permissions) & PERMISSIONS.manage_channels).toBeTruthy()
})

test('reactions are listed, and taken away by who manages messages', async () => {
  const here = `/channels/${k.channel('general')}/messages`
  const { body } = await k.api('POST', here, { content: 'x' })
  const all = `${here}/${body.id}/reactions`
  const [heart, door] = [encodeURIComponent('❤️'), encodeURIComponent('🚪')]
  for (const emoji of [heart, door]) await k.api('PUT', `${all}/${emoji}/@me`)
  expect((await k.api('GET', `${all}/${heart}`)).body).toMatchObject([{ id: k.sandbox.applicationId }])
  expect((await k.api('DELETE', `${all}/${heart}`)).status).toBe(204)
  const left = await k.api('GET', `${here}/${body.id}`)
  expect(left.body.reactions).toMatchObject([{ emoji: { name: '🚪' } }])
  expect((await k.api('DELETE', all)).status).toBe(204)
  expect((await k.api('GET', `${here}/${body.id}`)).body).not.toHaveProperty('reactions')
})

test('messages of announcement channels are published once', async () => {
  const made = await k.api('POST', `${guild()}/channels`, { name: 'news', type: 5 })
  const { body } = await k.api('POST', `/channels/${made.body.id}/messages`, { content: 'x' })
  const publish = `/channels/${made.body.id}/messages/${body.id}/crosspost`
  expect((await k.api('POST', publish)).body.flags & 1).toBe(1)
  expect((await k.api('POST', publish)).body.code).toBe(40033)
  const plain = await k.api('POST', `/channels/${k.channel('general')}/messages`, { content: 'x' })
  expect((await k.api('POST', `/channels/${k.channel('general')}/messages/${plain.body.id}/crosspost`)).status).toBe(
    400,
  )
})

test("a webhook's url works as it is", async () => {
  const { body } = await k.api('POST', `/channels/${k.channel('general')}/webhooks`, { name: 'v' })
  const sent = await fetch(`${body.url}?wait=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'x' }),
  })
  expect([sent.status, await sent.json()]).toMatchObject([200, { content: 'x' }])
})

test('archived private threads are paged by id where they are joined, by time elsewhere', async () => {
  const at = `/channels/${k.channel('general')}`
  const ids: string[] = []
  for (const name of ['a', 'b']) {
    const { body } = await k.api('POST', `${at}/threads`, { name, type: 12 })
    ids.push(body.id)
    await k.api('PATCH', `/channels/${body.id}`, { archived: true })
  }
  const joined = async (query = '') => k.api('GET', `${at}/users/@me/threads/archived/private${query}`)
  const names = (body: { threads: { name: string }[] }) => body.threads.map((thread) => thread.name)
  expect(names((await joined()).body)).toEqual(['b', 'a'])
  expect(names((await joined(`?before=${ids[1]}`)).body)).toEqual(['a'])
  for (const query of ['?before=2026-01-01T00:00:00Z', '?limit=0', '?limit=101', '?limit=x'])
    expect((await joined(query)).body.code).toBe(50035)
  for (const query of ['?before=nonsense', `?before=${ids[0]}`, '?limit=-1'])
    expect((await k.api('GET', `${at}/threads/archived/private${query}`)).body.code).toBe(50035)
})

test('thread members come with their membership of the server when asked for it', async () => {
  const { world } = k.sandbox
  world.amend({ application: { ...world.application, flags: 1 << 15 } })
  const { body } = await k.api('POST', `/channels/${k.channel('general')}/threads`, { name: 't', type: 11 })
  const members = `/channels/${body.id}/thread-members`
  expect((await k.api('GET', members)).body[0]).not.toHaveProperty('member')
  expect((await k.api('GET', `${members}?with_member=true`)).body).toMatchObject([{ member: { user: { bot: true } } }])
  expect((await k.api('GET', `${members}/@me?with_member=true`)).body.member.user.bot).toBe(true)
  expect(k.violations()).toEqual([])
})

test('a thread that is no id, and a picture that is none, are refused', async () => {
  const hook = (await k.api('POST', `/channels/${k.channel('general')}/webhooks`, { name: 'v' })).body
  const sent = await k.api('POST', `/webhooks/${hook.id}/${hook.token}?thread_id=here`, { content: 'x' })
  expect(sent.body.errors).toMatchObject({ thread_id: { _errors: [{ code: 'NUMBER_TYPE_COERCE' }] } })
  const emojis = `/applications/${k.sandbox.applicationId}/emojis`
  const image = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`
  expect((await k.api('POST', emojis, { name: 'face', image: image(Buffer.from('words')) })).body.code).toBe(50035)
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  expect((await k.api('POST', emojis, { name: 'face', image: image(png) })).status).toBe(201)
})
