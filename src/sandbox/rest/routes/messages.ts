/** Messages of a channel. https://docs.discord.com/developers/resources/message */
import { channelOf, may, need } from '../../core/access.ts'
import { invalidForm, refuse } from '../../core/errors.ts'
import { INTENTS } from '../../core/events.ts'
import type { MessageBody } from '../../core/message-body.ts'
import { crosspost, editAs, erase, eraseAs, messageOf } from '../../core/message-changes.ts'
import { sendAs } from '../../core/messages.ts'
import { startTyping } from '../../core/reactions.ts'
import { isDirect, type Message } from '../../core/shapes.ts'
import { timeOf } from '../../core/snowflake.ts'
import type { StoredMessage } from '../../core/storage.ts'
import { viewForBot } from '../../core/views.ts'
import { type Call, idOfQuery, limitOf, nothing, ok, part, type Route } from '../route.ts'

const MESSAGE = 'MessageResponse'
const here = '/channels/:channel_id/messages'
const one = `${here}/:message_id`

/** A message the bot can see: no one's ephemeral. Throws 10003, 50001, 10008. */
export function seen(call: Call): StoredMessage {
  const channel = channelOf(call.world, part(call, 'channel_id'))
  need(call.world, call.world.bot.id, channel)
  const stored = messageOf(call.world, channel.id, part(call, 'message_id'))
  if (stored.ephemeral_for) throw refuse(10008)
  return stored
}

/** A page of history: `around`, `before` or `after`, 1 to 100, newest first. https://docs.discord.com/developers/resources/message#get-channel-messages */
function history(call: Call): Message[] {
  const { world, query } = call
  const channel = channelOf(world, part(call, 'channel_id'))
  need(world, world.bot.id, channel)
  const limit = limitOf(call, 50, 100)
  const given = (['around', 'before', 'after'] as const).filter((key) => idOfQuery(call, key) !== undefined)
  if (given.length > 1)
    throw invalidForm(
      given[1] ?? '',
      'BASE_TYPE_INVALID',
      `Only one of ${given.join(' and ')} may be passed at a time.`,
    )
  // Without the right to read history there is nothing to see.
  if (!may(world, world.bot.id, channel, 'read_message_history')) return []
  if (query.around !== undefined) {
    const half = Math.floor(limit / 2)
    const after = world.messagesOf(channel.id, { after: String(BigInt(query.around) - 1n), limit: limit - half })
    const before = world.messagesOf(channel.id, { before: query.around, limit: half })
    return [...after, ...before]
  }
  const { before, after } = query
  return world.messagesOf(channel.id, { limit, ...(before ? { before } : after ? { after } : {}) })
}

export const messageRoutes: Route[] = [
  {
    method: 'GET',
    path: here,
    bucket: 'read messages',
    auth: 'bot',
    response: `${MESSAGE}[]`,
    run: (call) => ok(history(call).map((message) => viewForBot(call.world, message))),
  },
  {
    method: 'POST',
    path: here,
    bucket: 'create message',
    auth: 'bot',
    request: 'MessageCreateRequest',
    response: MESSAGE,
    run: (call) => {
      const body = call.body as MessageBody
      const message = sendAs(call.world, call.world.bot, part(call, 'channel_id'), body, call.uploads)
      return ok({
        ...viewForBot(call.world, message),
        ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
      })
    },
  },
  {
    method: 'POST',
    path: `${here}/bulk-delete`,
    bucket: 'bulk delete',
    auth: 'bot',
    request: 'BulkDelete',
    run: (call) => {
      bulkDelete(call)
      return nothing
    },
  },
  {
    method: 'GET',
    path: one,
    bucket: 'read messages',
    auth: 'bot',
    response: MESSAGE,
    run: (call) => {
      const stored = seen(call)
      need(call.world, call.world.bot.id, channelOf(call.world, stored.message.channel_id), 'read_message_history')
      return ok(viewForBot(call.world, stored.message))
    },
  },
  {
    method: 'PATCH',
    path: one,
    bucket: 'edit message',
    auth: 'bot',
    request: 'MessageEditRequestPartial',
    response: MESSAGE,
    run: (call) => {
      const edited = editAs(call.world, call.world.bot.id, seen(call), call.body as MessageBody, call.uploads)
      return ok(viewForBot(call.world, edited.message))
    },
  },
  {
    method: 'DELETE',
    path: one,
    bucket: 'delete message',
    auth: 'bot',
    run: (call) => {
      eraseAs(call.world, call.world.bot.id, seen(call))
      return nothing
    },
  },
  {
    method: 'POST',
    path: `${one}/crosspost`,
    bucket: 'create message',
    auth: 'bot',
    response: MESSAGE,
    run: (call) => ok(viewForBot(call.world, crosspost(call.world, call.world.bot.id, seen(call)))),
  },
  {
    method: 'POST',
    path: '/channels/:channel_id/typing',
    bucket: 'typing',
    auth: 'bot',
    run: (call) => {
      startTyping(call.world, call.world.bot.id, part(call, 'channel_id'))
      return nothing
    },
  },
]

const TWO_WEEKS = 14 * 24 * 3600 * 1000

/** https://docs.discord.com/developers/resources/message#bulk-delete-messages */
function bulkDelete(call: Call): void {
  const { world } = call
  const channel = channelOf(world, part(call, 'channel_id'))
  need(world, world.bot.id, channel, 'manage_messages')
  if (isDirect(channel)) throw refuse(50003)
  const { messages: ids } = call.body as { messages: string[] }
  if (ids.some((id) => world.now() - timeOf(id) > TWO_WEEKS)) throw refuse(50034)
  const found = ids.map((id) => world.message(id)).filter((stored) => stored?.message.channel_id === channel.id)
  for (const stored of found) if (stored) erase(world, stored, true)
  world.dispatch({
    t: 'MESSAGE_DELETE_BULK',
    d: { ids, channel_id: channel.id, guild_id: channel.guild_id },
    guild_id: channel.guild_id,
    intents: INTENTS.guild_messages,
    to_bot: true,
  })
}
