/** Sending, editing and deleting messages, whoever does it. */
import { channelOf, may, need } from './access.ts'
import { dropAttachments, type Upload } from './attachments.ts'
import { invalidForm, Refusal, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { mentionsOf } from './mentions.ts'
import { type MessageBody, rewrite, type Written, write } from './message-body.ts'
import { rememberNonce, sentBefore } from './nonces.ts'
import { type Channel, isDirect, isThread, type Message, type Thread, type User } from './shapes.ts'
import { timeOf } from './snowflake.ts'
import type { StoredMessage } from './storage.ts'
import { changeThread, joinThread } from './threads.ts'
import { RateLimited } from './too-many.ts'
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

/** 403 here, 400 for edits, as https://github.com/discord/discord-api-docs/issues/7707 shows. A thread that takes messages: an archived one reopens unless it is locked and the sender may not manage threads. https://docs.discord.com/developers/topics/threads#archived-and-active-threads */
export function reopen(world: World, thread: Thread, senderId: string): Thread {
  const { archived, locked } = thread.thread_metadata
  if (locked && !may(world, senderId, thread, 'manage_threads'))
    throw archived ? new Refusal(403, 50083, 'Thread is archived') : refuse(160005)
  return archived ? changeThread(world, thread, { archived: false }) : thread
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
  if (uploads.length > 0) need(world, author.id, channel, 'attach_files')
  if (body.embeds?.length) need(world, author.id, channel, 'embed_links')
  if (body.tts) need(world, author.id, channel, 'send_tts_messages')
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

function guildOf(channel: Channel): { guild_id?: string } {
  return isDirect(channel) ? {} : { guild_id: channel.guild_id }
}

/** Keeps the channel's newest message and a thread's counts. */
function noteSent(world: World, channel: Channel, message: Message): void {
  const now = world.channels.get(channel.id) ?? channel
  if (!isThread(now)) {
    world.channels.put(now.id, { ...now, last_message_id: message.id })
    return
  }
  // The message a thread begins with is not counted. https://docs.discord.com/developers/resources/channel#channel-object
  const counts = message.type === 21 ? 0 : 1
  world.channels.put(now.id, {
    ...now,
    last_message_id: message.id,
    message_count: now.message_count + counts,
    total_message_sent: now.total_message_sent + counts,
  })
}

/** MESSAGE_CREATE and MESSAGE_UPDATE. https://docs.discord.com/developers/events/gateway-events#message-create */
export function tell(world: World, t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', stored: StoredMessage): void {
  const channel = world.channels.get(stored.message.channel_id)
  if (!channel) return
  const view = viewMessage(world, stored.message)
  const member = stored.message.webhook_id === undefined ? world.members.get(stored.message.author.id) : undefined
  const around = isDirect(channel)
    ? {}
    : { guild_id: channel.guild_id, ...(member ? { member: withoutUser(member) } : {}) }
  const mentions = (message: Message) =>
    message.mentions.map((user) => {
      const of = isDirect(channel) ? undefined : world.members.get(user.id)
      return of ? { ...user, member: withoutUser(of) } : user
    })
  const open = withoutContent(world, view)
  world.dispatch({
    t,
    d: { ...view, ...around, channel_type: channel.type, mentions: mentions(view) },
    ...(open === view
      ? {}
      : { d_without_content: { ...open, ...around, channel_type: channel.type, mentions: mentions(open) } }),
    ...guildOf(channel),
    intents: isDirect(channel) ? INTENTS.direct_messages : INTENTS.guild_messages,
    to_bot: stored.ephemeral_for === undefined && may(world, world.bot.id, channel, 'view_channel'),
    ...(stored.ephemeral_for ? { for_user: stored.ephemeral_for } : {}),
  })
}

export function withoutUser<T extends { user: unknown }>(member: T): Omit<T, 'user'> {
  const { user: _, ...rest } = member
  return rest
}

/** Throws 10008 unless the message is in that channel and no one else's ephemeral. */
export function messageOf(world: World, channelId: string, messageId: string): StoredMessage {
  const stored = world.message(messageId)
  if (!stored || stored.message.channel_id !== channelId) throw refuse(10008)
  return stored
}

/** Lays an edit over a message. Throws 50083 in an archived thread, 30046 when old messages are edited too often. */
export function edit(
  world: World,
  stored: StoredMessage,
  body: MessageBody,
  uploads: Upload[],
  plainWebhook = false,
): StoredMessage {
  const { message } = stored
  const channel = channelOf(world, message.channel_id)
  if (isThread(channel)) needOpen(world, channel, message.author.id)
  noteOldEdit(world, message)
  const written = rewrite(world, message, body, { uploads, plainWebhook })
  const keptIds = new Set(written.attachments.map((file) => file.id))
  dropAttachments(
    world,
    message.attachments.filter((file) => !keptIds.has(file.id)),
  )
  const replied = message.message_reference?.message_id
    ? world.message(message.message_reference.message_id)?.message.author
    : undefined
  const pinged =
    body.content === undefined && body.allowed_mentions === undefined
      ? {}
      : mentionsOf(
          world,
          written.content,
          body.allowed_mentions,
          { id: message.author.id, channel, webhook: message.webhook_id !== undefined },
          message.type === 19 ? replied : undefined,
        )
  const edited: StoredMessage = {
    ...stored,
    message: { ...message, ...written, ...pinged, edited_timestamp: world.iso() },
  }
  world.storage.putMessage(edited)
  tell(world, 'MESSAGE_UPDATE', edited)
  return edited
}

const isShut = ({ thread_metadata: { archived, locked } }: Thread) => archived && locked

/** Nothing is edited in an archived thread, and in a locked one only by who manages threads. https://docs.discord.com/developers/topics/threads#locked-threads */
function needOpen(world: World, thread: Thread, authorId: string): void {
  if (thread.thread_metadata.archived) throw refuse(50083)
  if (thread.thread_metadata.locked && !may(world, authorId, thread, 'manage_threads')) throw refuse(160005)
}

/** 30046: messages older than an hour take only a few edits a minute in a channel. */
function noteOldEdit(world: World, message: Message): void {
  if (!world.limits.rates || world.now() - timeOf(message.id) < world.limits.oldEditAge) return
  const taken = world.slow.take(`old edits ${message.channel_id}`, world.limits.oldEdits, world.now())
  if (!taken.allowed) throw new RateLimited((taken.reset - world.now()) / 1000, 30046)
}

/** Deletes a message for good. `quiet`: the bot learns of it otherwise. */
export function erase(world: World, stored: StoredMessage, quiet = false): void {
  const { message } = stored
  const channel = channelOf(world, message.channel_id)
  world.storage.removeMessage(message.id)
  dropAttachments(world, message.attachments)
  if (isThread(channel) && !stored.ephemeral_for && message.type !== 21) {
    world.channels.put(channel.id, { ...channel, message_count: Math.max(0, channel.message_count - 1) })
  }
  world.dispatch({
    t: 'MESSAGE_DELETE',
    d: { id: message.id, channel_id: message.channel_id, ...guildOf(channel) },
    ...guildOf(channel),
    intents: isDirect(channel) ? INTENTS.direct_messages : INTENTS.guild_messages,
    to_bot: !quiet && stored.ephemeral_for === undefined && may(world, world.bot.id, channel, 'view_channel'),
    ...(stored.ephemeral_for ? { for_user: stored.ephemeral_for } : {}),
  })
}

/** Edits one's own message; another's may only be unembedded by who manages messages. Throws 50005, 50021. https://docs.discord.com/developers/resources/message#edit-message */
export function editAs(
  world: World,
  userId: string,
  stored: StoredMessage,
  body: MessageBody,
  uploads: Upload[],
): StoredMessage {
  const channel = channelOf(world, stored.message.channel_id)
  need(world, userId, channel)
  const own = stored.message.author.id === userId
  if (!own && !(onlyFlags(body) && may(world, userId, channel, 'manage_messages'))) throw refuse(50005)
  if (![0, 19, 20, 23].includes(stored.message.type)) throw refuse(50021)
  return edit(world, stored, body, uploads)
}

function onlyFlags(body: MessageBody): boolean {
  return Object.entries(body).every(([key, value]) => key === 'flags' || value === undefined)
}

/** Deletes a message as a member. Throws 50013, 50021, 50083. https://docs.discord.com/developers/resources/message#delete-message */
export function eraseAs(world: World, userId: string, stored: StoredMessage): void {
  const channel = channelOf(world, stored.message.channel_id)
  need(world, userId, channel)
  if (stored.message.author.id !== userId && !may(world, userId, channel, 'manage_messages')) throw refuse(50013)
  if (stored.message.type === 21) throw refuse(50021)
  // Deleting is all that an archived thread allows, a locked one not even that. https://docs.discord.com/developers/topics/threads#locked-threads
  if (isThread(channel) && isShut(channel) && !may(world, userId, channel, 'manage_threads')) throw refuse(50083)
  erase(world, stored)
}
