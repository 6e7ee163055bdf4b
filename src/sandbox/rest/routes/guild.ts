/** The server, its people, its roles; the bot's own user; where the gateway is. */
import { needInGuild, rank } from '../../core/access.ts'
import { refuse } from '../../core/errors.ts'
import { INTENTS } from '../../core/events.ts'
import { botUser, guildPayload } from '../../core/payloads.ts'
import { directChannel } from '../../core/person.ts'
import { type Call, nothing, ok, part, type Route } from '../route.ts'

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
    path: '/guilds/:guild_id/roles',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildRoleResponse[]',
    run: (call) => {
      inGuild(call)
      return ok(call.world.roles.values())
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/roles/:role_id',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildRoleResponse',
    run: (call) => {
      inGuild(call)
      const role = call.world.roles.get(part(call, 'role_id'))
      if (!role) throw refuse(10011)
      return ok(role)
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/members',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildMemberResponse[]',
    run: (call) => {
      inGuild(call)
      // Needs the members intent. https://docs.discord.com/developers/resources/guild#list-guild-members
      if (!(call.world.privilegedIntents & INTENTS.guild_members)) throw refuse(50001)
      const limit = Number(call.query.limit ?? 1)
      const after = BigInt(call.query.after ?? '0')
      return ok(
        call.world.members
          .values()
          .filter((m) => BigInt(m.user.id) > after)
          .slice(0, limit),
      )
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/members/:user_id',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildMemberResponse',
    run: (call) => {
      inGuild(call)
      const member = call.world.members.get(part(call, 'user_id'))
      if (!member) throw refuse(10007)
      return ok(member)
    },
  },
  {
    method: 'PUT',
    path: '/guilds/:guild_id/members/:user_id/roles/:role_id',
    bucket: 'default',
    auth: 'bot',
    run: (call) => changeRoles(call, (roles, id) => [...roles.filter((other) => other !== id), id]),
  },
  {
    method: 'DELETE',
    path: '/guilds/:guild_id/members/:user_id/roles/:role_id',
    bucket: 'default',
    auth: 'bot',
    run: (call) => changeRoles(call, (roles, id) => roles.filter((other) => other !== id)),
  },
]

/** A role below the bot's own highest. https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
function changeRoles(call: Call, change: (roles: string[], id: string) => string[]) {
  const { world } = call
  needInGuild(world, world.bot.id, part(call, 'guild_id'), 'manage_roles')
  const role = world.roles.get(part(call, 'role_id'))
  const member = world.members.get(part(call, 'user_id'))
  if (!role) throw refuse(10011)
  if (!member) throw refuse(10007)
  if (role.managed || role.position >= rank(world, world.bot.id)) throw refuse(50013)
  const changed = { ...member, roles: change(member.roles, role.id) }
  world.members.put(member.user.id, changed)
  world.dispatch({
    t: 'GUILD_MEMBER_UPDATE',
    d: { guild_id: world.guild.id, ...changed },
    guild_id: world.guild.id,
    intents: INTENTS.guild_members,
    to_bot: true,
  })
  return nothing
}

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
        permissions: '0',
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
