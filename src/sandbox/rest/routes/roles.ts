/** Roles of the server. https://docs.discord.com/developers/resources/guild#get-guild-roles */
import { needInGuild } from '../../core/access.ts'
import { createRole, deleteRole, editRole, type RoleWish, roleOf, sortRoles } from '../../core/roles.ts'
import { type Call, nothing, ok, part, type Route } from '../route.ts'

const ROLE = 'GuildRoleResponse'
const all = '/guilds/:guild_id/roles'
const one = `${all}/:role_id`
const reading = { method: 'GET' as const, bucket: 'read guild', auth: 'bot' as const }
const writing = { bucket: 'default', auth: 'bot' as const }

/** The server's world and the bot's id. Throws 10004, 50001. */
function here(call: Call) {
  needInGuild(call.world, call.world.bot.id, part(call, 'guild_id'))
  return { world: call.world, me: call.world.bot.id }
}

function counts(call: Call) {
  const { roles, members, guild } = here(call).world
  const others = roles.values().filter((role) => role.id !== guild.id)
  const count = (id: string) => members.values().filter((member) => member.roles.includes(id)).length
  return ok(Object.fromEntries(others.map(({ id }) => [id, count(id)])))
}

export const roleRoutes: Route[] = [
  { ...reading, path: all, response: `${ROLE}[]`, run: (call) => ok(here(call).world.roles.values()) },
  { ...reading, path: `${all}/member-counts`, run: counts },
  {
    ...reading,
    path: one,
    response: ROLE,
    run: (call) => ok(roleOf(here(call).world, part(call, 'role_id'))),
  },
  {
    ...writing,
    method: 'POST',
    path: all,
    request: 'CreateRoleRequest',
    response: ROLE,
    run: (call) => {
      const { world, me } = here(call)
      return ok(createRole(world, me, call.body as RoleWish))
    },
  },
  {
    ...writing,
    method: 'PATCH',
    path: all,
    request: 'UpdateRolePositionsRequest[]',
    response: `${ROLE}[]`,
    run: (call) => {
      const { world, me } = here(call)
      return ok(sortRoles(world, me, call.body as { id?: string | null; position?: number | null }[]))
    },
  },
  {
    ...writing,
    method: 'PATCH',
    path: one,
    request: 'UpdateRoleRequestPartial',
    response: ROLE,
    run: (call) => {
      const { world, me } = here(call)
      return ok(editRole(world, me, roleOf(world, part(call, 'role_id')), call.body as RoleWish))
    },
  },
  {
    ...writing,
    method: 'DELETE',
    path: one,
    run: (call) => {
      const { world, me } = here(call)
      deleteRole(world, me, roleOf(world, part(call, 'role_id')))
      return nothing
    },
  },
]
