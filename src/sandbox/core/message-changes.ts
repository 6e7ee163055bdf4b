/** Editing and deleting messages, whoever does it. */
import { channelOf, may, need } from './access.ts'
import { dropAttachments, type Upload } from './attachments.ts'
import { refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { mentionsOf } from './mentions.ts'
import { type MessageBody, rewrite } from './message-body.ts'
import { beginsThread, guildOf, needForParts, tell } from './messages.ts'
import { isDirect, isThread, type Message, type Thread } from './shapes.ts'
import { timeOf } from './snowflake.ts'
import type { StoredMessage } from './storage.ts'
import { RateLimited } from './too-many.ts'
import type { World } from './world.ts'

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
  if (isThread(channel) && !stored.ephemeral_for && !beginsThread(message)) {
    world.channels.put(channel.id, { ...channel, message_count: Math.max(0, channel.message_count - 1) })
  }
  const direct = isDirect(channel) || stored.ephemeral_for !== undefined
  const guild = direct ? {} : guildOf(channel)
  world.dispatch({
    t: 'MESSAGE_DELETE',
    d: { id: message.id, channel_id: message.channel_id, ...guild },
    ...guild,
    intents: direct ? INTENTS.direct_messages : INTENTS.guild_messages,
    to_bot: !quiet && (stored.ephemeral_for !== undefined || may(world, world.bot.id, channel, 'view_channel')),
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
  needForParts(world, userId, channel, body, uploads)
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

/** Flag CROSSPOSTED. https://docs.discord.com/developers/resources/message#message-object-message-flags */
const CROSSPOSTED = 1 << 0

/** Publishes a message of an announcement channel; no channel follows another here. Throws 50024, 50013, 40033. https://docs.discord.com/developers/resources/message#crosspost-message */
export function crosspost(world: World, userId: string, stored: StoredMessage): Message {
  const { message } = stored
  const channel = channelOf(world, message.channel_id)
  if (channel.type !== 5) throw refuse(50024)
  need(world, userId, channel, 'send_messages')
  if (message.author.id !== userId) need(world, userId, channel, 'manage_messages')
  if (message.flags & CROSSPOSTED) throw refuse(40033)
  const published = { ...stored, message: { ...message, flags: message.flags | CROSSPOSTED } }
  world.storage.putMessage(published)
  tell(world, 'MESSAGE_UPDATE', published)
  return published.message
}
