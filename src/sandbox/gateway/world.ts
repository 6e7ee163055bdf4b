/** All that the gateway asks of the world; `World` in core/ satisfies it. */
import type { Dispatch, Listener } from '../core/events.ts'

export interface ReadyPayload {
  user: { id: string }
  application: { id: string; flags: number }
  guilds: { id: string; unavailable: boolean }[]
}

/** The parts of GUILD_CREATE's payload that depend on the session; the rest passes through. */
export interface GuildPayload {
  id: string
  members: GatewayMember[]
  presences: unknown[]
  [field: string]: unknown
}

export interface GatewayMember {
  user: { id: string; username: string }
  nick?: string | null
}

export interface GatewayWorld {
  /** whether this is the bot's token (without `Bot `) */
  authenticate(token: string): boolean
  readyPayload(): ReadyPayload
  /** undefined: the bot is not in that guild */
  guildCreatePayload(guildId: string): GuildPayload | undefined
  subscribe(listener: Listener): () => void
}

export type { Dispatch }
