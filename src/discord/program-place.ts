import type { Client } from 'discord.js'
import { UserError } from '../core/errors.ts'
import type { Person, StartPlace } from '../core/steering.ts'
import type { SettingsStore } from '../core/store.ts'
import { isThreadParent, requirePermissions } from './place.ts'

/**
 * Where a run opens that a program started, which is nowhere in Discord itself: in the channel it names (by name or id), else in the
 * server's default channel, else without a thread. Throws UserError.
 *
 * @param guildId the bot's one server; null: the one that has the channel, else the first.
 */
export async function placeForProgram(
  { client, store, guildId }: { client: Client; store: Pick<SettingsStore, 'settings'>; guildId: string | null },
  wanted: string | null,
  person: Person,
): Promise<StartPlace> {
  const guilds = [...client.guilds.cache.values()].filter(({ id }) => guildId === null || id === guildId)
  const [first] = guilds
  if (!first) throw new UserError('The bot is in no Discord server yet: invite it first.')
  if (wanted !== null) {
    const name = wanted.replace(/^#/, '')
    const found = guilds
      .flatMap((guild) => [...guild.channels.cache.values()])
      .find((channel) => (channel.id === name || channel.name === name) && isThreadParent(channel))
    if (!found || !isThreadParent(found))
      throw new UserError(
        `There is no text, announcement or forum channel "${wanted.slice(0, 100)}" that the bot can see.`,
      )
    requirePermissions(found.guild.members.me ?? (await found.guild.members.fetchMe()), found)
    return { guild_id: found.guildId, channel_id: found.id, person }
  }
  const { default_channel } = await store.settings(first.id)
  return { guild_id: first.id, channel_id: default_channel, person }
}
