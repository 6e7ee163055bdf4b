/** What the page reads: the server as a whole, windows of messages, a forum's posts. */
import { commandsFor } from '../core/person.ts'
import { type Command, isThread, type Message, type Thread, type User } from '../core/shapes.ts'
import { viewMessage } from '../core/views.ts'
import type { World } from '../core/world.ts'
import { faced, messageFor } from './faces.ts'

/** The person of a name or id; without either, the server's owner. */
export function personOf(world: World, name: string | undefined): User | undefined {
  const id = name ? (world.people[name] ?? name) : world.guild.owner_id
  const user = world.members.get(id)?.user
  return user && !user.bot ? user : undefined
}

export function readServer(world: World, me: User) {
  const people = Object.values(world.people).flatMap((id) => world.members.get(id)?.user ?? [])
  return {
    guild: { id: world.guild.id, name: world.guild.name, owner_id: world.guild.owner_id },
    bot: faced(world, world.bot),
    me: faced(world, me),
    people: people.map((user) => faced(world, user)),
    users: world.members.values().map((member) => faced(world, member.user)),
    roles: world.roles.values(),
    channels: [...world.guildChannels(), ...world.threads()],
    commands: readCommands(world, me),
  }
}

/** Commands that a person can use in this server. */
export function readCommands(world: World, me: User): Command[] {
  const [anywhere] = world.guildChannels()
  return anywhere ? commandsFor(world, me, anywhere) : []
}

interface PageQuery {
  channel: string
  before?: string
  after?: string
  around?: string
  limit: number
}

/** One window of a channel's messages, oldest first, and whether it touches the channel's ends. */
export function readPage(
  world: World,
  query: PageQuery,
  me: User,
): { messages: Message[]; at_start: boolean; at_end: boolean } {
  const { channel, before, after, around, limit } = query
  const read = (part: { before?: string; after?: string; limit: number }) => {
    // One more than asked tells whether that was all: ephemerals of others are left out after counting.
    const stored = world.storage.messages({ channel_id: channel, ...part, limit: part.limit + 1 })
    const more = stored.length > part.limit
    const kept = more ? (part.after ? stored.slice(1) : stored.slice(0, -1)) : stored
    const messages = kept
      .filter((each) => !each.ephemeral_for || each.ephemeral_for === me.id)
      .map((each) => messageFor(world, viewMessage(world, each.message), me))
      .reverse()
    return { messages, more }
  }
  if (around) {
    const half = Math.ceil(limit / 2)
    const older = read({ before: String(BigInt(around) + 1n), limit: half })
    const newer = read({ after: around, limit: half })
    return { messages: [...older.messages, ...newer.messages], at_start: !older.more, at_end: !newer.more }
  }
  if (after) {
    const newer = read({ after, limit })
    return { messages: newer.messages, at_start: false, at_end: !newer.more }
  }
  const older = read({ ...(before ? { before } : {}), limit })
  return { messages: older.messages, at_start: !older.more, at_end: before === undefined }
}

/** A forum's posts with their first messages, the most recently spoken in first. */
export function readPosts(world: World, channelId: string, me: User): { thread: Thread; first: Message | null }[] {
  return world.channels
    .values()
    .filter(isThread)
    .filter((thread) => thread.parent_id === channelId)
    .sort((a, b) => (BigInt(a.last_message_id ?? a.id) > BigInt(b.last_message_id ?? b.id) ? -1 : 1))
    .slice(0, 200)
    .map((thread) => {
      const first = world.message(thread.id)?.message
      return { thread, first: first ? messageFor(world, viewMessage(world, first), me) : null }
    })
}
