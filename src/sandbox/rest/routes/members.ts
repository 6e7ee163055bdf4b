/** Members of the server. https://docs.discord.com/developers/resources/guild#get-guild-member */
import { needInGuild, rank } from '../../core/access.ts'
import { invalidForm, refuse } from '../../core/errors.ts'
import { INTENTS } from '../../core/events.ts'
import type { Member } from '../../core/shapes.ts'
import { syncingThreads } from '../../core/visibility.ts'
import { type Call, idOfQuery, limitOf, nothing, ok, part, type Route } from '../route.ts'

const MEMBER = 'GuildMemberResponse'
const all = '/guilds/:guild_id/members'

function inGuild(call: Call): void {
  needInGuild(call.world, call.world.bot.id, part(call, 'guild_id'))
}

function list(call: Call) {
  inGuild(call)
  // Needs the members intent. https://docs.discord.com/developers/resources/guild#list-guild-members
  if (!(call.world.privilegedIntents & INTENTS.guild_members)) throw refuse(50001)
  const limit = limitOf(call, 1, 1000)
  const after = idOfQuery(call, 'after') ?? 0n
  const found = call.world.members.values().filter((member) => BigInt(member.user.id) > after)
  return ok(found.slice(0, limit))
}

/** Whose name begins with the text. https://docs.discord.com/developers/resources/guild#search-guild-members */
function search(call: Call) {
  inGuild(call)
  const limit = limitOf(call, 1, 1000)
  const text = call.query.query?.toLowerCase()
  if (!text) throw invalidForm('query', 'BASE_TYPE_REQUIRED', 'This field is required')
  const begins = (name: string | null) => name?.toLowerCase().startsWith(text) ?? false
  const found = call.world.members
    .values()
    .filter(({ user, nick }) => [user.username, user.global_name, nick].some(begins))
  return ok(found.slice(0, limit))
}

/** Changes the bot's own membership; only its nickname is kept here. https://docs.discord.com/developers/resources/guild#modify-current-member */
function editOwn(call: Call) {
  const { world } = call
  inGuild(call)
  const { nick } = call.body as { nick?: string | null }
  const member = world.members.get(world.bot.id)
  if (!member) throw refuse(50001)
  if (nick === undefined) return ok(member)
  needInGuild(world, world.bot.id, world.guild.id, 'change_nickname')
  return ok(put(call, { ...member, nick: nick?.trim() || null }))
}

function put(call: Call, changed: Member): Member {
  const { world } = call
  syncingThreads(world, () => {
    world.members.put(changed.user.id, changed)
    world.dispatch({
      t: 'GUILD_MEMBER_UPDATE',
      d: { guild_id: world.guild.id, ...changed },
      guild_id: world.guild.id,
      intents: INTENTS.guild_members,
      to_bot: true,
    })
  })
  return changed
}

/** A role below the bot's own highest. https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
function changeRoles(call: Call, change: (roles: string[], id: string) => string[]) {
  const { world } = call
  needInGuild(world, world.bot.id, part(call, 'guild_id'), 'manage_roles')
  const role = world.roles.get(part(call, 'role_id'))
  const member = world.members.get(part(call, 'user_id'))
  if (!role) throw refuse(10011)
  if (!member) throw refuse(10007)
  if (role.managed || role.position >= rank(world, world.bot.id)) throw refuse(50013)
  put(call, { ...member, roles: change(member.roles, role.id) })
  return nothing
}

const reading = { method: 'GET' as const, bucket: 'read guild', auth: 'bot' as const }

export const memberRoutes: Route[] = [
  { ...reading, path: all, response: `${MEMBER}[]`, run: list },
  { ...reading, path: `${all}/search`, response: `${MEMBER}[]`, run: search },
  {
    ...reading,
    path: `${all}/:user_id`,
    response: MEMBER,
    run: (call) => {
      inGuild(call)
      const member = call.world.members.get(part(call, 'user_id'))
      if (!member) throw refuse(10007)
      return ok(member)
    },
  },
  {
    method: 'PATCH',
    path: `${all}/@me`,
    bucket: 'default',
    auth: 'bot',
    request: 'EditOwnMember',
    response: MEMBER,
    run: editOwn,
  },
  {
    method: 'PUT',
    path: `${all}/:user_id/roles/:role_id`,
    bucket: 'default',
    auth: 'bot',
    run: (call) => changeRoles(call, (roles, id) => [...roles.filter((other) => other !== id), id]),
  },
  {
    method: 'DELETE',
    path: `${all}/:user_id/roles/:role_id`,
    bucket: 'default',
    auth: 'bot',
    run: (call) => changeRoles(call, (roles, id) => roles.filter((other) => other !== id)),
  },
]
