import {
  type APIGuild,
  type APIGuildChannel,
  type APIGuildMember,
  type APIOverwrite,
  PermissionFlagsBits,
  Routes,
} from 'discord-api-types/v10'
import { missingFor, neededIn } from '../needed-permissions.ts'
import type { Api } from './api.ts'

const ALL = Object.values(PermissionFlagsBits).reduce((all, flag) => all | flag, 0n)

/** What the bot may do in a channel, asked anew each time. */
export interface OwnPermissions {
  /** Null where it cannot be told. */
  in(channelId: string): Promise<bigint | null>
  /** What it lacks there to hold a run, as a list to read; null when nothing, or when it cannot be told. */
  missing(channelId: string): Promise<string | null>
}

export function ownPermissions(api: Api, botUserId: string): OwnPermissions {
  async function look(channelId: string): Promise<{ channel: APIGuildChannel; there: bigint } | null> {
    try {
      const channel = await api.request<APIGuildChannel & { guild_id?: string }>('get', Routes.channel(channelId))
      if (channel.guild_id === undefined) return null
      const guild = await api.request<APIGuild>('get', Routes.guild(channel.guild_id))
      const member = await api.request<APIGuildMember>('get', Routes.guildMember(channel.guild_id, botUserId))
      return { channel, there: computed(guild, channel, member, botUserId) }
    } catch {
      // Whoever needs to know why finds out by doing what it wanted to do.
      return null
    }
  }

  return {
    in: async (channelId) => (await look(channelId))?.there ?? null,
    async missing(channelId) {
      const found = await look(channelId)
      return found && missingFor([...neededIn(found.channel), PermissionFlagsBits.AttachFiles], found.there)
    },
  }
}

/** https://docs.discord.com/developers/topics/permissions#permission-overwrites */
function computed(guild: APIGuild, channel: APIGuildChannel, member: APIGuildMember, userId: string): bigint {
  if (guild.owner_id === userId) return ALL
  const roles = guild.roles.filter(({ id }) => id === guild.id || member.roles.includes(id))
  const base = roles.reduce((all, { permissions }) => all | BigInt(permissions), 0n)
  if ((base & PermissionFlagsBits.Administrator) !== 0n) return ALL
  const overwrites: APIOverwrite[] = channel.permission_overwrites ?? []
  const steps = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id }) => id !== guild.id && member.roles.includes(id)),
    overwrites.filter(({ id }) => id === userId),
  ]
  return steps.reduce((there, step) => {
    const deny = step.reduce((all, each) => all | BigInt(each.deny), 0n)
    const allow = step.reduce((all, each) => all | BigInt(each.allow), 0n)
    return (there & ~deny) | allow
  }, base)
}
