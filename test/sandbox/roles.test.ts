import { afterEach, beforeEach, expect, test } from 'vitest'
import { PERMISSIONS } from '../../src/sandbox/core/permissions.ts'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let roles: string
let heard: string[]
const own = PERMISSIONS.manage_roles | PERMISSIONS.send_messages | PERMISSIONS.view_channel
beforeEach(async () => {
  k = await kit({ permissions: own })
  roles = `/guilds/${k.sandbox.guildId}/roles`
  heard = []
  k.sandbox.world.subscribe(({ t }) => t.startsWith('GUILD_ROLE') && heard.push(t))
})
afterEach(() => k.close())

const make = (wish: object = {}) => k.api('POST', roles, wish)

test('a role is made below the others, changed, given, taken from everything and deleted', async () => {
  const made = await make({
    name: 'Watchers',
    permissions: String(PERMISSIONS.send_messages),
    colors: { primary_color: 7 },
  })
  expect(made).toMatchObject({ status: 200, body: { name: 'Watchers', permissions: '2048', position: 1, color: 7 } })
  expect(heard).toEqual(['GUILD_ROLE_UPDATE', 'GUILD_ROLE_CREATE'])
  const at = `${roles}/${made.body.id}`
  expect((await k.api('PATCH', at, { name: 'Readers', mentionable: true })).body).toMatchObject({
    name: 'Readers',
    mentionable: true,
    permissions: '2048',
  })
  const member = `/guilds/${k.sandbox.guildId}/members/${k.sandbox.world.people.ben}`
  expect((await k.api('PUT', `${member}/roles/${made.body.id}`)).status).toBe(204)
  const overwrite = `/channels/${k.channel('general')}/permissions/${made.body.id}`
  expect((await k.api('PUT', overwrite, { type: 0, deny: '2048' })).status).toBe(204)
  expect((await k.api('GET', `/channels/${k.channel('general')}`)).body.permission_overwrites).toMatchObject([
    { id: made.body.id, type: 0, allow: '0', deny: '2048' },
  ])
  expect((await k.api('DELETE', at)).status).toBe(204)
  expect((await k.api('GET', at)).body.code).toBe(10011)
  expect((await k.api('GET', member)).body.roles).toEqual([])
  expect((await k.api('GET', `/channels/${k.channel('general')}`)).body.permission_overwrites).toEqual([])
  expect(heard.at(-1)).toBe('GUILD_ROLE_DELETE')
  expect(k.violations().map(({ code }) => code)).toEqual([10011])
})

test('one without wishes is a "new role" with what everyone may do', async () => {
  const everyone = k.sandbox.world.roles.get(k.sandbox.guildId)
  expect((await make()).body).toMatchObject({ name: 'new role', permissions: everyone?.permissions, hoist: false })
})

test('only permissions of its own may be granted by the bot, only below its own role', async () => {
  expect((await make({ permissions: String(PERMISSIONS.ban_members) })).body.code).toBe(50013)
  const { body } = await make()
  const botRole = k.sandbox.world.roles.values().find((role) => role.managed)
  expect((await k.api('PATCH', `${roles}/${botRole?.id}`, { name: 'x' })).body.code).toBe(50013)
  expect((await k.api('PATCH', roles, [{ id: body.id, position: 9 }])).body.code).toBe(50013)
  expect((await k.api('PATCH', roles, [{ id: body.id, position: 1 }])).body).toHaveLength(3)
  expect((await k.api('DELETE', `${roles}/${k.sandbox.guildId}`)).body.code).toBe(50028)
  k.sandbox.world.limits.roles = 3
  expect((await make()).body.code).toBe(30005)
})

test.each<[string, object, number]>([
  ['a name of 101 characters', { name: 'x'.repeat(101) }, 50035],
  ['a colour beyond white', { color: 0x1000000 }, 50035],
  ['permissions that are none', { permissions: 'all' }, 50035],
  ['an icon, which boosts bring', { unicode_emoji: '🚪' }, 50101],
  ['two colours, which boosts bring', { colors: { primary_color: 1, secondary_color: 2 } }, 50101],
])('a role is refused for %s', async (_, wish, code) => {
  expect((await make(wish)).body.code).toBe(code)
})

test('without the permission to manage roles nothing of this is possible', async () => {
  await k.door('POST', '/sandbox/faults', { faults: [{ kind: 'permission_withdrawn', permission: 'manage_roles' }] })
  expect((await make()).body.code).toBe(50013)
  expect((await k.api('PATCH', roles, [])).body.code).toBe(50013)
})
