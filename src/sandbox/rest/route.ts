/** One route of Discord's API: its place, its limit, its schemas, what it does. */
import type { Upload } from '../core/attachments.ts'
import type { World } from '../core/world.ts'

export interface Call {
  world: World
  /** parts of the path, decoded */
  params: Record<string, string>
  query: Record<string, string | undefined>
  /** after its schema */
  body: unknown
  uploads: Upload[]
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
