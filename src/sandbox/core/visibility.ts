/** What the bot is told when it begins to see channels. */
import { may } from './access.ts'
import { INTENTS } from './events.ts'
import type { World } from './world.ts'

const visible = (world: World) =>
  world.guildChannels().flatMap((channel) => (may(world, world.bot.id, channel, 'view_channel') ? [channel.id] : []))

/**
 * Makes a change of permissions; the channels that the bot sees since then are synced with their active threads.
 * https://docs.discord.com/developers/events/gateway-events#thread-list-sync
 */
export function syncingThreads(world: World, change: () => void): void {
  const before = new Set(visible(world))
  change()
  const gained = visible(world).filter((id) => !before.has(id))
  if (gained.length === 0) return
  const threads = world
    .threads()
    .filter(
      (thread) =>
        gained.includes(thread.parent_id) &&
        !thread.thread_metadata.archived &&
        may(world, world.bot.id, thread, 'view_channel'),
    )
  world.dispatch({
    t: 'THREAD_LIST_SYNC',
    d: {
      guild_id: world.guild.id,
      channel_ids: gained,
      threads,
      members: threads.flatMap((thread) => world.threadMembers.get(`${thread.id}:${world.bot.id}`) ?? []),
    },
    guild_id: world.guild.id,
    intents: INTENTS.guilds,
    to_bot: true,
  })
}
