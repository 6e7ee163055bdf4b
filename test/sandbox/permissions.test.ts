import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PERMISSIONS as P } from '../../src/sandbox/core/permissions.ts'
import { type Kit, kit } from './rest-kit.ts'

const BOT =
  P.view_channel |
  P.send_messages |
  P.send_messages_in_threads |
  P.create_public_threads |
  P.manage_channels |
  P.manage_roles |
  P.attach_files |
  P.embed_links |
  P.read_message_history

let k: Kit
const start = async (permissions = BOT) => {
  k = await kit({ permissions })
}
beforeEach(() => start())
afterEach(() => k.close())

/** lays an overwrite for the bot over a channel, past the rules of the API */
function lay(name: string, allow: bigint, deny: bigint): void {
  const { world, applicationId } = k.sandbox
  const channel = world.guildChannels().find((c) => c.name === name)
  if (!channel) throw new Error(`no channel ${name}`)
  world.channels.put(channel.id, {
    ...channel,
    permission_overwrites: [{ id: applicationId, type: 1, allow: String(allow), deny: String(deny) }],
  })
}

const text = (payload: object, name = 'a.txt') => {
  const data = new FormData()
  data.set('payload_json', JSON.stringify(payload))
  data.set('files[0]', new Blob(['hello'], { type: 'text/plain' }), name)
  return data
}

describe('overwrites', () => {
  const create = (permission_overwrites: object[]) =>
    k.api('POST', `/guilds/${k.sandbox.guildId}/channels`, { name: 'made', permission_overwrites })
  const change = (permission_overwrites: object[]) =>
    k.api('PATCH', `/channels/${k.channel('general')}`, { permission_overwrites })
  const everyone = () => k.sandbox.guildId

  test('take bits as strings, in a new channel and in a changed one', async () => {
    for (const ask of [create, change]) {
      const { status, body } = await ask([{ id: everyone(), type: 0, allow: '1024', deny: 2048 }])
      expect([status < 300, body.permission_overwrites]).toEqual([
        true,
        [{ id: everyone(), type: 0, allow: '1024', deny: '2048' }],
      ])
    }
    expect(k.violations()).toEqual([])
  })

  test.each([-1, 1.5, 1e20, '-1', '1.5', 'NaN', '', '99999999999999999999'])('refuse %j as bits', async (allow) => {
    const put = (id: string) => k.api('PUT', `/channels/${k.channel('general')}/permissions/${id}`, { type: 0, allow })
    for (const answer of [
      await create([{ id: everyone(), type: 0, allow }]),
      await change([{ id: everyone(), type: 0, allow }]),
      await put(everyone()),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 50035])
    }
  })

  test('refuse bits that the bot lacks, but leave what is there alone', async () => {
    const kick = { id: everyone(), type: 0, allow: String(P.kick_members) }
    for (const ask of [create, change]) expect((await ask([kick])).body.code).toBe(50013)
    const manage = { id: everyone(), type: 0, allow: String(P.manage_roles) }
    for (const ask of [create, change]) expect((await ask([manage])).body.code).toBe(50013)
    const { world, applicationId } = k.sandbox
    lay('general', P.kick_members, 0n)
    expect((await change([{ id: applicationId, type: 1, allow: String(P.kick_members) }])).status).toBe(200)
    expect(world.guildChannels().find((c) => c.name === 'general')?.permission_overwrites).toHaveLength(1)
  })

  test('refuse roles and members that are not there, and a missing type', async () => {
    for (const ask of [create, change]) {
      expect((await ask([{ id: '1', type: 0 }])).body.code).toBe(10011)
      expect((await ask([{ id: '1', type: 1 }])).body.code).toBe(10013)
    }
    const put = await k.api('PUT', `/channels/${k.channel('general')}/permissions/${everyone()}`, { allow: '0' })
    expect(put.body.errors).toMatchObject({ type: { _errors: [{}] } })
  })
})

describe('files, embeds and speech', () => {
  test('need their permissions in forum posts too', async () => {
    lay('archive', 0n, P.attach_files | P.embed_links)
    const post = (message: object) => k.api('POST', `/channels/${k.channel('archive')}/threads`, { name: 'p', message })
    expect((await post({ content: 'x', embeds: [{ title: 't' }] })).body.code).toBe(50013)
    expect((await post({ content: 'x', tts: true })).body.code).toBe(50013)
    const file = await k.api(
      'POST',
      `/channels/${k.channel('archive')}/threads`,
      text({ name: 'p', message: { content: 'x' } }),
    )
    expect(file.body.code).toBe(50013)
    expect((await post({ content: 'x' })).status).toBe(201)
  })

  test('need them when an edit adds them', async () => {
    const { body } = await k.api('POST', `/channels/${k.channel('general')}/messages`, { content: 'x' })
    const at = `/channels/${k.channel('general')}/messages/${body.id}`
    lay('general', 0n, P.attach_files | P.embed_links)
    expect((await k.api('PATCH', at, { embeds: [{ title: 't' }] })).body.code).toBe(50013)
    expect((await k.api('PATCH', at, text({ content: 'y' }))).body.code).toBe(50013)
    expect((await k.api('PATCH', at, { content: 'y', embeds: [] })).status).toBe(200)
  })
})

describe('in a thread', () => {
  const open = async () =>
    (await k.api('POST', `/channels/${k.channel('general')}/threads`, { name: 't', type: 11 })).body

  test('files need SEND_MESSAGES_IN_THREADS, whatever the parent says of SEND_MESSAGES', async () => {
    const thread = await open()
    lay('general', 0n, P.send_messages)
    expect((await k.api('POST', `/channels/${thread.id}/messages`, text({ content: 'x' }))).status).toBe(200)
    lay('general', 0n, P.send_messages_in_threads)
    expect((await k.api('POST', `/channels/${thread.id}/messages`, { content: 'x' })).body.code).toBe(50013)
  })

  test('its maker changes nothing of it once it is locked', async () => {
    const thread = await open()
    await k.door('POST', '/sandbox/faults', {
      faults: [{ route: '*', kind: 'thread_locked', target: thread.id }],
    })
    const locked = await k.api('GET', `/channels/${thread.id}`)
    expect(locked.body.thread_metadata).toMatchObject({ locked: true, archived: false })
    for (const change of [{ name: 'n' }, { auto_archive_duration: 60 }, { applied_tags: [] }]) {
      expect((await k.api('PATCH', `/channels/${thread.id}`, change)).body.code).toBe(160005)
    }
  })

  test('writing into an archived one needs room among the active ones', async () => {
    const thread = await open()
    await k.api('PATCH', `/channels/${thread.id}`, { archived: true })
    k.sandbox.world.limits.activeThreads = 0
    const at = `/channels/${thread.id}/messages`
    expect((await k.api('POST', at, { content: 'x' })).body.code).toBe(160006)
    k.sandbox.world.limits.activeThreads = 1
    expect((await k.api('POST', at, { content: 'x' })).status).toBe(200)
  })
})
