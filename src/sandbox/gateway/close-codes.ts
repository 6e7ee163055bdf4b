/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
export const CLOSE = {
  unknown_error: 4000,
  unknown_opcode: 4001,
  decode_error: 4002,
  not_authenticated: 4003,
  authentication_failed: 4004,
  already_authenticated: 4005,
  invalid_seq: 4007,
  rate_limited: 4008,
  session_timed_out: 4009,
  invalid_shard: 4010,
  sharding_required: 4011,
  invalid_api_version: 4012,
  invalid_intents: 4013,
  disallowed_intents: 4014,
} as const

/** Thrown by whatever judges a payload; the connection closes with `code`. `message` is the close reason (at most 123 bytes). */
export class GatewayRefusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.name = 'GatewayRefusal'
    this.code = code
  }
}
