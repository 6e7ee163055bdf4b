/** Pinned messages. https://docs.discord.com/developers/resources/message#pin-message */
import { channelOf, may, need } from './access.ts'
import { refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { guildOf, post, tell } from './messages.ts'
import { type Channel, isThread, type Message, type User } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import type { World } from './world.ts'

/** Pins or unpins; a pin is told by a message of type 6. Throws 30003. */
export function setPinned(world: World, by: User, stored: StoredMessage, pinned: boolean): void {
  const channel = channelOf(world, stored.message.channel_id)
  need(world, by.id, channel, 'pin_messages')
  if (isThread(channel) && channel.thread_metadata.archived) throw refuse(50083)
  if (stored.message.pinned === pinned) return
  if (pinned && pinnedIn(world, channel.id).length >= world.limits.pins) throw refuse(30003)
  const { pinned_at: _, ...rest } = stored.message
  const changed = { ...stored, message: { ...rest, pinned, ...(pinned ? { pinned_at: world.iso() } : {}) } }
  world.storage.putMessage(changed)
  tell(world, 'MESSAGE_UPDATE', changed)
  tellPins(world, channel)
  if (!pinned) return
  post(world, {
    channel,
    author: by,
    written: { content: '', embeds: [], components: [], attachments: [], flags: 0 },
    type: 6,
    extra: { message_reference: { type: 0, channel_id: channel.id, message_id: stored.message.id } },
  })
}

/** The one pinned last comes first. */
export function pinnedIn(world: World, channelId: string): (Message & { pinned_at: string })[] {
  return world
    .messagesOf(channelId, { limit: 100_000 })
    .filter((message) => message.pinned)
    .map((message) => ({ ...message, pinned_at: message.pinned_at ?? message.timestamp }))
    .sort((a, b) => (a.pinned_at < b.pinned_at ? 1 : -1))
}

/** https://docs.discord.com/developers/events/gateway-events#channel-pins-update */
function tellPins(world: World, channel: Channel): void {
  world.dispatch({
    t: 'CHANNEL_PINS_UPDATE',
    d: {
      channel_id: channel.id,
      ...guildOf(channel),
      last_pin_timestamp: pinnedIn(world, channel.id)[0]?.pinned_at ?? null,
    },
    ...guildOf(channel),
    intents: 'guild_id' in channel ? INTENTS.guilds : INTENTS.direct_messages,
    to_bot: may(world, world.bot.id, channel, 'view_channel'),
  })
}
