/** Which intents exist, which an application must have been granted, and what a session with given ones is sent. */

import type { Dispatch } from '../core/events.ts'
import { CLOSE, GatewayRefusal } from './close-codes.ts'
import type { GatewayWorld } from './world.ts'

/** https://docs.discord.com/developers/events/gateway#list-of-intents */
const bits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21, 24, 25]
const KNOWN = bits.reduce((mask, bit) => mask | (1 << bit), 0)

const GUILD_MEMBERS = 1 << 1
const GUILD_PRESENCES = 1 << 8
const MESSAGE_CONTENT = 1 << 15

/**
 * Privileged intents and the application flags (granted in full, granted below the review threshold) that allow them.
 * https://docs.discord.com/developers/events/gateway#privileged-intents
 * https://docs.discord.com/developers/resources/application#application-object-application-flags
 */
const PRIVILEGED = [
  { name: 'GUILD_PRESENCES', intent: GUILD_PRESENCES, flags: (1 << 12) | (1 << 13) },
  { name: 'GUILD_MEMBERS', intent: GUILD_MEMBERS, flags: (1 << 14) | (1 << 15) },
  { name: 'MESSAGE_CONTENT', intent: MESSAGE_CONTENT, flags: (1 << 18) | (1 << 19) },
]

/** @throws {GatewayRefusal} 4013 for bits that mean nothing, 4014 for privileged ones the application was not granted */
export function checkIntents(intents: number, applicationFlags: number): void {
  if (intents < 0 || intents > 0x7fffffff || (intents & ~KNOWN) !== 0) {
    throw new GatewayRefusal(CLOSE.invalid_intents, 'Invalid intent(s).')
  }
  for (const { name, intent, flags } of PRIVILEGED) {
    if (intents & intent && !(applicationFlags & flags)) {
      throw new GatewayRefusal(
        CLOSE.disallowed_intents,
        `Disallowed intent(s): ${name} is not enabled for this application.`,
      )
    }
  }
}

/**
 * What a session with these intents gets of a dispatch, or undefined for nothing.
 * The exceptions to the plain mask: https://docs.discord.com/developers/events/gateway#caveats
 */
export function seenWith(
  intents: number,
  dispatch: Dispatch,
  world: GatewayWorld,
): Record<string, unknown> | undefined {
  const { t, d } = dispatch
  if (t === 'THREAD_MEMBERS_UPDATE' && !(intents & GUILD_MEMBERS)) return ownThreadMembership(d, world.bot.id)
  if (dispatch.intents !== 0 && !(dispatch.intents & intents)) {
    const own = t === 'GUILD_MEMBER_UPDATE' && (d as { user?: { id?: string } }).user?.id === world.bot.id
    return own ? d : undefined
  }
  if (t === 'GUILD_CREATE') return guildSeenWith(intents, d, world)
  if (intents & MESSAGE_CONTENT) return d
  return dispatch.d_without_content ?? d
}

/** Only with GUILD_PRESENCES are others than the bot among the members. https://docs.discord.com/developers/events/gateway-events#guild-create */
export function guildSeenWith(
  intents: number,
  guild: Record<string, unknown>,
  world: GatewayWorld,
): Record<string, unknown> {
  return intents & GUILD_PRESENCES ? { ...guild, members: world.members.values() } : guild
}

/** Without GUILD_MEMBERS only the bot's own coming and going. https://docs.discord.com/developers/events/gateway-events#thread-members-update */
function ownThreadMembership(d: Record<string, unknown>, botId: string): Record<string, unknown> | undefined {
  const added = ((d.added_members ?? []) as { user_id?: string }[]).filter((member) => member.user_id === botId)
  const removed = ((d.removed_member_ids ?? []) as string[]).filter((id) => id === botId)
  if (added.length === 0 && removed.length === 0) return undefined
  const own = { ...d }
  if (d.added_members) own.added_members = added
  if (d.removed_member_ids) own.removed_member_ids = removed
  return own
}

export function mayRequestAllMembers(intents: number): boolean {
  return (intents & GUILD_MEMBERS) !== 0
}

export function mayRequestPresences(intents: number): boolean {
  return (intents & GUILD_PRESENCES) !== 0
}
