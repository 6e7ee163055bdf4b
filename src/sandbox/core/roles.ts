/** Roles made, changed, sorted and deleted. https://docs.discord.com/developers/resources/guild#create-guild-role */
import { guildPermissions, needInGuild, rank } from './access.ts'
import { putOverwrites } from './channels.ts'
import { invalidForm, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { readBits } from './overwrites.ts'
import { PERMISSIONS } from './permissions.ts'
import { makeRole } from './seed.ts'
import type { Role } from './shapes.ts'
import { syncingThreads } from './visibility.ts'
import type { World } from './world.ts'

/** As it is asked for, after its schema; what is absent or null keeps its default, or what it was. */
export interface RoleWish {
  name?: string | null
  permissions?: string | number | null
  color?: number | null
  colors?: { primary_color?: number | null; secondary_color?: number | null; tertiary_color?: number | null } | null
  hoist?: boolean | null
  mentionable?: boolean | null
  icon?: string | null
  unicode_emoji?: string | null
}

/** Throws 10011. */
export function roleOf(world: World, id: string): Role {
  const role = world.roles.get(id)
  if (!role) throw refuse(10011)
  return role
}

/** A new role stands just above @everyone; the others move up. Throws 50013, 30005, 50101. */
export function createRole(world: World, userId: string, wish: RoleWish): Role {
  needInGuild(world, userId, world.guild.id, 'manage_roles')
  if (world.roles.size >= world.limits.roles) throw refuse(30005)
  const everyone = roleOf(world, world.guild.id)
  const role = changed(world, userId, makeRole(world.newId(), 'new role', BigInt(everyone.permissions), 1), wish)
  for (const other of world.roles.values())
    if (other.position >= 1) putRole(world, { ...other, position: other.position + 1 })
  world.roles.put(role.id, role)
  tellRole(world, 'GUILD_ROLE_CREATE', { role })
  return role
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-role Throws 50013, 50101. */
export function editRole(world: World, userId: string, role: Role, wish: RoleWish): Role {
  needBelow(world, userId, role)
  const edited = changed(world, userId, role, wish)
  putRole(world, edited)
  return edited
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-role-positions Throws 10011, 50013. */
export function sortRoles(world: World, userId: string, wishes: { id?: string | null; position?: number | null }[]) {
  needInGuild(world, userId, world.guild.id, 'manage_roles')
  const highest = rank(world, userId)
  for (const { id, position } of wishes) {
    const role = roleOf(world, id ?? '')
    needBelow(world, userId, role)
    if (position === undefined || position === null) continue
    if (role.id === world.guild.id || position < 1 || position >= highest) throw refuse(50013)
    putRole(world, { ...role, position })
  }
  return world.roles.values()
}

/** Takes a role from everyone and every channel. https://docs.discord.com/developers/resources/guild#delete-guild-role Throws 50013, 50028. */
export function deleteRole(world: World, userId: string, role: Role): void {
  needBelow(world, userId, role)
  if (role.id === world.guild.id || role.managed) throw refuse(50028)
  syncingThreads(world, () => {
    world.roles.remove(role.id)
    for (const member of world.members.values()) {
      if (!member.roles.includes(role.id)) continue
      world.members.put(member.user.id, { ...member, roles: member.roles.filter((id) => id !== role.id) })
    }
    for (const channel of world.guildChannels()) {
      const left = channel.permission_overwrites.filter((overwrite) => overwrite.id !== role.id)
      if (left.length < channel.permission_overwrites.length) putOverwrites(world, channel, left)
    }
    tellRole(world, 'GUILD_ROLE_DELETE', { role_id: role.id })
  })
}

export function putRole(world: World, role: Role): void {
  syncingThreads(world, () => {
    world.roles.put(role.id, role)
    tellRole(world, 'GUILD_ROLE_UPDATE', { role })
  })
}

/** Only roles below one's highest are in reach. https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
function needBelow(world: World, userId: string, role: Role): void {
  needInGuild(world, userId, world.guild.id, 'manage_roles')
  if (role.position >= rank(world, userId)) throw refuse(50013)
}

/** Lays a wish over a role: only permissions that one has oneself may be granted, and this server lacks what boosts would bring. */
function changed(world: World, userId: string, role: Role, wish: RoleWish): Role {
  // https://docs.discord.com/developers/topics/permissions#role-object: ROLE_ICONS and ENHANCED_ROLE_COLORS are features of a server
  if (wish.icon || wish.unicode_emoji || wish.colors?.secondary_color || wish.colors?.tertiary_color)
    throw refuse(50101)
  const color = wish.colors?.primary_color ?? wish.color ?? role.color
  if (!Number.isInteger(color)) throw invalidForm('color', 'NUMBER_TYPE_COERCE', `Value "${color}" is not int.`)
  const permissions = wish.permissions ?? undefined
  const bits = permissions === undefined ? role.permissions : readBits(permissions, 'permissions')
  const own = guildPermissions(world, userId)
  const granted = permissions === undefined ? 0n : BigInt(bits) & ~BigInt(role.permissions)
  if (!(own & PERMISSIONS.administrator) && granted & ~own) throw refuse(50013)
  return {
    ...role,
    name: wish.name ?? role.name,
    permissions: bits,
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: wish.hoist ?? role.hoist,
    mentionable: wish.mentionable ?? role.mentionable,
  }
}

function tellRole(world: World, t: string, d: Record<string, unknown>): void {
  const guild_id = world.guild.id
  world.dispatch({ t, d: { guild_id, ...d }, guild_id, intents: INTENTS.guilds, to_bot: true })
}
