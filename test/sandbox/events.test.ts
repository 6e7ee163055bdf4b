import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Dispatch, INTENTS } from '../../src/sandbox/core/events.ts'
import { ALL_PERMISSIONS, PERMISSIONS } from '../../src/sandbox/core/permissions.ts'
import { joinThread } from '../../src/sandbox/core/thread-members.ts'
import { standaloneThread } from '../../src/sandbox/core/thread-start.ts'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let told: Dispatch[]
beforeEach(async () => {
  k = await kit({ permissions: ALL_PERMISSIONS & ~PERMISSIONS.administrator & ~PERMISSIONS.manage_threads })
  told = []
  k.sandbox.world.subscribe((dispatch) => dispatch.to_bot && told.push(dispatch))
})
afterEach(() => k.close())

const named = (t: string) => told.filter((dispatch) => dispatch.t === t)
const strike = (fault: object) => k.door('POST', '/sandbox/faults', { faults: [{ route: '*', ...fault }] })

test('an ephemeral answer is told to the bot as a direct message is', async () => {
  const app = k.sandbox.applicationId
  await k.api('PUT', `/applications/${app}/commands`, [{ name: 'hush', description: 'd' }])
  k.onInteraction(() => ({ type: 4, data: { content: 'psst', flags: 64 } }))
  await k.door('POST', '/sandbox/commands', { text: '/hush', channel: 'general', user: 'ben' })
  const [made] = named('MESSAGE_CREATE')
  expect(made).toMatchObject({ intents: INTENTS.direct_messages, d: { content: 'psst', flags: 64 } })
  expect(made?.d).not.toHaveProperty('guild_id')
  expect(made?.d).not.toHaveProperty('member')
})

describe('a channel that is lost and found', () => {
  test('is told by CHANNEL_UPDATE, and its threads are synced', async () => {
    const target = k.channel('general')
    const thread = (await k.api('POST', `/channels/${target}/threads`, { name: 't', type: 11 })).body
    told = []
    await strike({ kind: 'permission_withdrawn', permission: 'view_channel', target })
    expect(told.map((dispatch) => dispatch.t)).toEqual(['CHANNEL_UPDATE'])
    await strike({ kind: 'permission_granted', permission: 'view_channel', target })
    expect(told.map((dispatch) => dispatch.t)).toEqual(['CHANNEL_UPDATE', 'CHANNEL_UPDATE', 'THREAD_LIST_SYNC'])
    expect(told.at(-1)?.d).toMatchObject({
      guild_id: k.sandbox.guildId,
      channel_ids: [target],
      threads: [{ id: thread.id }],
      members: [{ id: thread.id, user_id: k.sandbox.applicationId }],
    })
  })

  test('or by GUILD_ROLE_UPDATE where the role changed', async () => {
    await strike({ kind: 'permission_withdrawn', permission: 'view_channel' })
    told = []
    await strike({ kind: 'permission_granted', permission: 'view_channel' })
    expect(told.map((dispatch) => dispatch.t)).toEqual(['GUILD_ROLE_UPDATE', 'THREAD_LIST_SYNC'])
    expect(told[1]?.d.channel_ids).toHaveLength(k.sandbox.world.guildChannels().length)
  })
})

test('who is added to a private thread is shown it', () => {
  const { world, applicationId } = k.sandbox
  const ada = world.members.get(world.people.ada ?? '')
  const parent = world.guildChannels().find((c) => c.name === 'general')
  if (!ada || !parent) throw new Error('an empty world')
  const thread = world.transaction(() => standaloneThread(world, ada.user, parent, { name: 'secret', type: 12 }))
  expect(named('THREAD_CREATE')).toEqual([])
  world.transaction(() => joinThread(world, thread.id, applicationId))
  const [shown] = named('THREAD_CREATE')
  expect(shown?.d).toMatchObject({ id: thread.id, member: { user_id: applicationId } })
  expect(shown?.d).not.toHaveProperty('newly_created')
})

test('pinning is told, and pins are listed by the time they were pinned', async () => {
  const here = `/channels/${k.channel('general')}/messages`
  const ids: string[] = []
  for (const content of ['a', 'b', 'c']) ids.push((await k.api('POST', here, { content })).body.id)
  for (const at of [1, 0, 2]) {
    expect((await k.api('PUT', `${here}/pins/${ids[at]}`)).status).toBe(204)
    k.pass(1000)
  }
  expect(named('CHANNEL_PINS_UPDATE')).toHaveLength(3)
  const { body } = await k.api('GET', `${here}/pins?limit=2`)
  expect(body.items.map((pin: { message: { content: string } }) => pin.message.content)).toEqual(['c', 'a'])
  expect(body.has_more).toBe(true)
  expect(named('CHANNEL_PINS_UPDATE').at(-1)?.d.last_pin_timestamp).toBe(body.items[0].pinned_at)
  const rest = await k.api('GET', `${here}/pins?before=${encodeURIComponent(body.items[1].pinned_at)}`)
  expect(rest.body).toMatchObject({ items: [{ message: { content: 'b' } }], has_more: false })
  expect((await k.api('DELETE', `${here}/pins/${ids[2]}`)).status).toBe(204)
  expect((await k.api('GET', `/channels/${k.channel('general')}/pins`)).body).toHaveLength(2)
  expect((await k.api('GET', `${here}/pins?before=yesterday`)).body.code).toBe(50035)
  expect(k.violations()).toHaveLength(1)
})
