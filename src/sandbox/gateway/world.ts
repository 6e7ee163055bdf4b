/** All that the gateway asks of the world; `World` in core/ satisfies it. */
import type { Listener } from '../core/events.ts'
import type { Fault, GatewayKind } from '../core/faults.ts'
import type { GatewayLimits } from '../core/gateway-limits.ts'

export interface GatewayWorld {
  readonly bot: { id: string }
  readonly application: { flags: number }
  /** `rates` false lifts the identify, send and member-request limits (`SANDBOX_LIMITS=off`) */
  readonly limits: { rates: boolean; gateway: GatewayLimits }
  /** whether this is the bot's token, with or without `Bot ` */
  authenticate(token: string): boolean
  /** READY without what belongs to the session. https://docs.discord.com/developers/events/gateway-events#ready */
  readyPayload(): Record<string, unknown>
  /** with the bot alone among `members`; undefined: the bot is not in that guild */
  guildCreatePayload(guildId: string): Record<string, unknown> | undefined
  /** everyone in the guild */
  readonly members: { values(): GatewayMember[] }
  subscribe(listener: Listener): () => void
  readonly faults: {
    take(skin: 'gateway', what: string, kinds: readonly GatewayKind[]): Fault | undefined
    onGateway(listener: (fault: Fault) => boolean): () => void
  }
  readonly record: { add(entry: { kind: 'dispatch'; [detail: string]: unknown }): void }
  readonly violations: { add(violation: { method: string; path: string; code: number; reason: string }): void }
}

export interface GatewayMember {
  user: { id: string; username: string }
  nick?: string | null
}
