/** Whom a message pings. https://docs.discord.com/developers/resources/message#allowed-mentions-object */
import { may } from './access.ts'
import { invalidForm } from './errors.ts'
import type { Channel, User } from './shapes.ts'
import type { World } from './world.ts'

export interface AllowedMentions {
  parse?: (string | null)[] | null
  users?: (string | null)[] | null
  roles?: (string | null)[] | null
  replied_user?: boolean | null
}

export interface Mentioned {
  mentions: User[]
  mention_roles: string[]
  mention_everyone: boolean
}

/** Throws 50035 when `parse` and a list name the same kind. */
export function checkAllowedMentions(allowed: AllowedMentions | null | undefined): void {
  for (const kind of ['users', 'roles'] as const) {
    if (allowed?.parse?.includes(kind) && allowed[kind]?.length) {
      throw invalidForm(
        'allowed_mentions',
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      )
    }
  }
}

/** @param sender whose right to ping everyone counts; a webhook's own is not limited */
export function mentionsOf(
  world: World,
  text: string,
  allowed: AllowedMentions | null | undefined,
  sender: { id: string; channel: Channel; webhook: boolean },
  replied?: User,
): Mentioned {
  const bare = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
  const parses = (kind: string) => !allowed || (allowed.parse?.includes(kind) ?? false)
  const userIds = [...bare.matchAll(/<@!?(\d+)>/g)].map((m) => m[1] ?? '')
  const roleIds = [...bare.matchAll(/<@&(\d+)>/g)].map((m) => m[1] ?? '')
  const users = [...new Set(userIds)]
    .filter((id) => parses('users') || allowed?.users?.includes(id))
    .map((id) => world.members.get(id)?.user)
    .filter((user): user is User => user !== undefined)
  if (replied && (allowed ? allowed.replied_user === true : true) && !users.some((u) => u.id === replied.id)) {
    if (world.members.get(replied.id)) users.push(replied)
  }
  const everyoneAllowed = sender.webhook || may(world, sender.id, sender.channel, 'mention_everyone')
  const roles = [...new Set(roleIds)].filter((id) => {
    const role = world.roles.get(id)
    return role && (role.mentionable || everyoneAllowed) && (parses('roles') || allowed?.roles?.includes(id))
  })
  return {
    mentions: users,
    mention_roles: roles,
    mention_everyone: everyoneAllowed && parses('everyone') && /@(everyone|here)\b/.test(bare),
  }
}
