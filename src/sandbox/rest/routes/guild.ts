/** The server; the bot's own user; where the gateway is. */
import { guildPermissions, needInGuild } from '../../core/access.ts'
import { refuse } from '../../core/errors.ts'
import { botUser, guildPayload } from '../../core/payloads.ts'
import { directChannel } from '../../core/person.ts'
import { type Call, ok, part, type Route } from '../route.ts'

function inGuild(call: Call): void {
  needInGuild(call.world, call.world.bot.id, part(call, 'guild_id'))
}

/** https://docs.discord.com/developers/resources/guild */
const guild: Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildWithCountsResponse',
    run: (call) => {
      inGuild(call)
      const counts = {
        approximate_member_count: call.world.members.size,
        approximate_presence_count: call.world.members.size,
      }
      return ok({ ...guildPayload(call.world), ...(call.query.with_counts === 'true' ? counts : {}) })
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/emojis',
    bucket: 'read guild',
    auth: 'bot',
    response: 'EmojiResponse[]',
    run: (call) => {
      inGuild(call)
      // This server has none of its own; the application's are at /applications.
      return ok([])
    },
  },
]

/** https://docs.discord.com/developers/resources/user */
const users: Route[] = [
  {
    method: 'GET',
    path: '/users/@me',
    bucket: 'read guild',
    auth: 'bot',
    response: 'UserPIIResponse',
    run: ({ world }) => ok(botUser(world)),
  },
  {
    method: 'PATCH',
    path: '/users/@me',
    bucket: 'default',
    auth: 'bot',
    request: 'EditSelf',
    response: 'UserPIIResponse',
    run: ({ world, body }) => {
      const { username } = body as { username?: string | null }
      if (username) world.amend({ bot: { ...world.bot, username } })
      return ok(botUser(world))
    },
  },
  {
    method: 'GET',
    path: '/users/@me/guilds',
    bucket: 'read guild',
    auth: 'bot',
    run: ({ world }) => {
      const { id, name, owner_id } = world.guild
      const member = world.members.get(world.bot.id)
      const entry = {
        id,
        name,
        icon: null,
        banner: null,
        owner: owner_id === world.bot.id,
        features: [],
        permissions: String(guildPermissions(world, world.bot.id)),
      }
      return ok(member ? [entry] : [])
    },
  },
  {
    method: 'POST',
    path: '/users/@me/channels',
    bucket: 'default',
    auth: 'bot',
    request: 'CreatePrivateChannelRequest',
    response: 'PrivateChannelResponse',
    run: ({ world, body }) => {
      const user = world.members.get(String((body as { recipient_id?: string }).recipient_id))?.user
      if (!user || user.bot) throw refuse(50033)
      return ok(directChannel(world, user))
    },
  },
  {
    method: 'GET',
    path: '/users/:user_id',
    bucket: 'read guild',
    auth: 'bot',
    response: 'UserResponse',
    run: (call) => {
      const member = call.world.members.get(part(call, 'user_id'))
      if (!member) throw refuse(10013)
      return ok(member.user)
    },
  },
]

/** https://docs.discord.com/developers/events/gateway#get-gateway-bot */
const gateway: Route[] = [
  {
    method: 'GET',
    path: '/gateway',
    bucket: 'gateway',
    auth: 'open',
    response: 'GatewayResponse',
    run: ({ world }) => ok({ url: world.gatewayUrl }),
  },
  {
    method: 'GET',
    path: '/gateway/bot',
    bucket: 'gateway',
    auth: 'bot',
    response: 'GatewayBotResponse',
    run: ({ world }) => ok({ url: world.gatewayUrl, shards: 1, session_start_limit: world.sessionStartLimit() }),
  },
]

export const guildRoutes: Route[] = [...gateway, ...users, ...guild]
