/** Who may do what. https://docs.discord.com/developers/topics/permissions */
import type { GuildChannel, Member, Role } from './shapes.ts'

export const PERMISSIONS = {
  kick_members: 1n << 1n,
  ban_members: 1n << 2n,
  administrator: 1n << 3n,
  manage_channels: 1n << 4n,
  manage_guild: 1n << 5n,
  add_reactions: 1n << 6n,
  view_channel: 1n << 10n,
  send_messages: 1n << 11n,
  send_tts_messages: 1n << 12n,
  manage_messages: 1n << 13n,
  embed_links: 1n << 14n,
  attach_files: 1n << 15n,
  read_message_history: 1n << 16n,
  mention_everyone: 1n << 17n,
  use_external_emojis: 1n << 18n,
  change_nickname: 1n << 26n,
  manage_nicknames: 1n << 27n,
  manage_roles: 1n << 28n,
  manage_webhooks: 1n << 29n,
  use_application_commands: 1n << 31n,
  manage_threads: 1n << 34n,
  create_public_threads: 1n << 35n,
  create_private_threads: 1n << 36n,
  send_messages_in_threads: 1n << 38n,
  moderate_members: 1n << 40n,
  pin_messages: 1n << 51n,
  bypass_slowmode: 1n << 52n,
} as const

export type Permission = keyof typeof PERMISSIONS

export const ALL_PERMISSIONS = (1n << 53n) - 1n

export interface Standing {
  owner: boolean
  everyone: Role
  roles: Role[]
  member: Member
}

/** Server-wide permissions. https://docs.discord.com/developers/topics/permissions#permission-overwrites */
export function basePermissions(standing: Standing): bigint {
  if (standing.owner) return ALL_PERMISSIONS
  let bits = BigInt(standing.everyone.permissions)
  for (const role of standing.roles) bits |= BigInt(role.permissions)
  return bits & PERMISSIONS.administrator ? ALL_PERMISSIONS : bits
}

/**
 * Permissions in one channel, overwrites applied in Discord's order: everyone, roles, member.
 * For a thread: its parent's, where SEND_MESSAGES_IN_THREADS is what lets one speak.
 */
export function channelPermissions(standing: Standing, channel: GuildChannel, thread = false): bigint {
  let bits = basePermissions(standing)
  if (bits & PERMISSIONS.administrator) return ALL_PERMISSIONS
  const everyone = channel.permission_overwrites.find((o) => o.id === standing.everyone.id)
  if (everyone) bits = (bits & ~BigInt(everyone.deny)) | BigInt(everyone.allow)
  let allow = 0n
  let deny = 0n
  for (const overwrite of channel.permission_overwrites) {
    if (overwrite.type !== 0 || !standing.member.roles.includes(overwrite.id)) continue
    allow |= BigInt(overwrite.allow)
    deny |= BigInt(overwrite.deny)
  }
  bits = (bits & ~deny) | allow
  const own = channel.permission_overwrites.find((o) => o.type === 1 && o.id === standing.member.user.id)
  if (own) bits = (bits & ~BigInt(own.deny)) | BigInt(own.allow)
  return implicit(bits, thread ? PERMISSIONS.send_messages_in_threads : PERMISSIONS.send_messages)
}

/**
 * Without VIEW_CHANNEL nothing is left, and who may not speak may not attach, embed or ping either.
 * https://docs.discord.com/developers/topics/permissions#implicit-permissions
 * https://docs.discord.com/developers/topics/permissions#inherited-permissions-threads
 */
function implicit(bits: bigint, speak: bigint): bigint {
  if (!(bits & PERMISSIONS.view_channel)) return 0n
  if (!(bits & speak)) {
    return (
      bits &
      ~(
        PERMISSIONS.mention_everyone |
        PERMISSIONS.send_tts_messages |
        PERMISSIONS.attach_files |
        PERMISSIONS.embed_links
      )
    )
  }
  return bits
}
