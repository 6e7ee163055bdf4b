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
import type { RunSpec } from '../core/run.ts'
import type { Menu, Press, Slash } from './command.ts'
import { missingFor, neededIn } from './needed-permissions.ts'

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

/** Throws a UserError that names the permissions which the bot lacks for a run's thread in this channel. */
export function requirePermissions(me: GuildMember, channel: ThreadParent): void {
  const missing = missingFor(neededIn(channel), channel.permissionsFor(me).bitfield)
  if (missing !== null)
    throw new UserError(
      `I may not hold a run in ${channel}: give me ${missing} there, or choose another channel with \`channel:\`.`,
    )
}

/** Throws a UserError unless the bot may post pictures there, for runs with media agents: they would pay for what nobody can see. */
export function requireForMedia(channel: ThreadParent, spec: Pick<RunSpec, 'media'>): void {
  const { me } = channel.guild.members
  if (spec.media.length === 0 || me === null) return
  const missing = missingFor([PermissionFlagsBits.AttachFiles], channel.permissionsFor(me).bitfield)
  if (missing !== null)
    throw new UserError(`I may not post pictures in ${channel}: give me ${missing} there, or leave \`media:\` out.`)
}

export function isThreadParent(channel: GuildBasedChannel | null): channel is ThreadParent {
  return channel !== null && THREAD_PARENTS.some((type) => type === channel.type)
}
