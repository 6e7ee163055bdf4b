/** Op 8 and its GUILD_MEMBERS_CHUNK. https://docs.discord.com/developers/events/gateway-events#request-guild-members */
import { mayRequestAllMembers, mayRequestPresences } from './intents.ts'
import type { RequestGuildMembers } from './payloads.ts'
import type { GatewayMember, GatewayWorld } from './world.ts'

interface Answer {
  t: string
  d: Record<string, unknown>
}

interface Found {
  members: GatewayMember[]
  not_found: string[]
}

/** At most this many members answer a prefix; a list of ids is no longer than that (payloads.ts). */
const SOME_MEMBERS = 100

export class MemberRequests {
  #table: GatewayWorld['limits']
  #lastAll = new Map<string, number>()

  constructor(table: GatewayWorld['limits']) {
    this.#table = table
  }

  /** @returns the events to send, none where Discord keeps silent (unknown guild, all members without the intent) */
  answer(request: RequestGuildMembers, intents: number, world: GatewayWorld): Answer[] {
    const guildId = [request.guild_id].flat()[0] ?? ''
    if (!world.guildCreatePayload(guildId)) return []
    const nonce =
      typeof request.nonce === 'string' && Buffer.byteLength(request.nonce) <= 32 ? request.nonce : undefined
    const everyone = request.user_ids == null && !request.query
    if (everyone && !mayRequestAllMembers(intents)) return []
    if (everyone && !request.limit) {
      const wait = this.#waitForAll(guildId)
      if (wait > 0) return [rateLimited(guildId, nonce, wait)]
    }
    const presences = request.presences === true && mayRequestPresences(intents)
    const shared = {
      guild_id: guildId,
      ...(presences ? { presences: [] } : {}),
      ...(nonce === undefined ? {} : { nonce }),
    }
    return this.#chunks(wanted(request, world.members.values()), shared)
  }

  /** ms until all members of the guild may be asked for again; 0 counts this request. https://docs.discord.com/developers/change-log#introducing-rate-limit-when-requesting-all-guild-members */
  #waitForAll(guildId: string): number {
    if (!this.#table.rates) return 0
    const now = performance.now()
    const last = this.#lastAll.get(guildId)
    if (last !== undefined && now - last < this.#table.gateway.all_members_window_ms)
      return this.#table.gateway.all_members_window_ms - (now - last)
    this.#lastAll.set(guildId, now)
    return 0
  }

  #chunks(found: Found, shared: Record<string, unknown>): Answer[] {
    const size = this.#table.gateway.chunk_members
    const chunk_count = Math.max(1, Math.ceil(found.members.length / size))
    return Array.from({ length: chunk_count }, (_, chunk_index) => ({
      t: 'GUILD_MEMBERS_CHUNK',
      d: {
        ...shared,
        members: found.members.slice(chunk_index * size, (chunk_index + 1) * size),
        chunk_index,
        chunk_count,
        not_found: found.not_found,
      },
    }))
  }
}

function wanted(request: RequestGuildMembers, members: GatewayMember[]): Found {
  if (request.user_ids != null) {
    const ids = new Set([request.user_ids].flat())
    const found = members.filter((member) => ids.delete(member.user.id))
    return { members: found, not_found: [...ids] }
  }
  const prefix = (request.query ?? '').toLowerCase()
  if (prefix === '' && !request.limit) return { members, not_found: [] }
  const names = (member: GatewayMember) => [member.user.username, member.nick ?? '']
  const named = members.filter((member) => names(member).some((name) => name.toLowerCase().startsWith(prefix)))
  return { members: named.slice(0, Math.min(request.limit || SOME_MEMBERS, SOME_MEMBERS)), not_found: [] }
}

/** https://docs.discord.com/developers/events/gateway-events#rate-limited */
function rateLimited(guildId: string, nonce: string | undefined, waitMs: number): Answer {
  return { t: 'RATE_LIMITED', d: { opcode: 8, retry_after: waitMs / 1000, meta: { guild_id: guildId, nonce } } }
}
