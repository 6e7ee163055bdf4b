/** Server channels: made, changed, deleted, and who may do what in them. https://docs.discord.com/developers/resources/channel */
import { may, need, needInGuild } from './access.ts'
import { checkChannel } from './channel-rules.ts'
import { invalidForm, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { needBelow, needOwnBits, type OverwriteWish, readOverwrite, readOverwrites } from './overwrites.ts'
import { makeChannel } from './seed.ts'
import type { ForumTag, GuildChannel, Overwrite } from './shapes.ts'
import { deleteThread, forgetMessages, noteRename } from './threads.ts'
import { syncingThreads } from './visibility.ts'
import type { World } from './world.ts'

export interface ChannelWish {
  name?: string
  type?: number | null
  topic?: string | null
  position?: number | null
  parent_id?: string | null
  nsfw?: boolean | null
  rate_limit_per_user?: number | null
  permission_overwrites?: OverwriteWish[] | null
  default_auto_archive_duration?: number | null
  default_thread_rate_limit_per_user?: number | null
  available_tags?: Partial<ForumTag>[] | null
  flags?: number | null
}

/** Most channels a server may have: 30013. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const MOST = 500

export function createChannel(world: World, userId: string, guildId: string, wish: ChannelWish): GuildChannel {
  needInGuild(world, userId, guildId, 'manage_channels')
  if (world.guildChannels().length >= MOST) throw refuse(30013)
  const type = wish.type ?? 0
  if (type !== 0 && type !== 4 && type !== 5 && type !== 15) {
    throw invalidForm(
      'type',
      'SANDBOX_NOT_CARRIED',
      'The sandbox carries text, announcement, forum and category channels',
    )
  }
  const made = makeChannel(
    world.newId(),
    guildId,
    type,
    wish.name ?? 'channel',
    wish.position ?? world.guildChannels().length,
  )
  const channel = lay(world, made, wish)
  needOwnBits(world, userId, [], channel.permission_overwrites)
  world.channels.put(channel.id, channel)
  tellChannel(world, 'CHANNEL_CREATE', channel)
  return channel
}

export function editChannel(world: World, userId: string, channel: GuildChannel, wish: ChannelWish): GuildChannel {
  need(world, userId, channel, 'manage_channels')
  if (wish.permission_overwrites) need(world, userId, channel, 'manage_roles')
  const renamed = wish.name !== undefined && wish.name !== channel.name
  if (renamed || (wish.topic !== undefined && (wish.topic ?? null) !== channel.topic)) noteRename(world, channel.id)
  const edited = lay(world, channel, wish)
  if (wish.permission_overwrites) {
    needOwnBits(world, userId, channel.permission_overwrites, edited.permission_overwrites)
    needBelow(world, userId, channel, edited.permission_overwrites)
  }
  putChanged(world, edited)
  return edited
}

/** Text channels are slugs: lower case, dashes. */
const slug = (name: string) => name.trim().toLowerCase().replace(/\s+/g, '-')

/** REQUIRE_TAG, of forums alone. https://docs.discord.com/developers/resources/channel#channel-object-channel-flags */
const REQUIRE_TAG = 1 << 4

function settable(channel: GuildChannel, flags: number): number {
  if (flags & REQUIRE_TAG && channel.type !== 15)
    throw invalidForm('flags', 'CHANNEL_FLAGS_INVALID', 'REQUIRE_TAG can only be set for forum channels')
  return flags & REQUIRE_TAG
}

function lay(world: World, channel: GuildChannel, wish: ChannelWish): GuildChannel {
  checkChannel(world, channel, wish)
  const name = wish.name === undefined ? channel.name : channel.type === 4 ? wish.name : slug(wish.name)
  return {
    ...channel,
    name,
    ...(wish.topic === undefined ? {} : { topic: wish.topic }),
    ...(typeof wish.position === 'number' ? { position: wish.position } : {}),
    ...(wish.parent_id === undefined ? {} : { parent_id: wish.parent_id }),
    ...(typeof wish.nsfw === 'boolean' ? { nsfw: wish.nsfw } : {}),
    ...(typeof wish.rate_limit_per_user === 'number' ? { rate_limit_per_user: wish.rate_limit_per_user } : {}),
    ...(typeof wish.flags === 'number' ? { flags: settable(channel, wish.flags) } : {}),
    ...(typeof wish.default_auto_archive_duration === 'number'
      ? { default_auto_archive_duration: wish.default_auto_archive_duration }
      : {}),
    ...(typeof wish.default_thread_rate_limit_per_user === 'number'
      ? { default_thread_rate_limit_per_user: wish.default_thread_rate_limit_per_user }
      : {}),
    ...(wish.permission_overwrites ? { permission_overwrites: readOverwrites(world, wish.permission_overwrites) } : {}),
    ...(wish.available_tags
      ? {
          available_tags: wish.available_tags.map((tag) => ({
            id: tag.id ?? world.newId(),
            name: tag.name ?? '',
            moderated: tag.moderated ?? false,
            emoji_id: tag.emoji_id ?? null,
            emoji_name: tag.emoji_name ?? null,
          })),
        }
      : {}),
  }
}

/** https://docs.discord.com/developers/resources/channel#edit-channel-permissions: only bits one has oneself may be set */
export function setOverwrite(world: World, userId: string, channel: GuildChannel, wish: OverwriteWish): void {
  need(world, userId, channel, 'manage_roles')
  const set = readOverwrite(world, wish)
  needOwnBits(world, userId, channel.permission_overwrites, [set])
  needBelow(world, userId, channel, [set])
  const others = channel.permission_overwrites.filter((o) => o.id !== set.id)
  putOverwrites(world, channel, [...others, set])
}

export function removeOverwrite(world: World, userId: string, channel: GuildChannel, id: string): void {
  need(world, userId, channel, 'manage_roles')
  if (!channel.permission_overwrites.some((o) => o.id === id)) throw refuse(10009)
  putOverwrites(
    world,
    channel,
    channel.permission_overwrites.filter((o) => o.id !== id),
  )
}

export function putOverwrites(world: World, channel: GuildChannel, overwrites: Overwrite[]): void {
  putChanged(world, { ...channel, permission_overwrites: overwrites })
}

/** The bot hears also of the change by which it begins or ceases to see a channel. https://docs.discord.com/developers/topics/threads#losing-access-to-channels */
function putChanged(world: World, changed: GuildChannel): void {
  const known = world.channels.get(changed.id)
  const before = known !== undefined && may(world, world.bot.id, known, 'view_channel')
  syncingThreads(world, () => {
    world.channels.put(changed.id, changed)
    tellChannel(world, 'CHANNEL_UPDATE', changed, before || may(world, world.bot.id, changed, 'view_channel'))
  })
}

/** Deletes a channel with its threads, webhooks and messages. */
export function deleteChannel(world: World, channel: GuildChannel): void {
  for (const thread of world.threads()) if (thread.parent_id === channel.id) deleteThread(world, thread)
  for (const webhook of world.webhooks.values())
    if (webhook.channel_id === channel.id) world.webhooks.remove(webhook.id)
  const visible = may(world, world.bot.id, channel, 'view_channel')
  forgetMessages(world, channel.id)
  world.channels.remove(channel.id)
  tellChannel(world, 'CHANNEL_DELETE', channel, visible)
}

function tellChannel(world: World, t: string, channel: GuildChannel, visible?: boolean): void {
  world.dispatch({
    t,
    d: { ...channel },
    guild_id: channel.guild_id,
    intents: INTENTS.guilds,
    to_bot: visible ?? may(world, world.bot.id, channel, 'view_channel'),
  })
}
