/** Op 8 and its GUILD_MEMBERS_CHUNK. https://docs.discord.com/developers/events/gateway-events#request-guild-members */
import { mayRequestAllMembers, mayRequestPresences } from './intents.ts'
import type { GatewayLimits } from './limits.ts'
import type { RequestGuildMembers } from './payloads.ts'
import type { GuildPayload } from './world.ts'

interface Answer {
  t: string
  d: Record<string, unknown>
}

/** At most this many members answer a prefix or a list of ids. */
const SOME_MEMBERS = 100

export class MemberRequests {
  #limits: GatewayLimits
  #limited: boolean
  #lastAll = new Map<string, number>()

  constructor(limits: GatewayLimits, limited: boolean) {
    this.#limits = limits
    this.#limited = limited
  }

  /** @returns the events to send, none where Discord keeps silent (unknown guild, all members without the intent) */
  answer(request: RequestGuildMembers, intents: number, guildOf: (id: string) => GuildPayload | undefined): Answer[] {
    const guildId = typeof request.guild_id === 'string' ? request.guild_id : (request.guild_id[0] ?? '')
    const guild = guildOf(guildId)
    if (!guild) return []
    const nonce =
      typeof request.nonce === 'string' && Buffer.byteLength(request.nonce) <= 32 ? request.nonce : undefined
    if (request.user_ids != null)
      return this.#chunks(guild, byIds(guild, [request.user_ids].flat()), request, intents, nonce)
    const query = request.query ?? ''
    if (query === '' && (request.limit ?? 0) === 0) {
      if (!mayRequestAllMembers(intents)) return []
      const wait = this.#waitForAll(guildId)
      if (wait > 0) return [rateLimited(guildId, nonce, wait)]
      return this.#chunks(guild, { members: guild.members }, request, intents, nonce)
    }
    if (query === '' && !mayRequestAllMembers(intents)) return []
    const limit = Math.min(request.limit || SOME_MEMBERS, SOME_MEMBERS)
    const prefix = query.toLowerCase()
    const named = guild.members.filter(
      (m) => m.user.username.toLowerCase().startsWith(prefix) || m.nick?.toLowerCase().startsWith(prefix),
    )
    return this.#chunks(guild, { members: named.slice(0, limit) }, request, intents, nonce)
  }

  /** ms until all members of the guild may be asked for again; 0 counts this request. https://docs.discord.com/developers/change-log */
  #waitForAll(guildId: string): number {
    if (!this.#limited) return 0
    const now = performance.now()
    const last = this.#lastAll.get(guildId)
    if (last !== undefined && now - last < this.#limits.all_members_window_ms)
      return this.#limits.all_members_window_ms - (now - last)
    this.#lastAll.set(guildId, now)
    return 0
  }

  #chunks(
    guild: GuildPayload,
    found: { members: GuildPayload['members']; not_found?: string[] },
    request: RequestGuildMembers,
    intents: number,
    nonce: string | undefined,
  ): Answer[] {
    const size = this.#limits.chunk_members
    const count = Math.max(1, Math.ceil(found.members.length / size))
    return Array.from({ length: count }, (_, index) => ({
      t: 'GUILD_MEMBERS_CHUNK',
      d: {
        guild_id: guild.id,
        members: found.members.slice(index * size, (index + 1) * size),
        chunk_index: index,
        chunk_count: count,
        not_found: found.not_found ?? [],
        ...(request.presences && mayRequestPresences(intents) ? { presences: [] } : {}),
        ...(nonce === undefined ? {} : { nonce }),
      },
    }))
  }
}

function byIds(guild: GuildPayload, ids: string[]) {
  const members = guild.members.filter((member) => ids.includes(member.user.id)).slice(0, SOME_MEMBERS)
  const found = new Set(members.map((member) => member.user.id))
  return { members, not_found: ids.filter((id) => !found.has(id)) }
}

/** https://docs.discord.com/developers/events/gateway-events#rate-limited */
function rateLimited(guildId: string, nonce: string | undefined, waitMs: number): Answer {
  return { t: 'RATE_LIMITED', d: { opcode: 8, retry_after: waitMs / 1000, meta: { guild_id: guildId, nonce } } }
}
