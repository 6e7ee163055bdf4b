/** Things that happen to a server while a bot is at work, on demand. They strike at once. */
import { channelOf, guildChannelOf, threadOf } from './access.ts'
import { deleteChannel } from './channels.ts'
import { INTENTS } from './events.ts'
import type { Fault } from './faults.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { makeToken } from './seed.ts'
import { changeThread, deleteThread } from './threads.ts'
import { deleteWebhook, webhookOf } from './webhooks.ts'
import type { World } from './world.ts'

/** Throws a Refusal for a target that does not exist. */
export function strikeWorld(world: World, fault: Fault): void {
  const target = fault.target ?? ''
  switch (fault.kind) {
    case 'thread_deleted':
      deleteThread(world, threadOf(world, target))
      return
    case 'thread_locked':
      changeThread(world, threadOf(world, target), { locked: true, archived: true })
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
      withdraw(world, (fault.permission ?? 'send_messages').toLowerCase() as Permission)
      return
    case 'membership_withdrawn':
      removeBot(world)
      return
    case 'token_revoked':
      world.amend({ application: { ...world.application, token: makeToken(world.bot.id) } })
      return
    default:
      return
  }
}

/** Takes a permission from every role that the bot has, everyone's included. */
function withdraw(world: World, permission: Permission): void {
  const bit = PERMISSIONS[permission]
  const held = new Set([world.guild.id, ...(world.members.get(world.bot.id)?.roles ?? [])])
  for (const role of world.roles.values()) {
    if (!held.has(role.id)) continue
    const changed = { ...role, permissions: String(BigInt(role.permissions) & ~bit) }
    world.roles.put(role.id, changed)
    world.dispatch({
      t: 'GUILD_ROLE_UPDATE',
      d: { guild_id: world.guild.id, role: changed },
      guild_id: world.guild.id,
      intents: INTENTS.guilds,
      to_bot: true,
    })
  }
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
