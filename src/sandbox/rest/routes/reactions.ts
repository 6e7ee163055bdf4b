/** Reactions. https://docs.discord.com/developers/resources/message#create-reaction */
import { clearReactions, react, reactors, unreact } from '../../core/reactions.ts'
import { type Call, idOfQuery, limitOf, nothing, ok, part, type Route } from '../route.ts'
import { seen } from './messages.ts'

const all = '/channels/:channel_id/messages/:message_id/reactions'
const of = `${all}/:emoji`
const common = { bucket: 'react', auth: 'bot' as const }

/** https://docs.discord.com/developers/resources/message#get-reactions; `type` 1, burst reactions, nobody here can give */
function users(call: Call) {
  const limit = limitOf(call, 25, 100)
  const after = idOfQuery(call, 'after') ?? 0n
  const found = reactors(call.world, seen(call), part(call, 'emoji'))
  if (call.query.type === '1') return ok([])
  return ok(found.filter((user) => BigInt(user.id) > after).slice(0, limit))
}

export const reactionRoutes: Route[] = [
  { ...common, method: 'GET', path: of, bucket: 'read messages', response: 'UserResponse[]', run: users },
  {
    ...common,
    method: 'PUT',
    path: `${of}/@me`,
    run: (call) => {
      react(call.world, call.world.bot.id, seen(call), part(call, 'emoji'))
      return nothing
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: `${of}/@me`,
    run: (call) => {
      unreact(call.world, call.world.bot.id, seen(call), part(call, 'emoji'))
      return nothing
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: all,
    run: (call) => {
      clearReactions(call.world, call.world.bot.id, seen(call))
      return nothing
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: of,
    run: (call) => {
      clearReactions(call.world, call.world.bot.id, seen(call), part(call, 'emoji'))
      return nothing
    },
  },
]
