/** Pinned messages: the current routes and the deprecated ones. https://docs.discord.com/developers/resources/message#get-channel-pins */
import { channelOf, may, need } from '../../core/access.ts'
import { pinnedIn, setPinned } from '../../core/pins.ts'
import { viewForBot } from '../../core/views.ts'
import { type Call, limitOf, nothing, ok, part, type Route, timeOfQuery } from '../route.ts'
import { seen } from './messages.ts'

const current = '/channels/:channel_id/messages/pins'
const deprecated = '/channels/:channel_id/pins'

/** The pins of a channel, the newest first; none for who may not read its history. */
function pinned(call: Call) {
  const channel = channelOf(call.world, part(call, 'channel_id'))
  need(call.world, call.world.bot.id, channel)
  return may(call.world, call.world.bot.id, channel, 'read_message_history') ? pinnedIn(call.world, channel.id) : []
}

function page(call: Call) {
  const limit = limitOf(call, 50, 50)
  const before = timeOfQuery(call, 'before') ?? Number.POSITIVE_INFINITY
  const found = pinned(call).filter((message) => Date.parse(message.pinned_at) < before)
  const items = found
    .slice(0, limit)
    .map((message) => ({ pinned_at: message.pinned_at, message: viewForBot(call.world, message) }))
  return ok({ items, has_more: found.length > items.length })
}

const set = (value: boolean) => (call: Call) => {
  setPinned(call.world, call.world.bot, seen(call), value)
  return nothing
}

const common = { bucket: 'default', auth: 'bot' as const }

export const pinRoutes: Route[] = [
  {
    ...common,
    method: 'GET',
    path: current,
    bucket: 'read messages',
    response: 'PinnedMessagesResponse',
    run: page,
  },
  {
    ...common,
    method: 'GET',
    path: deprecated,
    bucket: 'read messages',
    response: 'MessageResponse[]',
    run: (call) => ok(pinned(call).map((message) => viewForBot(call.world, message))),
  },
  ...[current, deprecated].flatMap((path): Route[] => [
    { ...common, method: 'PUT', path: `${path}/:message_id`, run: set(true) },
    { ...common, method: 'DELETE', path: `${path}/:message_id`, run: set(false) },
  ]),
]
