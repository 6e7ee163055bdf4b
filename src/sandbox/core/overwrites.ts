/** Permission overwrites as they are wished for, checked. https://docs.discord.com/developers/resources/channel#overwrite-object */
import { guildPermissions, rank } from './access.ts'
import { invalidForm, refuse } from './errors.ts'
import { ALL_PERMISSIONS, PERMISSIONS } from './permissions.ts'
import type { GuildChannel, Overwrite } from './shapes.ts'
import type { World } from './world.ts'

/** Bits are a string of digits, or a number; absent and null mean none. */
export interface OverwriteWish {
  id: string
  type?: number | null
  allow?: string | number | null
  deny?: string | number | null
}

const MOST_BITS = (1n << 63n) - 1n

/** Throws 50035 for what is no bit set: below zero, a fraction, words, more than 63 bits. https://docs.discord.com/developers/topics/permissions */
export function readBits(value: string | number | null | undefined, path: string): string {
  if (value === null || value === undefined) return '0'
  const whole = typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : /^\d{1,19}$/.test(value)
  if (!whole || BigInt(value) > MOST_BITS)
    throw invalidForm(path, 'NUMBER_TYPE_COERCE', `Value "${value}" is not a permission bit set.`)
  return String(BigInt(value) & ALL_PERMISSIONS)
}

/** Reads one wish. Throws 10011 for an unknown role, 10013 for an unknown member, 50035 for bad bits. */
export function readOverwrite(world: World, wish: OverwriteWish, path = ''): Overwrite {
  const role = world.roles.get(wish.id)
  // A partial overwrite may leave its type out. https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel
  const type = wish.type ?? (role ? 0 : 1)
  if (type === 0 && !role) throw refuse(10011)
  if (type === 1 && !world.members.get(wish.id)) throw refuse(10013)
  return {
    id: wish.id,
    type: type === 1 ? 1 : 0,
    allow: readBits(wish.allow, `${path}allow`),
    deny: readBits(wish.deny, `${path}deny`),
  }
}

/** Reads the list that a channel is made or changed with. */
export function readOverwrites(world: World, wishes: OverwriteWish[]): Overwrite[] {
  return wishes.map((wish, at) => readOverwrite(world, wish, `permission_overwrites.${at}.`))
}

/**
 * Only what one may do oneself may be allowed or denied, unless the channel itself gives one MANAGE_ROLES; that permission is an
 * administrator's alone to set. An overwrite that stays as it is asks for nothing. Throws 50013.
 * https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel
 * https://docs.discord.com/developers/resources/guild#create-guild-channel
 */
export function needOwnBits(world: World, userId: string, before: Overwrite[], after: Overwrite[]): void {
  const own = guildPermissions(world, userId)
  if (own & PERMISSIONS.administrator) return
  const held = [userId, ...(world.members.get(userId)?.roles ?? [])]
  const lifted = before.some((o) => held.includes(o.id) && BigInt(o.allow) & PERMISSIONS.manage_roles)
  for (const overwrite of after) {
    const same = before.find((o) => o.id === overwrite.id)
    const touched =
      (BigInt(overwrite.allow) ^ BigInt(same?.allow ?? 0)) | (BigInt(overwrite.deny) ^ BigInt(same?.deny ?? 0))
    if (touched & PERMISSIONS.manage_roles) throw refuse(50013)
    if (!lifted && touched & ~own) throw refuse(50013)
  }
}

/** Roles at or above one's own are out of reach. https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
export function needBelow(world: World, userId: string, channel: GuildChannel, after: Overwrite[]): void {
  for (const overwrite of after) {
    const same = channel.permission_overwrites.find((o) => o.id === overwrite.id)
    if (same?.allow === overwrite.allow && same.deny === overwrite.deny) continue
    const role = overwrite.type === 0 && overwrite.id !== world.guild.id ? world.roles.get(overwrite.id) : undefined
    if (role && role.position >= rank(world, userId)) throw refuse(50013)
  }
}
