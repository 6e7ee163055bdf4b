/**
 * What an app may send, by opcode. https://docs.discord.com/developers/events/gateway-events#send-events
 * Fields that the page does not name are let through, as Discord does.
 */
import { z } from 'zod'
import { CLOSE, GatewayRefusal } from './close-codes.ts'

export const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence_update: 3,
  voice_state_update: 4,
  resume: 6,
  reconnect: 7,
  request_guild_members: 8,
  invalid_session: 9,
  hello: 10,
  heartbeat_ack: 11,
  request_soundboard_sounds: 31,
  request_channel_info: 43,
} as const

/** Text or number, as everywhere in the API. https://docs.discord.com/developers/reference#snowflakes-snowflake-ids-in-json */
const snowflake = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]).transform(String)

const presence = z.looseObject({
  since: z.int().nullish(),
  activities: z
    .array(
      z.looseObject({
        name: z.string(),
        type: z.int().min(0).max(5),
        state: z.string().nullish(),
        url: z.string().nullish(),
      }),
    )
    .nullish(),
  // some libraries send null here when they set an activity alone
  status: z.enum(['online', 'dnd', 'idle', 'invisible', 'offline']).nullish(),
  afk: z.boolean().nullish(),
})

const identify = z.looseObject({
  token: z.string(),
  properties: z.looseObject({}),
  // oceanic.js repeats the name of its transport compression here, and Discord takes it for true
  compress: z.union([z.boolean(), z.string()]).nullish(),
  large_threshold: z.int().min(50).max(250).nullish(),
  shard: z.tuple([z.int(), z.int()]).nullish(),
  presence: presence.nullish(),
  // a wrong value is 4013, not 4002, so it is judged by checkIntents
  intents: z.unknown().optional(),
})

const resume = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.int().min(0) })

const heartbeat = z.int().min(0).nullish()

const requestGuildMembers = z.looseObject({
  guild_id: z.union([snowflake, z.array(snowflake).length(1)]),
  query: z.string().nullish(),
  limit: z.int().min(0).nullish(),
  presences: z.boolean().nullish(),
  user_ids: z.union([snowflake, z.array(snowflake).max(100)]).nullish(),
  nonce: z.unknown().optional(),
})

const voiceStateUpdate = z.looseObject({
  guild_id: snowflake,
  channel_id: snowflake.nullable(),
  self_mute: z.boolean().optional(),
  self_deaf: z.boolean().optional(),
})

const requestSoundboardSounds = z.looseObject({ guild_ids: z.array(snowflake) })

const requestChannelInfo = z.looseObject({ guild_id: snowflake, fields: z.array(z.string()) })

const SENDABLE = {
  [OP.heartbeat]: heartbeat,
  [OP.identify]: identify,
  [OP.presence_update]: presence,
  [OP.voice_state_update]: voiceStateUpdate,
  [OP.resume]: resume,
  [OP.request_guild_members]: requestGuildMembers,
  [OP.request_soundboard_sounds]: requestSoundboardSounds,
  [OP.request_channel_info]: requestChannelInfo,
}

type Sendable = typeof SENDABLE
export type SentPayload = { [Op in keyof Sendable]: { op: Op; d: z.output<Sendable[Op]> } }[keyof Sendable]
export type Identify = z.output<typeof identify>
export type Resume = z.output<typeof resume>
export type RequestGuildMembers = z.output<typeof requestGuildMembers>

const envelope = z.looseObject({ op: z.int(), d: z.unknown().optional() })

/**
 * @throws {GatewayRefusal} 4002 for what is no payload or has a wrong `d`, 4001 for an opcode that apps do not send
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 */
export function parsePayload(bytes: Buffer, limit: number): SentPayload {
  if (bytes.length > limit) {
    throw new GatewayRefusal(
      CLOSE.decode_error,
      `Decode error: a payload may have ${limit} bytes, this one has ${bytes.length}.`,
    )
  }
  const outer = envelope.safeParse(json(bytes))
  if (!outer.success)
    throw new GatewayRefusal(CLOSE.decode_error, 'Error while decoding payload: not an object with an op.')
  const { op, d } = outer.data
  if (!Object.hasOwn(SENDABLE, op)) throw new GatewayRefusal(CLOSE.unknown_opcode, `Unknown opcode ${op}.`)
  const parsed = SENDABLE[op as keyof Sendable].safeParse(d)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = ['d', ...(issue?.path ?? [])].join('.')
    throw new GatewayRefusal(
      CLOSE.decode_error,
      `Error while decoding payload of op ${op}: ${where}: ${issue?.message}`,
    )
  }
  return { op, d: parsed.data } as SentPayload
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), keepLargeNumbers)
  } catch {
    throw new GatewayRefusal(CLOSE.decode_error, 'Error while decoding payload: not JSON.')
  }
}

/** A snowflake sent as a number has more digits than JavaScript's numbers hold: it is kept as text. */
function keepLargeNumbers(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return context?.source && /^\d+$/.test(context.source) ? context.source : value
}
