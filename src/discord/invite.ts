import { OAuth2Scopes, PermissionFlagsBits } from 'discord-api-types/v10'

/** Every permission the invite link asks for, and what it is for. The README's table is this one. */
export const PERMISSIONS = [
  { name: 'View Channels', flag: PermissionFlagsBits.ViewChannel, use: 'to see the channels in which runs open' },
  { name: 'Send Messages', flag: PermissionFlagsBits.SendMessages, use: 'to announce a run, and to open forum posts' },
  { name: 'Create Public Threads', flag: PermissionFlagsBits.CreatePublicThreads, use: "to open a run's thread" },
  {
    name: 'Send Messages in Threads',
    flag: PermissionFlagsBits.SendMessagesInThreads,
    use: 'to post the control panel, notices and turns',
  },
  {
    name: 'Manage Threads',
    flag: PermissionFlagsBits.ManageThreads,
    use: 'to delete the thread of a run that is deleted, and to use forum tags that only moderators may set',
  },
  {
    name: 'Manage Webhooks',
    flag: PermissionFlagsBits.ManageWebhooks,
    use: 'to let each actor speak under its own name and face (without it the bot speaks for them)',
  },
  { name: 'Embed Links', flag: PermissionFlagsBits.EmbedLinks, use: 'to show the control panel and lists' },
  { name: 'Attach Files', flag: PermissionFlagsBits.AttachFiles, use: 'to post pictures and exports' },
  {
    name: 'Read Message History',
    flag: PermissionFlagsBits.ReadMessageHistory,
    use: 'to look whether a message arrived when the connection broke, so that none is posted twice',
  },
  {
    name: 'Add Reactions',
    flag: PermissionFlagsBits.AddReactions,
    use: 'to show that a message which mentions the bot was heard',
  },
] as const

export const INVITE_PERMISSIONS: bigint = PERMISSIONS.reduce((all, { flag }) => all | flag, 0n)

/** The link with which someone who manages a server adds the bot to it. */
export function inviteUrl(applicationId: string, guildId: string | null = null): string {
  const url = new URL('https://discord.com/oauth2/authorize')
  url.searchParams.set('client_id', applicationId)
  url.searchParams.set('scope', [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '))
  url.searchParams.set('permissions', String(INVITE_PERMISSIONS))
  if (guildId !== null) url.searchParams.set('guild_id', guildId)
  return url.href
}
