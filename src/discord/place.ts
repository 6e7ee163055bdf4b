import {
  ChannelType,
  type ForumChannel,
  type GuildBasedChannel,
  type GuildMember,
  type NewsChannel,
  PermissionFlagsBits,
  type TextChannel,
} from 'discord.js'
import { UserError } from '../core/errors.ts'
import type { Menu, Press, Slash } from './command.ts'
import { PERMISSIONS } from './invite.ts'

/** The kinds of channels in which threads can be opened by anyone. */
export const THREAD_PARENTS = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum] as const

type ThreadParent = TextChannel | NewsChannel | ForumChannel

/**
 * The channel in which a run's thread opens: the one named, else the server's default, else this one; from inside a thread, its parent.
 * Throws a UserError, before anything is spent, where no thread can be opened: by its kind, or because the bot or the person may not.
 */
export async function placeFor(interaction: Slash | Press | Menu, wanted: string | null): Promise<ThreadParent> {
  const { guild, member } = interaction
  const here = await guild.channels.fetch(wanted ?? interaction.channelId).catch(() => null)
  if (!here)
    throw new UserError(
      wanted === null
        ? 'I cannot see this channel: give me the permission View Channels here, or name another with `channel:`.'
        : `I cannot see the channel <#${wanted}>: name another with \`channel:\`, or give me the permission View Channels there.`,
    )
  const parent = here.isThread() ? here.parent : here
  if (!isThreadParent(parent))
    throw new UserError(
      `${parent ?? 'This'} holds no threads: choose a text, announcement or forum channel with \`channel:\`.`,
    )
  const me = guild.members.me ?? (await guild.members.fetchMe())
  requirePermissions(me, parent)
  if (!member.permissionsIn(parent).has(NEEDED_BY_PERSON))
    throw new UserError(`You may not write in ${parent} yourself: choose a channel in which you may.`)
  return parent
}

const NEEDED_BY_PERSON = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.SendMessages]

/** A forum's threads are opened with the permission Send Messages; elsewhere there is one of its own. */
export function requirePermissions(me: GuildMember, channel: ThreadParent): void {
  const needed = [
    PermissionFlagsBits.ViewChannel,
    PermissionFlagsBits.SendMessages,
    PermissionFlagsBits.SendMessagesInThreads,
    ...(channel.type === ChannelType.GuildForum ? [] : [PermissionFlagsBits.CreatePublicThreads]),
  ]
  const permissions = channel.permissionsFor(me)
  const missing = PERMISSIONS.filter(({ flag }) => needed.includes(flag) && !permissions.has(flag))
  if (missing.length === 0) return
  const names = new Intl.ListFormat('en').format(missing.map(({ name }) => name))
  throw new UserError(
    `I may not open a thread in ${channel}: give me ${names} there, or choose another channel with \`channel:\`.`,
  )
}

export function isThreadParent(channel: GuildBasedChannel | null): channel is ThreadParent {
  return channel !== null && THREAD_PARENTS.some((type) => type === channel.type)
}
