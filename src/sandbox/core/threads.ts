/** Threads: from a message, on their own, as forum posts; joined, changed, deleted. https://docs.discord.com/developers/topics/threads */
import { may, need, placeOf } from './access.ts'
import { dropAttachments } from './attachments.ts'
import { refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import type { Thread } from './shapes.ts'
import { timeOf } from './snowflake.ts'
import { needRoom } from './thread-room.ts'
import { checkTags, checkThreadName, threadFlags } from './thread-rules.ts'
import { RateLimited } from './too-many.ts'
import type { World } from './world.ts'

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
  if (others && !manages && !owns) throw refuse(50013)
  // Who made a locked thread changes its name, tags and time no more. https://docs.discord.com/developers/topics/threads#locked-threads
  if (others && !manages && locked && !archived) throw refuse(160005)
  if (archived && !opening && others) throw refuse(50083)
  if (opening) needRoom(world)
  if (typeof change.name === 'string') {
    checkThreadName(change.name)
    if (change.name !== thread.name) noteRename(world, thread.id)
  }
  const parent = placeOf(world, thread)
  const owner = world.members.get(userId)?.user
  if (change.applied_tags && parent && owner) checkTags(world, owner, parent, change.applied_tags, thread.applied_tags)
  if (typeof change.flags === 'number' && parent)
    return changeThread(world, thread, { ...change, flags: threadFlags(world, userId, thread, parent, change.flags) })

  return changeThread(world, thread, change)
}

/** About two renames in ten minutes; the headers say nothing of it. https://github.com/discord/discord-api-docs/issues/2208 */
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

/** THREAD_CREATE, THREAD_UPDATE. https://docs.discord.com/developers/events/gateway-events#thread-create */
export function tellThread(world: World, t: string, thread: Thread, extra: Record<string, unknown> = {}): void {
  world.dispatch({
    t,
    d: { ...thread, ...extra },
    guild_id: thread.guild_id,
    intents: INTENTS.guilds,
    to_bot: may(world, world.bot.id, thread, 'view_channel'),
  })
}
