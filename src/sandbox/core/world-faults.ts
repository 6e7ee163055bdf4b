/** Things that happen to a server while a bot is at work, on demand. */
import { channelOf, guildChannelOf, threadOf } from './access.ts'
import { deleteChannel, putOverwrites } from './channels.ts'
import { invalidForm, Refusal } from './errors.ts'
import { INTENTS } from './events.ts'
import type { Fault } from './faults.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { putRole } from './roles.ts'
import { makeToken } from './seed.ts'
import { isThread } from './shapes.ts'
import { changeThread, deleteThread } from './threads.ts'
import { deleteWebhook, webhookOf } from './webhooks.ts'
import type { World } from './world.ts'

/** Lets a world fault strike whose route a request matches, before it is looked at; the request names what they hit. */
export function strikeOn(
  world: World,
  what: string,
  params: Record<string, string>,
  query: Record<string, string>,
): void {
  const fault = world.faults.take('world', what)
  if (!fault) return
  const target = fault.target ?? targetOf(world, fault, params, query)
  try {
    world.transaction(() => strikeWorld(world, { ...fault, ...(target ? { target } : {}) }))
  } catch (error) {
    // What the request names is gone already, or of another kind: nothing is left to strike.
    if (!(error instanceof Refusal)) throw error
  }
}

function targetOf(
  world: World,
  fault: Fault,
  params: Record<string, string>,
  query: Record<string, string>,
): string | undefined {
  const place = query.thread_id ?? params.channel_id ?? world.webhooks.get(params.webhook_id ?? '')?.channel_id
  if (fault.kind === 'webhook_deleted') return params.webhook_id
  if (fault.kind !== 'channel_deleted') return fault.kind.startsWith('thread_') ? place : undefined
  const channel = world.channels.get(place ?? '')
  return channel && isThread(channel) ? channel.parent_id : place
}

/** Throws a Refusal for a target that does not exist. */
export function strikeWorld(world: World, fault: Fault): void {
  const target = fault.target ?? ''
  switch (fault.kind) {
    case 'thread_deleted':
      deleteThread(world, threadOf(world, target))
      return
    case 'thread_locked':
      changeThread(world, threadOf(world, target), { locked: true })
      return
    case 'thread_archived':
      changeThread(world, threadOf(world, target), { archived: true })
      return
    case 'channel_deleted':
      deleteChannel(world, guildChannelOf(world, channelOf(world, target).id))
      return
    case 'webhook_deleted':
      deleteWebhook(world, webhookOf(world, target))
      return
    case 'permission_withdrawn':
      withdraw(world, (fault.permission ?? 'send_messages').toLowerCase() as Permission, fault.target)
      return
    case 'permission_granted':
      grant(world, (fault.permission ?? 'send_messages').toLowerCase() as Permission, fault.target)
      return
    case 'membership_withdrawn':
      removeBot(world)
      return
    case 'token_revoked':
      world.amend({ application: { ...world.application, token: makeToken(world.bot.id) } })
      world.dispatch({ t: 'SANDBOX_TOKEN_REVOKED', d: {}, intents: 0, to_bot: false })
      return
    default:
      return
  }
}

/** Takes a permission from the bot: in one channel, or from every role it has, everyone's included. Throws 50035 for an unknown name. */
function withdraw(world: World, permission: Permission, channelId: string | undefined): void {
  const bit = bitOf(permission)
  if (channelId !== undefined) {
    const channel = guildChannelOf(world, channelId)
    const others = channel.permission_overwrites.filter((o) => o.id !== world.bot.id)
    const before = channel.permission_overwrites.find((o) => o.id === world.bot.id)
    const deny = String(BigInt(before?.deny ?? 0) | bit)
    putOverwrites(world, channel, [
      ...others,
      { id: world.bot.id, type: 1, allow: String(BigInt(before?.allow ?? 0) & ~bit), deny },
    ])
    return
  }
  const held = new Set([world.guild.id, ...(world.members.get(world.bot.id)?.roles ?? [])])
  for (const role of world.roles.values()) {
    if (!held.has(role.id)) continue
    putRole(world, { ...role, permissions: String(BigInt(role.permissions) & ~bit) })
  }
}

/** Gives the bot a permission (back): in one channel, or by its own role. Throws 50035 for an unknown name. */
function grant(world: World, permission: Permission, channelId: string | undefined): void {
  const bit = bitOf(permission)
  if (channelId !== undefined) {
    const channel = guildChannelOf(world, channelId)
    const others = channel.permission_overwrites.filter((o) => o.id !== world.bot.id)
    const before = channel.permission_overwrites.find((o) => o.id === world.bot.id)
    const allow = String(BigInt(before?.allow ?? 0) | bit)
    putOverwrites(world, channel, [
      ...others,
      { id: world.bot.id, type: 1, allow, deny: String(BigInt(before?.deny ?? 0) & ~bit) },
    ])
    return
  }
  const own = world.roles.values().find((role) => role.tags?.bot_id === world.bot.id)
  if (own) putRole(world, { ...own, permissions: String(BigInt(own.permissions) | bit) })
}

function bitOf(permission: Permission): bigint {
  if (!Object.hasOwn(PERMISSIONS, permission))
    throw invalidForm('permission', 'BASE_TYPE_CHOICES', `One of ${Object.keys(PERMISSIONS).join(', ')}`)
  return PERMISSIONS[permission]
}

/** The bot is kicked. https://docs.discord.com/developers/events/gateway-events#guild-delete */
function removeBot(world: World): void {
  world.members.remove(world.bot.id)
  world.dispatch({
    t: 'GUILD_DELETE',
    d: { id: world.guild.id },
    guild_id: world.guild.id,
    intents: INTENTS.guilds,
    to_bot: true,
  })
}
