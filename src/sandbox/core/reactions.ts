/** Reactions and typing. https://docs.discord.com/developers/resources/message#create-reaction */
import { channelOf, may, need } from './access.ts'
import { isEmoji } from './emoji-text.ts'
import { Refusal, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { needWritable } from './messages.ts'
import { isDirect, isThread, type Message, type User } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import type { World } from './world.ts'

interface Reaction {
  emoji: { id: string | null; name: string }
  count: number
  count_details: { burst: number; normal: number }
  burst_colors: string[]
  me_burst: boolean
  me: boolean
  /** not shown: who reacted */
  users: string[]
}

const MOST = 20

/** A 400 here, a 404 where an emoji itself is asked for. https://github.com/discord/discord-api-docs/issues/864 */
const unknownEmoji = () => new Refusal(400, 10014, 'Unknown Emoji')

/** `name:id` of an emoji of the application, or the character itself. Throws 10014. */
function emojiFrom(world: World, text: string): Reaction['emoji'] {
  const custom = /^(?:a:)?(\w+):(\d+)$/.exec(text)
  if (custom) {
    const emoji = world.emojis.get(custom[2] ?? '')
    if (!emoji) throw unknownEmoji()
    return { id: emoji.id, name: emoji.name }
  }
  if (!isEmoji(text)) throw unknownEmoji()
  return { id: null, name: text }
}

const reactionsOf = (message: Message) => (message.reactions ?? []) as unknown as Reaction[]

export function react(world: World, userId: string, stored: StoredMessage, emojiText: string): void {
  const channel = channelOf(world, stored.message.channel_id)
  need(world, userId, channel, 'read_message_history')
  if (isThread(channel) && channel.thread_metadata.archived) throw refuse(50083)
  const emoji = emojiFrom(world, emojiText)
  const list = reactionsOf(stored.message)
  const same = list.find((r) => r.emoji.id === emoji.id && r.emoji.name === emoji.name)
  if (same?.users.includes(userId)) return
  if (!same) {
    need(world, userId, channel, 'add_reactions')
    if (list.length >= MOST) throw refuse(30010)
  }
  const users = [...(same?.users ?? []), userId]
  keep(world, stored, [...list.filter((r) => r !== same), made(world, emoji, users)])
  tellReaction(world, 'MESSAGE_REACTION_ADD', stored.message, { user_id: userId, emoji, burst: false, type: 0 })
}

export function unreact(world: World, userId: string, stored: StoredMessage, emojiText: string): void {
  const emoji = emojiFrom(world, emojiText)
  const list = reactionsOf(stored.message)
  const same = list.find((r) => r.emoji.id === emoji.id && r.emoji.name === emoji.name)
  if (!same?.users.includes(userId)) return
  const users = same.users.filter((id) => id !== userId)
  keep(world, stored, [...list.filter((r) => r !== same), ...(users.length > 0 ? [made(world, emoji, users)] : [])])
  tellReaction(world, 'MESSAGE_REACTION_REMOVE', stored.message, { user_id: userId, emoji, burst: false, type: 0 })
}

/** Who reacted with an emoji, by id. */
export function reactors(world: World, stored: StoredMessage, emojiText: string): User[] {
  const emoji = emojiFrom(world, emojiText)
  const same = reactionsOf(stored.message).find((r) => r.emoji.id === emoji.id && r.emoji.name === emoji.name)
  return (same?.users ?? [])
    .flatMap((id) => world.members.get(id)?.user ?? [])
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
}

/** Takes every reaction away, or every one of an emoji, for who manages messages. https://docs.discord.com/developers/resources/message#delete-all-reactions */
export function clearReactions(world: World, userId: string, stored: StoredMessage, emojiText?: string): void {
  const channel = channelOf(world, stored.message.channel_id)
  need(world, userId, channel, 'manage_messages')
  if (isThread(channel) && channel.thread_metadata.archived) throw refuse(50083)
  const emoji = emojiText === undefined ? undefined : emojiFrom(world, emojiText)
  const left = emoji
    ? reactionsOf(stored.message).filter((r) => r.emoji.id !== emoji.id || r.emoji.name !== emoji.name)
    : []
  keep(world, stored, left)
  if (emoji) tellReaction(world, 'MESSAGE_REACTION_REMOVE_EMOJI', stored.message, { emoji })
  else tellReaction(world, 'MESSAGE_REACTION_REMOVE_ALL', stored.message, {})
}

function made(world: World, emoji: Reaction['emoji'], users: string[]): Reaction {
  return {
    emoji,
    count: users.length,
    count_details: { burst: 0, normal: users.length },
    burst_colors: [],
    me_burst: false,
    me: users.includes(world.bot.id),
    users,
  }
}

function keep(world: World, stored: StoredMessage, reactions: Reaction[]): void {
  const { reactions: _, ...rest } = stored.message
  world.storage.putMessage({
    ...stored,
    message: {
      ...rest,
      ...(reactions.length > 0 ? { reactions: reactions as unknown as Record<string, unknown>[] } : {}),
    },
  })
}

/** https://docs.discord.com/developers/events/gateway-events#message-reaction-add */
function tellReaction(world: World, t: string, message: Message, d: Record<string, unknown>): void {
  const channel = channelOf(world, message.channel_id)
  const guild = isDirect(channel) ? {} : { guild_id: channel.guild_id }
  const added = t === 'MESSAGE_REACTION_ADD'
  const member = added && !isDirect(channel) ? world.members.get(String(d.user_id)) : undefined
  world.dispatch({
    t,
    d: {
      ...d,
      message_id: message.id,
      channel_id: message.channel_id,
      ...(added ? { message_author_id: message.author.id } : {}),
      ...(member ? { member } : {}),
      ...guild,
    },
    ...guild,
    intents: isDirect(channel) ? 1 << 13 : INTENTS.guild_message_reactions,
    to_bot: may(world, world.bot.id, channel, 'view_channel'),
  })
}

/** https://docs.discord.com/developers/events/gateway-events#typing-start */
export function startTyping(world: World, userId: string, channelId: string): void {
  const channel = channelOf(world, channelId)
  need(world, userId, channel, isThread(channel) ? 'send_messages_in_threads' : 'send_messages')
  needWritable(channel)
  const guild = isDirect(channel) ? {} : { guild_id: channel.guild_id }
  const member = world.members.get(userId)
  world.dispatch({
    t: 'TYPING_START',
    d: {
      channel_id: channelId,
      user_id: userId,
      timestamp: Math.floor(world.now() / 1000),
      ...guild,
      ...(member && !isDirect(channel) ? { member } : {}),
    },
    ...guild,
    intents: isDirect(channel) ? 1 << 14 : INTENTS.guild_message_typing,
    to_bot: may(world, world.bot.id, channel, 'view_channel'),
  })
}
