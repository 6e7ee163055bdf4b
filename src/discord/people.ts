import type { GuildMember, User } from 'discord.js'
import type { Person } from '../core/steering.ts'

/** Someone as a run knows them: under the name and face they have in this server. */
export function personOf(someone: GuildMember | User): Person {
  return {
    id: someone.id,
    name: someone.displayName,
    avatar_url: someone.displayAvatarURL({ extension: 'png', size: 128 }),
  }
}
