import { ChannelType, type Client } from 'discord.js'

/** The text or announcement channel of a server with this name (a leading `#` aside) or id; null when there is none. */
export async function findChannel(client: Client, guildId: string, nameOrId: string): Promise<string | null> {
  const channels = client.guilds.cache.get(guildId)?.channels.cache
  const name = nameOrId.replace(/^#/, '')
  const writable = channels?.filter(
    ({ type }) => type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement,
  )
  return writable?.find((channel) => channel.id === name || channel.name === name)?.id ?? null
}
