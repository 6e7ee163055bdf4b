/** One route of Discord's API: its place, its limit, its schemas, what it does. */
import type { Upload } from '../core/attachments.ts'
import { invalidForm } from '../core/errors.ts'
import type { World } from '../core/world.ts'

export interface Call {
  world: World
  /** parts of the path, decoded */
  params: Record<string, string>
  query: Record<string, string | undefined>
  /** after its schema */
  body: unknown
  uploads: Upload[]
  /** the asker's language, where a header names one. https://docs.discord.com/developers/interactions/application-commands#retrieving-localized-commands */
  locale: string | undefined
}

/** Name of a schema of discord-api-spec; `[]` behind it: a list of them; `|` between: any of them. */
export type SchemaName = string

export interface Answer {
  status: number
  body?: unknown
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** as Discord's documentation writes it, `:name` for a part */
  path: string
  /** key of `limits.buckets` */
  bucket: string
  /** `bot`: the bot's token is needed; `open`: a token in the path is */
  auth: 'bot' | 'open'
  /** not bound to the global limit. https://docs.discord.com/developers/topics/rate-limits#global-rate-limit */
  interaction?: true
  /**
   * No bucket and no rate-limit headers. The documentation says only that interactions are not bound to the global limit and that headers
   * are optional; hikari, which reports every header it does not expect, lists the first answer to an interaction as a route without limits:
   * https://github.com/hikari-py/hikari/blob/master/hikari/internal/routes.py (`has_ratelimits=False`)
   */
  unlimited?: true
  request?: SchemaName | ((call: Omit<Call, 'uploads'>) => SchemaName | undefined)
  response?: SchemaName
  run(call: Call): Answer
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const nothing: Answer = { status: 204 }

/** A part of the path. */
export function part(call: Pick<Call, 'params'>, name: string): string {
  return call.params[name] ?? ''
}

/** A boolean of the query, as Discord reads it. */
export function flag(call: Pick<Call, 'query'>, name: string): boolean {
  return ['true', 'True', '1'].includes(call.query[name] ?? '')
}

/** A `limit` of the query. Throws 50035 beyond 1 to `most`. */
export function limitOf(call: Pick<Call, 'query'>, usual: number, most: number): number {
  const { limit } = call.query
  if (limit === undefined) return usual
  if (!/^-?\d+$/.test(limit)) throw invalidForm('limit', 'NUMBER_TYPE_COERCE', `Value "${limit}" is not int.`)
  if (Number(limit) < 1)
    throw invalidForm('limit', 'NUMBER_TYPE_MIN', 'int value should be greater than or equal to 1.')
  if (Number(limit) > most)
    throw invalidForm('limit', 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${most}.`)
  return Number(limit)
}

/** An ISO 8601 time of the query, in ms. Throws 50035. */
export function timeOfQuery(call: Pick<Call, 'query'>, name: string): number | undefined {
  const text = call.query[name]
  if (text === undefined) return undefined
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw invalidForm(name, 'DATE_TIME_TYPE_PARSE', `Could not parse ${text}. Should be ISO8601.`)
  return time
}

/** A snowflake of the query. Throws 50035. */
export function idOfQuery(call: Pick<Call, 'query'>, name: string): bigint | undefined {
  const text = call.query[name]
  if (text === undefined) return undefined
  if (!/^\d{1,20}$/.test(text)) throw invalidForm(name, 'NUMBER_TYPE_COERCE', `Value "${text}" is not snowflake.`)
  return BigInt(text)
}
