/** Starting a thread: from a message, on its own, as a forum post. https://docs.discord.com/developers/resources/channel#start-thread-from-message */
import { need } from './access.ts'
import type { Upload } from './attachments.ts'
import { refuse } from './errors.ts'
import type { MessageBody } from './message-body.ts'
import { write } from './message-body.ts'
import { needForParts, post, tell } from './messages.ts'
import type { GuildChannel, Message, Thread, User } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import { enter } from './thread-members.ts'
import { needRoom } from './thread-room.ts'
import { checkTags, checkThreadName } from './thread-rules.ts'
import { tellThread } from './threads.ts'
import type { World } from './world.ts'

const HAS_THREAD = 1 << 5

export interface ThreadWish {
  name: string
  auto_archive_duration?: number | null
  rate_limit_per_user?: number | null
  type?: 10 | 11 | 12 | null
  invitable?: boolean | null
}

function makeThread(
  world: World,
  id: string,
  parent: GuildChannel,
  owner: User,
  wish: ThreadWish,
  type: Thread['type'],
): Thread {
  checkThreadName(wish.name)
  const now = world.iso()
  return {
    id,
    type,
    guild_id: parent.guild_id,
    parent_id: parent.id,
    owner_id: owner.id,
    name: wish.name,
    last_message_id: null,
    flags: 0,
    rate_limit_per_user: wish.rate_limit_per_user ?? parent.default_thread_rate_limit_per_user ?? 0,
    message_count: 0,
    member_count: 0,
    total_message_sent: 0,
    thread_metadata: {
      archived: false,
      archive_timestamp: now,
      auto_archive_duration: wish.auto_archive_duration ?? parent.default_auto_archive_duration ?? 1440,
      locked: false,
      create_timestamp: now,
      ...(type === 12 ? { invitable: wish.invitable ?? true } : {}),
    },
  }
}

/** Writes a new thread down, with its owner inside, and announces it. */
function open(world: World, thread: Thread, owner: User): Thread {
  world.channels.put(thread.id, thread)
  const member = enter(world, thread.id, owner.id)
  const opened = world.channels.get(thread.id) as Thread
  const bot = owner.id === world.bot.id
  tellThread(world, 'THREAD_CREATE', opened, { newly_created: true, ...(bot ? { member } : {}) })
  return opened
}

/** Starts a thread from a message: its id is the message's, it begins with a message of type 21. Throws 160004. */
export function threadFromMessage(
  world: World,
  owner: User,
  parent: GuildChannel,
  stored: StoredMessage,
  wish: ThreadWish,
): Thread {
  need(world, owner.id, parent, 'create_public_threads')
  if (parent.type !== 0 && parent.type !== 5) throw refuse(50024)
  const { message } = stored
  if (world.channels.get(message.id)) throw refuse(160004)
  if (stored.ephemeral_for) throw refuse(10008)
  if (![0, 19, 20, 23].includes(message.type)) throw refuse(50068)
  needRoom(world)
  const thread = open(world, makeThread(world, message.id, parent, owner, wish, parent.type === 5 ? 10 : 11), owner)
  const marked = { ...stored, message: { ...message, flags: message.flags | HAS_THREAD } }
  world.storage.putMessage(marked)
  tell(world, 'MESSAGE_UPDATE', marked)
  post(world, {
    channel: thread,
    author: message.author,
    written: { content: '', embeds: [], components: [], attachments: [], flags: 0 },
    type: 21,
    extra: { message_reference: { type: 0, channel_id: parent.id, message_id: message.id, guild_id: parent.guild_id } },
  })
  return world.channels.get(thread.id) as Thread
}

/** Starts a thread without a message; a public one is announced by a message of type 18. */
export function standaloneThread(world: World, owner: User, parent: GuildChannel, wish: ThreadWish): Thread {
  const type = wish.type ?? (parent.type === 5 ? 10 : 12)
  need(world, owner.id, parent, type === 12 ? 'create_private_threads' : 'create_public_threads')
  if (parent.type !== 0 && parent.type !== 5) throw refuse(50024)
  if ((parent.type === 5) !== (type === 10)) throw refuse(50024)
  needRoom(world)
  const thread = open(world, makeThread(world, world.newId(), parent, owner, wish, type), owner)
  if (type !== 12) {
    post(world, {
      channel: parent,
      author: owner,
      written: { content: thread.name, embeds: [], components: [], attachments: [], flags: 0 },
      type: 18,
      extra: { message_reference: { type: 0, channel_id: thread.id, guild_id: thread.guild_id } },
    })
  }
  return thread
}

/** Starts a forum post: a thread whose first message has its id. */
export function forumPost(
  world: World,
  owner: User,
  forum: GuildChannel,
  wish: ThreadWish & { applied_tags?: string[] | null; message: MessageBody },
  uploads: Upload[],
  as?: { author: User; extra: Partial<Message>; plainWebhook: boolean },
): { thread: Thread; message: Message } {
  if (!as) need(world, owner.id, forum, 'send_messages')
  if (forum.type !== 15) throw refuse(50024)
  if (!as) needForParts(world, owner.id, forum, wish.message, uploads)
  const tags = wish.applied_tags ?? []
  checkTags(world, owner, forum, tags)
  needRoom(world)
  const written = write(world, wish.message, { uploads, plainWebhook: as?.plainWebhook ?? false })
  const id = world.newId()
  const thread = open(world, { ...makeThread(world, id, forum, owner, wish, 11), applied_tags: tags }, owner)
  const { message } = post(world, {
    channel: thread,
    author: as?.author ?? owner,
    written,
    allowed: wish.message.allowed_mentions,
    extra: { id, ...as?.extra },
  })
  return { thread: world.channels.get(thread.id) as Thread, message }
}
