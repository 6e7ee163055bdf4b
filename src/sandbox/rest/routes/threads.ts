/** Threads and who is in them. https://docs.discord.com/developers/resources/channel#start-thread-from-message */
import { guildChannelOf, may, need, threadOf } from '../../core/access.ts'
import { refuse } from '../../core/errors.ts'
import { INTENTS } from '../../core/events.ts'
import type { MessageBody } from '../../core/message-body.ts'
import { messageOf } from '../../core/message-changes.ts'
import type { Thread, ThreadMember } from '../../core/shapes.ts'
import { joinThread, leaveThread } from '../../core/thread-members.ts'
import { forumPost, standaloneThread, type ThreadWish, threadFromMessage } from '../../core/thread-start.ts'
import { viewForBot } from '../../core/views.ts'
import { type Call, created, flag, idOfQuery, limitOf, nothing, ok, part, type Route, timeOfQuery } from '../route.ts'
import { needGuild, seen, shown } from './channels.ts'

const newestFirst = (a: Thread, b: Thread) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1)

function memberships(call: Call, threads: Thread[]) {
  return threads.flatMap((thread) => call.world.threadMembers.get(`${thread.id}:${call.world.bot.id}`) ?? [])
}

/** By the time they were archived. https://docs.discord.com/developers/resources/channel#list-public-archived-threads */
function archived(privately: boolean) {
  return (call: Call) => {
    if (privately) need(call.world, call.world.bot.id, seen(call), 'manage_threads')
    const before = timeOfQuery(call, 'before') ?? Number.POSITIVE_INFINITY
    const at = (thread: Thread) => Date.parse(thread.thread_metadata.archive_timestamp)
    return page(
      call,
      archivedIn(call)
        .filter((thread) => (thread.type === 12) === privately && at(thread) < before)
        .sort((a, b) => at(b) - at(a) || newestFirst(a, b)),
    )
  }
}

/** The private ones that the bot is in, by id. https://docs.discord.com/developers/resources/channel#list-joined-private-archived-threads */
function joined(call: Call) {
  const before = idOfQuery(call, 'before')
  return page(
    call,
    archivedIn(call)
      .filter((thread) => thread.type === 12 && call.world.threadMembers.get(`${thread.id}:${call.world.bot.id}`))
      .filter((thread) => before === undefined || BigInt(thread.id) < before)
      .sort(newestFirst),
  )
}

function archivedIn(call: Call): Thread[] {
  const channel = seen(call)
  need(call.world, call.world.bot.id, channel, 'read_message_history')
  return call.world.threads().filter((each) => each.parent_id === channel.id && each.thread_metadata.archived)
}

/** The page names no bounds of `limit`; clients report 100 as the most. */
function page(call: Call, all: Thread[]) {
  const threads = all.slice(0, limitOf(call, 50, 100))
  return ok({ threads, members: memberships(call, threads), has_more: all.length > threads.length })
}

const threads: Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/threads/active',
    bucket: 'read guild',
    auth: 'bot',
    response: 'ThreadsResponse',
    run: (call) => {
      needGuild(call)
      const threads = call.world
        .threads()
        .filter(
          (thread) => !thread.thread_metadata.archived && may(call.world, call.world.bot.id, thread, 'view_channel'),
        )
        .sort(newestFirst)
      return ok({ threads, members: memberships(call, threads), has_more: false })
    },
  },
  {
    method: 'POST',
    path: '/channels/:channel_id/messages/:message_id/threads',
    bucket: 'create thread',
    auth: 'bot',
    request: 'CreateTextThreadWithMessageRequest',
    response: 'ThreadResponse',
    run: (call) => {
      const parent = guildChannelOf(call.world, seen(call).id)
      const stored = messageOf(call.world, parent.id, part(call, 'message_id'))
      return created(
        shown(call, threadFromMessage(call.world, call.world.bot, parent, stored, call.body as ThreadWish)),
      )
    },
  },
  {
    method: 'POST',
    path: '/channels/:channel_id/threads',
    bucket: 'create thread',
    auth: 'bot',
    request: (call) => (seen(call).type === 15 ? 'CreateForumThreadRequest' : 'CreateTextThreadWithoutMessageRequest'),
    response: 'CreatedThreadResponse',
    run: (call) => {
      const { world } = call
      const parent = guildChannelOf(world, seen(call).id)
      if (parent.type !== 15)
        return created(shown(call, standaloneThread(world, world.bot, parent, call.body as ThreadWish)))
      const wish = call.body as ThreadWish & { applied_tags?: string[]; message: MessageBody }
      const { thread, message } = forumPost(world, world.bot, parent, wish, call.uploads)
      return created({ ...shown(call, thread), message: viewForBot(world, message) })
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/threads/archived/public',
    bucket: 'read channel',
    auth: 'bot',
    response: 'ThreadsResponse',
    run: archived(false),
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/threads/archived/private',
    bucket: 'read channel',
    auth: 'bot',
    response: 'ThreadsResponse',
    run: archived(true),
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/users/@me/threads/archived/private',
    bucket: 'read channel',
    auth: 'bot',
    response: 'ThreadsResponse',
    run: joined,
  },
]

/** The thread of a members route. Throws 50083 when it is archived and would change. */
function thread(call: Call, changing = false): Thread {
  const found = threadOf(call.world, seen(call).id)
  if (changing && found.thread_metadata.archived) throw refuse(50083)
  return found
}

const withMember = (call: Call, member: ThreadMember) => ({ ...member, member: call.world.members.get(member.user_id) })

const userOf = (call: Call) => (call.params.user_id === undefined ? call.world.bot.id : part(call, 'user_id'))

/** https://docs.discord.com/developers/resources/channel#join-thread */
const members: Route[] = [
  {
    method: 'GET',
    path: '/channels/:channel_id/thread-members',
    bucket: 'thread members',
    auth: 'bot',
    response: 'ThreadMemberResponse[]',
    run: (call) => {
      const { id } = thread(call)
      // Needs the members intent. https://docs.discord.com/developers/resources/channel#list-thread-members
      if (!(call.world.privilegedIntents & INTENTS.guild_members)) throw refuse(50001)
      const found = call.world.threadMembers.values().filter((member) => member.id === id)
      if (!flag(call, 'with_member')) return ok(found)
      const limit = limitOf(call, 100, 100)
      const after = idOfQuery(call, 'after') ?? 0n
      return ok(
        found
          .filter((member) => BigInt(member.user_id) > after)
          .sort((a, b) => (BigInt(a.user_id) < BigInt(b.user_id) ? -1 : 1))
          .slice(0, limit)
          .map((member) => withMember(call, member)),
      )
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/thread-members/:user_id',
    bucket: 'thread members',
    auth: 'bot',
    response: 'ThreadMemberResponse',
    run: (call) => {
      const id = part(call, 'user_id') === '@me' ? call.world.bot.id : part(call, 'user_id')
      const member = call.world.threadMembers.get(`${thread(call).id}:${id}`)
      if (!member) throw refuse(10007)
      return ok(flag(call, 'with_member') ? withMember(call, member) : member)
    },
  },
  ...['@me', ':user_id'].flatMap((who): Route[] => [
    {
      method: 'PUT',
      path: `/channels/:channel_id/thread-members/${who}`,
      bucket: 'thread members',
      auth: 'bot',
      run: (call) => {
        const { id } = thread(call, true)
        if (!call.world.members.get(userOf(call))) throw refuse(10013)
        joinThread(call.world, id, userOf(call))
        return nothing
      },
    },
    {
      method: 'DELETE',
      path: `/channels/:channel_id/thread-members/${who}`,
      bucket: 'thread members',
      auth: 'bot',
      run: (call) => {
        const found = thread(call, true)
        const own = userOf(call) === call.world.bot.id || (found.type === 12 && found.owner_id === call.world.bot.id)
        if (!own) need(call.world, call.world.bot.id, found, 'manage_threads')
        leaveThread(call.world, found.id, userOf(call))
        return nothing
      },
    },
  ]),
]

export const threadRoutes: Route[] = [...threads, ...members]
