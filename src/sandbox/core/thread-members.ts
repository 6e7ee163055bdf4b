/** Who is in a thread. https://docs.discord.com/developers/topics/threads#thread-membership */
import { may } from './access.ts'
import { INTENTS } from './events.ts'
import type { Thread, ThreadMember } from './shapes.ts'
import type { World } from './world.ts'

export function enter(world: World, threadId: string, userId: string): ThreadMember {
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
  if (userId === world.bot.id) showPrivate(world, world.channels.get(threadId) as Thread, member)
  tellMembers(world, threadId, { added_members: [{ ...member, member: world.members.get(userId), presence: null }] })
}

/** Who is added to a private thread is shown it. https://docs.discord.com/developers/topics/threads#gaining-access-to-private-threads */
function showPrivate(world: World, thread: Thread, member: ThreadMember): void {
  if (thread.type !== 12) return
  world.dispatch({
    t: 'THREAD_CREATE',
    d: { ...thread, member },
    guild_id: thread.guild_id,
    intents: INTENTS.guilds,
    to_bot: may(world, world.bot.id, thread, 'view_channel'),
  })
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
