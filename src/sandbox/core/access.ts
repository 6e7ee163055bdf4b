/** What one user may do in one place, or the refusal Discord gives. */
import { refuse } from './errors.ts'
import {
  ALL_PERMISSIONS,
  basePermissions,
  channelPermissions,
  PERMISSIONS,
  type Permission,
  type Standing,
} from './permissions.ts'
import { type Channel, type GuildChannel, isDirect, isThread, type Role, type Thread } from './shapes.ts'
import type { World } from './world.ts'

/** @returns undefined when the user is no member of the server */
function standing(world: World, userId: string): Standing | undefined {
  const member = world.members.get(userId)
  const everyone = world.roles.get(world.guild.id)
  if (!member || !everyone) return undefined
  const roles = member.roles.map((id) => world.roles.get(id)).filter((role): role is Role => role !== undefined)
  return { owner: world.guild.owner_id === userId, everyone, roles, member }
}

export function guildPermissions(world: World, userId: string): bigint {
  const stands = standing(world, userId)
  return stands ? basePermissions(stands) : 0n
}

/** In a thread the parent's permissions hold. https://docs.discord.com/developers/topics/threads#permissions */
export function permissionsIn(world: World, userId: string, channel: Channel): bigint {
  if (isDirect(channel))
    return channel.recipients.some((r) => r.id === userId) || userId === world.bot.id ? ALL_PERMISSIONS : 0n
  const stands = standing(world, userId)
  const place = placeOf(world, channel)
  if (!stands || !place) return 0n
  const bits = channelPermissions(stands, place, isThread(channel))
  if (isThread(channel) && channel.type === 12) {
    const inside = world.threadMembers.get(`${channel.id}:${userId}`) !== undefined
    return inside || bits & PERMISSIONS.manage_threads ? bits : 0n
  }
  return bits
}

/** The server channel that permissions are set on: a thread's parent, else itself. */
export function placeOf(world: World, channel: GuildChannel | Thread): GuildChannel | undefined {
  if (!isThread(channel)) return channel
  const parent = world.channels.get(channel.parent_id)
  return parent && !isThread(parent) && !isDirect(parent) ? parent : undefined
}

export function may(world: World, userId: string, channel: Channel, ...names: Permission[]): boolean {
  const bits = permissionsIn(world, userId, channel)
  return names.every((name) => bits & PERMISSIONS[name])
}

/** Throws 50001 where the channel is not even visible, 50013 where a permission is missing. */
export function need(world: World, userId: string, channel: Channel, ...names: Permission[]): void {
  const bits = permissionsIn(world, userId, channel)
  if (!(bits & PERMISSIONS.view_channel)) throw refuse(50001)
  for (const name of names) if (!(bits & PERMISSIONS[name])) throw refuse(50013)
}

/** Throws 50001 for a guild the user is not in, 50013 for a missing server-wide permission. */
export function needInGuild(world: World, userId: string, guildId: string, ...names: Permission[]): void {
  if (guildId !== world.guild.id) throw refuse(10004)
  if (!world.members.get(userId)) throw refuse(50001)
  const bits = guildPermissions(world, userId)
  for (const name of names) if (!(bits & PERMISSIONS[name])) throw refuse(50013)
}

/** Throws 10003. */
export function channelOf(world: World, id: string): Channel {
  const channel = world.channels.get(id)
  if (!channel) throw refuse(10003)
  return channel
}

/** The same for server channels: 10003 when unknown, 50024 for threads and direct channels. */
export function guildChannelOf(world: World, id: string): GuildChannel {
  const channel = channelOf(world, id)
  if (isThread(channel) || isDirect(channel)) throw refuse(50024)
  return channel
}

/** 10003, or 50024 when it is no thread. */
export function threadOf(world: World, id: string): Thread {
  const channel = channelOf(world, id)
  if (!isThread(channel)) throw refuse(50024)
  return channel
}

/** A user's highest role's position; the owner stands above all. https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
export function rank(world: World, userId: string): number {
  const stands = standing(world, userId)
  if (!stands) return -1
  return stands.owner ? Number.POSITIVE_INFINITY : Math.max(0, ...stands.roles.map((role) => role.position))
}
