/** What a person at the sandbox does: types commands, presses buttons, fills modals, speaks. Refusals are LineErrors: a client's, not the API's. */
import { guildChannelOf, guildPermissions, need, permissionsIn } from './access.ts'
import type { Upload } from './attachments.ts'
import { LineError } from './command-line.ts'
import { inWords, Refusal, refuse } from './errors.ts'
import { editAs, eraseAs, messageOf } from './message-changes.ts'
import { sendAs } from './messages.ts'
import type { Resolved } from './option-values.ts'
import { PERMISSIONS } from './permissions.ts'
import { react, startTyping, unreact } from './reactions.ts'
import { type Channel, type Command, isDirect, isThread, type Message, type Thread, type User } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import { forumPost, standaloneThread, threadFromMessage } from './thread-start.ts'
import type { World } from './world.ts'

/** Finds a person by name, display name or id. Throws LineError. */
export function personNamed(world: World, name: string): User {
  const id = world.idOf(name)
  const member =
    world.members.get(id) ?? world.members.values().find(({ user }) => [user.username, user.global_name].includes(name))
  if (!member || member.user.bot)
    throw new LineError(`There is nobody called ${name}. People: ${Object.keys(world.people).join(', ')}.`)
  return member.user
}

/** Finds a channel or thread by id or name (newest of a name); `dm` is the person's direct channel with the bot. Throws LineError. */
export function channelNamed(world: World, name: string, user: User): Channel {
  const wanted = name.replace(/^#/, '')
  const byId = world.channels.get(wanted)
  if (byId) return byId
  if ((wanted === 'dm' || wanted === '@me') && !user.bot) return directChannel(world, user)
  const found =
    world.guildChannels().find((c) => c.name === wanted) ?? world.threads().findLast((t) => t.name === wanted)
  if (found) return found
  const names = world.guildChannels().map((c) => c.name)
  throw new LineError(`There is no channel called ${name}. Channels: ${names.join(', ')}.`)
}

/** The direct channel between a person and the bot, opened when there is none. https://docs.discord.com/developers/resources/user#create-dm */
export function directChannel(world: World, user: User): Channel {
  const known = world.channels
    .values()
    .find((channel) => isDirect(channel) && channel.recipients.some((r) => r.id === user.id))
  if (known) return known
  return world.transaction(() => {
    const channel: Channel = { id: world.newId(), type: 1, flags: 0, last_message_id: null, recipients: [user] }
    world.channels.put(channel.id, channel)
    return channel
  })
}

/**
 * Commands that this person can see in this place, a server's own before global ones of the same name.
 * https://docs.discord.com/developers/interactions/application-commands#interaction-contexts and …#permissions
 */
export function commandsFor(world: World, user: User, channel: Channel): Command[] {
  const direct = isDirect(channel)
  const usable = world.commands.values().filter((command) => {
    if (direct && (command.guild_id || command.dm_permission === false)) return false
    if (command.contexts && !command.contexts.includes(direct ? 1 : 0)) return false
    const needed = command.default_member_permissions
    if (direct || needed === null) return true
    const has = guildPermissions(world, user.id) | permissionsIn(world, user.id, channel)
    if (needed === '0') return (has & PERMISSIONS.administrator) !== 0n
    return (has & BigInt(needed)) === BigInt(needed)
  })
  return usable.sort((a, b) => Number(b.guild_id !== undefined) - Number(a.guild_id !== undefined))
}

export function shownResolved(resolved: Resolved): Record<string, unknown> {
  const filled = Object.entries(resolved).filter(([, entries]) => Object.keys(entries).length > 0)
  return filled.length > 0 ? { resolved: Object.fromEntries(filled) } : {}
}

export function visibleMessage(world: World, user: User, channel: Channel | undefined, id: string): Message {
  const stored = /^\d+$/.test(id) ? world.message(id) : undefined
  const here = stored && (!channel || stored.message.channel_id === channel.id)
  if (!here || (stored.ephemeral_for && stored.ephemeral_for !== user.id))
    throw new LineError(`There is no message ${id} there.`)
  return stored.message
}

/** A person's message. Throws LineError with the API's reason. */
export function say(
  world: World,
  user: User,
  channel: Channel,
  content: string,
  uploads: Upload[],
  replyTo?: string,
): Message {
  return asPerson(channel, () =>
    world.transaction(() =>
      sendAs(
        world,
        user,
        channel.id,
        { content, ...(replyTo ? { message_reference: { message_id: replyTo } } : {}) },
        uploads,
      ),
    ),
  )
}

/** A person changes the words of their own message. Throws LineError with the API's reason. */
export function rephrase(world: World, user: User, channel: Channel, messageId: string, content: string): Message {
  return asPerson(channel, () =>
    world.transaction(() => editAs(world, user.id, shownTo(world, user, channel, messageId), { content }, []).message),
  )
}

/** A person deletes their own message, or another's if they may manage messages. Throws LineError with the API's reason. */
export function takeBack(world: World, user: User, channel: Channel, messageId: string): void {
  asPerson(channel, () => world.transaction(() => eraseAs(world, user.id, shownTo(world, user, channel, messageId))))
}

/** A person reacts, or takes their reaction away. Throws LineError with the API's reason. */
export function reactAs(world: World, user: User, channel: Channel, messageId: string, emoji: string, on: boolean) {
  asPerson(channel, () =>
    world.transaction(() => (on ? react : unreact)(world, user.id, shownTo(world, user, channel, messageId), emoji)),
  )
}

/** A person begins to type. Throws LineError with the API's reason. */
export function beginTyping(world: World, user: User, channel: Channel): void {
  asPerson(channel, () => world.transaction(() => startTyping(world, user.id, channel.id)))
}

/** Throws 50001, 10008; also for an answer that only one person sees, which is no message of the channel's. */
function shownTo(world: World, user: User, channel: Channel, messageId: string): StoredMessage {
  need(world, user.id, channel)
  const stored = messageOf(world, channel.id, messageId)
  if (stored.ephemeral_for) throw refuse(10008)
  return stored
}

export interface ThreadDeed {
  name: string
  /** what it begins with; a forum post needs words or files */
  content: string
  uploads: Upload[]
  /** ids of a forum's tags */
  tags?: string[]
  /** the message it is started from */
  on?: string
}

/** A person starts a thread: a forum's post, from a message, or on its own. Throws LineError with the API's reason. */
export function startThread(world: World, user: User, channel: Channel, deed: ThreadDeed): Thread {
  return asPerson(channel, () =>
    world.transaction(() => {
      const parent = guildChannelOf(world, channel.id)
      need(world, user.id, parent)
      const { name, content, uploads } = deed
      if (parent.type === 15) {
        const wish = { name, applied_tags: deed.tags ?? [], message: { content } }
        return forumPost(world, user, parent, wish, uploads).thread
      }
      const thread = deed.on
        ? threadFromMessage(world, user, parent, messageOf(world, parent.id, deed.on), { name })
        : standaloneThread(world, user, parent, { name, type: parent.type === 5 ? 10 : 11 })
      if (content || uploads.length > 0) sendAs(world, user, thread.id, { content }, uploads)
      return thread
    }),
  )
}

function asPerson<T>(channel: Channel, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const locked = isThread(channel) && channel.thread_metadata.locked
    throw new LineError(locked ? 'The thread is locked.' : inWords(error))
  }
}
