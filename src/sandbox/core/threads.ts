/** Threads: from a message, on their own, as forum posts; joined, changed, deleted. https://docs.discord.com/developers/topics/threads */
import { may, need, placeOf } from './access.ts'
import { dropAttachments, type Upload } from './attachments.ts'
import { invalidForm, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import type { MessageBody } from './message-body.ts'
import { write } from './message-body.ts'
import { post, tell } from './messages.ts'
import type { GuildChannel, Message, Thread, ThreadMember, User } from './shapes.ts'
import { timeOf } from './snowflake.ts'
import type { StoredMessage } from './storage.ts'
import { RateLimited } from './too-many.ts'
import type { World } from './world.ts'

const HAS_THREAD = 1 << 5

export interface ThreadWish {
  name: string
  auto_archive_duration?: number | null
  rate_limit_per_user?: number | null
  type?: 10 | 11 | 12 | null
  invitable?: boolean | null
}

/** 160006. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
function needRoom(world: World): void {
  const active = world.threads().filter((thread) => !thread.thread_metadata.archived).length
  if (active >= world.limits.activeThreads) throw refuse(160006)
}

function makeThread(
  world: World,
  id: string,
  parent: GuildChannel,
  owner: User,
  wish: ThreadWish,
  type: Thread['type'],
): Thread {
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

/** Flag REQUIRE_TAG. https://docs.discord.com/developers/resources/channel#channel-object-channel-flags */
const REQUIRE_TAG = 1 << 4

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

/** Throws 40067 where a tag is needed, 50035 for one the forum has not. https://docs.discord.com/developers/resources/channel#forum-tag-object */
function checkTags(world: World, owner: User, forum: GuildChannel, tags: string[]): void {
  const known = forum.available_tags ?? []
  tags.forEach((id, at) => {
    const tag = known.find((candidate) => candidate.id === id)
    if (!tag) throw invalidForm(`applied_tags.${at}`, 'TAG_INVALID', 'Unknown tag')
    if (tag.moderated && !may(world, owner.id, forum, 'manage_threads')) throw refuse(50013)
  })
  if (!(forum.flags & REQUIRE_TAG) || tags.length > 0) return
  const open = known.some((tag) => !tag.moderated)
  throw refuse(open || may(world, owner.id, forum, 'manage_threads') ? 40067 : 40066)
}

export interface ThreadChange {
  name?: string | null
  archived?: boolean | null
  locked?: boolean | null
  invitable?: boolean | null
  auto_archive_duration?: number | null
  rate_limit_per_user?: number | null
  flags?: number | null
  applied_tags?: string[] | null
}

/** Changes a thread as a member. Throws 50013, 50083, and the 429 of renames. https://docs.discord.com/developers/resources/channel#modify-channel-json-params-thread */
export function editThread(world: World, userId: string, thread: Thread, change: ThreadChange): Thread {
  need(world, userId, thread)
  const manages = may(world, userId, thread, 'manage_threads')
  const owns = thread.owner_id === userId
  const { archived, locked } = thread.thread_metadata
  const opening = change.archived === false && archived
  if (opening && !manages) {
    need(world, userId, thread, 'send_messages_in_threads')
    if (locked) throw refuse(50013)
  } else if (!manages && !owns) throw refuse(50013)
  if (!manages && typeof change.locked === 'boolean' && change.locked !== locked) throw refuse(50013)
  if (!manages && typeof change.rate_limit_per_user === 'number') throw refuse(50013)
  const others = Object.entries(change).some(
    ([key, value]) => value !== undefined && value !== null && !['archived', 'locked'].includes(key),
  )
  if (archived && !opening && others) throw refuse(50083)
  if (opening) needRoom(world)
  if (typeof change.name === 'string') {
    if (change.name.trim().length < 1)
      throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
    if (change.name !== thread.name) noteRename(world, thread.id)
  }
  const forum = placeOf(world, thread)
  const owner = world.members.get(userId)?.user
  if (change.applied_tags && forum && owner) checkTags(world, owner, forum, change.applied_tags)
  return changeThread(world, thread, change)
}

/** About two renames in ten minutes; the headers say nothing of it. https://github.com/discord/discord-api-docs/issues/1900 */
export function noteRename(world: World, channelId: string): void {
  if (!world.limits.rates) return
  const taken = world.slow.take(`rename ${channelId}`, world.limits.rename, world.now())
  if (!taken.allowed) throw new RateLimited((taken.reset - world.now()) / 1000)
}

/** Writes a change down and announces it. */
export function changeThread(world: World, thread: Thread, change: ThreadChange): Thread {
  const current = (world.channels.get(thread.id) as Thread | undefined) ?? thread
  const meta = current.thread_metadata
  const changed: Thread = {
    ...current,
    ...(typeof change.name === 'string' ? { name: change.name } : {}),
    ...(typeof change.rate_limit_per_user === 'number' ? { rate_limit_per_user: change.rate_limit_per_user } : {}),
    ...(typeof change.flags === 'number' ? { flags: change.flags } : {}),
    ...(change.applied_tags ? { applied_tags: change.applied_tags } : {}),
    thread_metadata: {
      ...meta,
      ...(typeof change.archived === 'boolean' ? { archived: change.archived } : {}),
      ...((typeof change.archived === 'boolean' && change.archived !== meta.archived) ||
      typeof change.auto_archive_duration === 'number'
        ? { archive_timestamp: world.iso() }
        : {}),
      ...(typeof change.locked === 'boolean' ? { locked: change.locked } : {}),
      ...(typeof change.auto_archive_duration === 'number'
        ? { auto_archive_duration: change.auto_archive_duration }
        : {}),
      ...(typeof change.invitable === 'boolean' ? { invitable: change.invitable } : {}),
    },
  }
  world.channels.put(changed.id, changed)
  tellThread(world, 'THREAD_UPDATE', changed)
  return changed
}

/** Archives threads in which nothing has been said for their `auto_archive_duration` (minutes). https://docs.discord.com/developers/topics/threads#active-archived-threads */
export function archiveQuiet(world: World): void {
  for (const thread of world.threads()) {
    const { archived, auto_archive_duration, archive_timestamp } = thread.thread_metadata
    const spoken = thread.last_message_id ? timeOf(thread.last_message_id) : 0
    const last = Math.max(spoken, Date.parse(archive_timestamp))
    if (!archived && world.now() - last > auto_archive_duration * 60_000)
      changeThread(world, thread, { archived: true })
  }
}

export function deleteThread(world: World, thread: Thread): void {
  forgetMessages(world, thread.id)
  world.channels.remove(thread.id)
  for (const member of world.threadMembers.values()) {
    if (member.id === thread.id) world.threadMembers.remove(`${member.id}:${member.user_id}`)
  }
  const { id, guild_id, parent_id, type } = thread
  world.dispatch({
    t: 'THREAD_DELETE',
    d: { id, guild_id, parent_id, type },
    guild_id,
    intents: INTENTS.guilds,
    to_bot: true,
  })
}

/** Messages and files of a channel, gone. */
export function forgetMessages(world: World, channelId: string): void {
  let before: string | undefined
  for (;;) {
    const page = world.storage.messages({ channel_id: channelId, limit: 500, ...(before ? { before } : {}) })
    for (const { message } of page) dropAttachments(world, message.attachments)
    before = page.at(-1)?.message.id
    if (page.length < 500) break
  }
  world.storage.removeMessagesOf(channelId)
}

/** THREAD_CREATE, THREAD_UPDATE. https://docs.discord.com/developers/events/gateway-events#threads */
function tellThread(world: World, t: string, thread: Thread, extra: Record<string, unknown> = {}): void {
  world.dispatch({
    t,
    d: { ...thread, ...extra },
    guild_id: thread.guild_id,
    intents: INTENTS.guilds,
    to_bot: may(world, world.bot.id, thread, 'view_channel'),
  })
}

function enter(world: World, threadId: string, userId: string): ThreadMember {
  const key = `${threadId}:${userId}`
  const known = world.threadMembers.get(key)
  if (known) return known
  const member: ThreadMember = { id: threadId, user_id: userId, join_timestamp: world.iso(), flags: 0 }
  world.threadMembers.put(key, member)
  const thread = world.channels.get(threadId) as Thread
  world.channels.put(threadId, { ...thread, member_count: thread.member_count + 1 })
  return member
}

/** Takes a user into a thread; who sends there joins it. */
export function joinThread(world: World, threadId: string, userId: string): void {
  if (world.threadMembers.get(`${threadId}:${userId}`) || !world.members.get(userId)) return
  const member = enter(world, threadId, userId)
  tellMembers(world, threadId, { added_members: [{ ...member, member: world.members.get(userId), presence: null }] })
}

export function leaveThread(world: World, threadId: string, userId: string): void {
  const key = `${threadId}:${userId}`
  if (!world.threadMembers.get(key)) return
  world.threadMembers.remove(key)
  const thread = world.channels.get(threadId) as Thread
  world.channels.put(threadId, { ...thread, member_count: Math.max(0, thread.member_count - 1) })
  tellMembers(world, threadId, { removed_member_ids: [userId] })
}

/** https://docs.discord.com/developers/events/gateway-events#thread-members-update: without the members intent only what concerns the bot itself */
function tellMembers(
  world: World,
  threadId: string,
  change: { added_members?: (ThreadMember & Record<string, unknown>)[]; removed_member_ids?: string[] },
): void {
  const thread = world.channels.get(threadId) as Thread
  const ofBot =
    change.added_members?.some((m) => m.user_id === world.bot.id) ||
    change.removed_member_ids?.includes(world.bot.id) ||
    false
  world.dispatch({
    t: 'THREAD_MEMBERS_UPDATE',
    d: { id: threadId, guild_id: thread.guild_id, member_count: thread.member_count, ...change },
    guild_id: thread.guild_id,
    intents: ofBot ? INTENTS.guilds : INTENTS.guild_members,
    to_bot: may(world, world.bot.id, thread, 'view_channel'),
  })
}
