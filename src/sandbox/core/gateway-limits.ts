/** The gateway's part of the table in limits.ts. */
export interface GatewayLimits {
  /** sent in Hello. https://docs.discord.com/developers/events/gateway#hello-event */
  heartbeat_interval_ms: number
  /** how much later than that a heartbeat may come: the tolerance that page mentions without a figure */
  heartbeat_grace_ms: number
  /** bytes of one payload from the app. https://docs.discord.com/developers/events/gateway#sending-events */
  payload_bytes: number
  /** payloads an app may send in a window. https://docs.discord.com/developers/events/gateway#rate-limiting */
  sends: number
  sends_window_ms: number
  /** https://docs.discord.com/developers/events/gateway#session-start-limit-object */
  max_concurrency: number
  identify_window_ms: number
  session_starts: number
  session_starts_window_ms: number
  /** guilds one session may have. https://docs.discord.com/developers/events/gateway#sharding */
  guilds_per_shard: number
  /** how long a session outlives its connection: "a few minutes" at …/gateway#initiating-a-disconnect */
  session_ms: number
  /** sessions that wait for a resume; the one that has waited longest goes first */
  waiting_sessions: number
  /** events kept for replay, and their bytes; Discord publishes neither figure */
  replay_events: number
  replay_bytes: number
  /** unsent bytes at which a slow reader is dropped; well above replay_bytes, which a resume sends in one go */
  backlog_bytes: number
  /** open connections; the next is answered 503 */
  connections: number
  /** how long after op 7 the connection is closed. https://docs.discord.com/developers/events/gateway-events#reconnect */
  reconnect_close_ms: number
  /** members in one GUILD_MEMBERS_CHUNK. https://docs.discord.com/developers/events/gateway-events#request-guild-members */
  chunk_members: number
  /**
   * One request for all members of a guild per window.
   * https://docs.discord.com/developers/change-log#introducing-rate-limit-when-requesting-all-guild-members
   */
  all_members_window_ms: number
}

export const GATEWAY_LIMITS: GatewayLimits = {
  heartbeat_interval_ms: 41_250,
  heartbeat_grace_ms: 20_000,
  payload_bytes: 4096,
  sends: 120,
  sends_window_ms: 60_000,
  max_concurrency: 1,
  identify_window_ms: 5_000,
  session_starts: 1000,
  session_starts_window_ms: 24 * 60 * 60 * 1000,
  guilds_per_shard: 2500,
  session_ms: 120_000,
  waiting_sessions: 50,
  replay_events: 5_000,
  replay_bytes: 4 * 1024 * 1024,
  backlog_bytes: 16 * 1024 * 1024,
  connections: 500,
  reconnect_close_ms: 5_000,
  chunk_members: 1000,
  all_members_window_ms: 30_000,
}
