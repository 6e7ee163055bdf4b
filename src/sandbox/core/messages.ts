/** Sending, editing and deleting messages, whoever does it. */
import { channelOf, may, need } from './access.ts'
import type { Upload } from './attachments.ts'
import { invalidForm, Refusal, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { mentionsOf } from './mentions.ts'
import { type MessageBody, type Written, write } from './message-body.ts'
import { rememberNonce, sentBefore } from './nonces.ts'
import { type Channel, isDirect, isThread, type Message, type Thread, type User } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import { joinThread } from './thread-members.ts'
import { needRoom } from './thread-room.ts'
import { changeThread } from './threads.ts'
import { viewMessage, withoutContent } from './views.ts'
import type { World } from './world.ts'

export interface Draft {
  channel: Channel
  author: User
  written: Written
  allowed?: MessageBody['allowed_mentions']
  type?: number
  /** fields beyond the common ones: webhook_id, interaction_metadata, nonce … */
  extra?: Partial<Message>
  ephemeral_for?: string
  interaction_id?: string
  replied?: Message
}

/** The channel kinds one can write to. https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
export function needWritable(channel: Channel): void {
  if (channel.type === 15) throw refuse(40058)
  if (channel.type === 4) throw refuse(50008)
}

/**
 * A thread that takes messages: an archived one reopens unless it is locked and the sender may not manage threads.
 * https://docs.discord.com/developers/topics/threads#active-archived-threads
 * The refusal is 403 here, 400 for edits: https://github.com/discord/discord-api-docs/issues/7707
 */
export function reopen(world: World, thread: Thread, senderId: string): Thread {
  const { archived, locked } = thread.thread_metadata
  if (locked && !may(world, senderId, thread, 'manage_threads'))
    throw archived ? new Refusal(403, 50083, 'Thread is archived') : refuse(160005)
  if (!archived) return thread
  needRoom(world)
  return changeThread(world, thread, { archived: false })
}

/** Sends as a member: the bot, or a person. Throws 50001, 50013, 160005, 50006, 50035 … */
export function sendAs(
  world: World,
  author: User,
  channelId: string,
  body: MessageBody,
  uploads: Upload[] = [],
): Message {
  const channel = channelOf(world, channelId)
  need(world, author.id, channel, isThread(channel) ? 'send_messages_in_threads' : 'send_messages')
  needWritable(channel)
  needForParts(world, author.id, channel, body, uploads)
  const nonce = body.nonce ?? undefined
  if (nonce !== undefined && body.enforce_nonce) {
    const before = sentBefore(world, author.id, nonce)
    if (before) return before.message
  }
  noteSlow(world, author, channel)
  const replied = repliedTo(world, author, channel, body)
  const written = write(world, body, { uploads })
  const place = isThread(channel) ? reopen(world, channel, author.id) : channel
  const stored = post(world, {
    channel: place,
    author,
    written,
    allowed: body.allowed_mentions,
    type: replied ? 19 : 0,
    extra: { tts: body.tts === true, ...(nonce === undefined ? {} : { nonce }) },
    ...(replied ? { replied } : {}),
  })
  if (nonce !== undefined && body.enforce_nonce) rememberNonce(world, author.id, nonce, stored.message.id)
  return stored.message
}

/** What a send or an edit adds has permissions of its own: 50013. https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags */
export function needForParts(
  world: World,
  userId: string,
  channel: Channel,
  body: MessageBody,
  uploads: Upload[],
): void {
  if (uploads.length > 0) need(world, userId, channel, 'attach_files')
  if (body.embeds?.length) need(world, userId, channel, 'embed_links')
  if (body.tts) need(world, userId, channel, 'send_tts_messages')
}

/** 20016: people wait between messages in slow channels; bots do not. https://docs.discord.com/developers/resources/channel#channel-object */
function noteSlow(world: World, author: User, channel: Channel): void {
  if (author.bot || isDirect(channel) || channel.rate_limit_per_user === 0) return
  if (may(world, author.id, channel, 'bypass_slowmode')) return
  const pace = { limit: 1, window: channel.rate_limit_per_user * 1000 }
  if (!world.slow.take(`slow ${channel.id} ${author.id}`, pace, world.now()).allowed) throw refuse(20016)
}

/** The message a reply names. Throws 50035 when it is not in this channel, 160002 without the right to read it. */
function repliedTo(world: World, author: User, channel: Channel, body: MessageBody): Message | undefined {
  const reference = body.message_reference
  if (!reference?.message_id || reference.type === 1) return undefined
  if (!may(world, author.id, channel, 'read_message_history')) throw refuse(160002)
  const stored = world.message(reference.message_id)
  if (stored && stored.message.channel_id === channel.id && !stored.ephemeral_for) {
    if ([0, 19, 20, 23].includes(stored.message.type)) return stored.message
    throw invalidForm('message_reference', 'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE', 'Cannot reply to a system message')
  }
  if (reference.fail_if_not_exists === false) return undefined
  throw invalidForm('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message')
}

/** Puts a message into its channel and tells everyone. */
export function post(world: World, draft: Draft): StoredMessage {
  const { channel, author, written } = draft
  const id = world.newId()
  const pinged = mentionsOf(
    world,
    written.content,
    draft.allowed,
    { id: author.id, channel, webhook: draft.extra?.webhook_id !== undefined && draft.interaction_id === undefined },
    draft.replied?.author,
  )
  const message: Message = {
    id,
    type: draft.type ?? 0,
    channel_id: channel.id,
    content: written.content,
    author,
    timestamp: world.iso(),
    edited_timestamp: null,
    tts: false,
    ...pinged,
    attachments: written.attachments,
    embeds: written.embeds,
    components: written.components,
    pinned: false,
    flags: written.flags,
    ...(draft.replied
      ? { message_reference: { type: 0, channel_id: channel.id, message_id: draft.replied.id, ...guildOf(channel) } }
      : {}),
    ...(isThread(channel) ? { position: channel.total_message_sent } : {}),
    ...draft.extra,
  }
  const stored: StoredMessage = {
    message,
    ...(draft.ephemeral_for ? { ephemeral_for: draft.ephemeral_for } : {}),
    ...(draft.interaction_id ? { interaction_id: draft.interaction_id } : {}),
  }
  world.storage.putMessage(stored)
  if (!stored.ephemeral_for) {
    noteSent(world, channel, message)
    if (isThread(channel) && message.webhook_id === undefined) joinThread(world, channel.id, author.id)
  }
  tell(world, 'MESSAGE_CREATE', stored)
  return stored
}

export function guildOf(channel: Channel): { guild_id?: string } {
  return isDirect(channel) ? {} : { guild_id: channel.guild_id }
}

/** The message that a thread or a post begins with is not counted. https://docs.discord.com/developers/resources/channel#channel-object-channel-structure */
export const beginsThread = (message: Message): boolean => message.type === 21 || message.id === message.channel_id

/** Keeps the channel's newest message and a thread's counts. */
function noteSent(world: World, channel: Channel, message: Message): void {
  const now = world.channels.get(channel.id) ?? channel
  if (!isThread(now)) {
    world.channels.put(now.id, { ...now, last_message_id: message.id })
    return
  }
  const counts = beginsThread(message) ? 0 : 1
  world.channels.put(now.id, {
    ...now,
    last_message_id: message.id,
    message_count: now.message_count + counts,
    total_message_sent: now.total_message_sent + counts,
  })
}

/** MESSAGE_CREATE and MESSAGE_UPDATE. https://docs.discord.com/developers/events/gateway-events#messages */
export function tell(world: World, t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', stored: StoredMessage): void {
  const channel = world.channels.get(stored.message.channel_id)
  if (!channel) return
  const view = viewMessage(world, stored.message)
  const member = stored.message.webhook_id === undefined ? world.members.get(stored.message.author.id) : undefined
  // An ephemeral message goes straight to its person and the bot, as in a direct channel.
  const direct = isDirect(channel) || stored.ephemeral_for !== undefined
  const around = direct ? {} : { ...guildOf(channel), ...(member ? { member: withoutUser(member) } : {}) }
  const mentions = (message: Message) =>
    message.mentions.map((user) => {
      const of = direct ? undefined : world.members.get(user.id)
      return of ? { ...user, member: withoutUser(of) } : user
    })
  const open = withoutContent(world, view)
  world.dispatch({
    t,
    d: { ...view, ...around, channel_type: channel.type, mentions: mentions(view) },
    ...(open === view
      ? {}
      : { d_without_content: { ...open, ...around, channel_type: channel.type, mentions: mentions(open) } }),
    ...(direct ? {} : guildOf(channel)),
    intents: direct ? INTENTS.direct_messages : INTENTS.guild_messages,
    to_bot: stored.ephemeral_for !== undefined || may(world, world.bot.id, channel, 'view_channel'),
    ...(stored.ephemeral_for ? { for_user: stored.ephemeral_for } : {}),
  })
}

export function withoutUser<T extends { user: unknown }>(member: T): Omit<T, 'user'> {
  const { user: _, ...rest } = member
  return rest
}
