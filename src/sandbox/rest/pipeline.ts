/** What every request of the API goes through, in Discord's order: ban, token, limits, faults, body, schema, rules, answer, record. */
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { invalidForm, invalidForms, Refusal, refuse } from '../core/errors.ts'
import type { Fault } from '../core/faults.ts'
import { RateLimited } from '../core/too-many.ts'
import type { World } from '../core/world.ts'
import { strikeOn } from '../core/world-faults.ts'
import { parseBody, readBytes } from './body.ts'
import { BANNED_PAGE, faultAnswer } from './fault-answers.ts'
import { type RateLimits, tooMany } from './rate-limits.ts'
import type { Answer, Call, Route } from './route.ts'
import { loadSchemas } from './schemas.ts'

export type RestContext = Context<{ Bindings: HttpBindings }>

interface Outcome extends Answer {
  headers?: Record<string, string>
  /** for the list of violations */
  violation?: { code: number; reason: string }
  /** what became of it, for the record */
  verdict: string
  raw?: { text: string; type: string }
}

export async function handle(
  context: RestContext,
  world: World,
  limits: RateLimits,
  route: Route | undefined,
): Promise<Response> {
  const started = performance.now()
  const method = context.req.method
  const path = new URL(context.req.url).pathname
  const shown = route ? path.replace(/^\/api(\/v\d+)?/, '') : unknownPath(path)
  const params = decoded(context.req.param() as Record<string, string>)
  strikeOn(world, `${method} ${shown}`, params, context.req.query())
  const fault = world.faults.take('http', `${method} ${shown}`)
  if (fault?.kind === 'delay') await wait(fault.ms ?? 1000)
  if (fault?.kind === 'cut_before') {
    world.record.add({ kind: 'request', method, path: shown, verdict: 'cut before it was processed' })
    return cut(context)
  }
  const injected = fault && faultAnswer(fault, limits, route)
  const outcome: Outcome = injected
    ? { ...injected, verdict: `fault ${fault.kind}` }
    : await process(context, world, limits, route, { method, params })

  if (outcome.violation) world.violations.add({ method, path: shown, ...outcome.violation })
  const shared = outcome.headers?.['X-RateLimit-Scope'] === 'shared'
  if ([401, 403].includes(outcome.status) || (outcome.status === 429 && !shared)) limits.noteInvalid()
  world.record.add({
    kind: 'request',
    method,
    path: shown,
    ...(route ? { route: route.path, bucket: route.bucket } : {}),
    status: outcome.status,
    ms: Math.round((performance.now() - started) * 100) / 100,
    verdict: outcome.verdict,
    ...(method === 'POST' && outcome.verdict === 'ok' ? made(outcome.body) : {}),
  })
  if (fault?.kind === 'cut_after') return cut(context)
  return send(context, outcome, fault)
}

/** What a request made, by its id: a message whose nonce was known is the one that was there. */
function made(body: unknown): { made?: string } {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof id === 'string' ? { made: id } : {}
}

/** A request needs a User-Agent (https://docs.discord.com/developers/reference#user-agent), a route, a token, and room in its buckets. */
async function process(
  context: RestContext,
  world: World,
  limits: RateLimits,
  route: Route | undefined,
  { method, params }: { method: string; params: Record<string, string> },
): Promise<Outcome> {
  const ban = limits.banned()
  if (ban !== undefined) {
    return {
      status: 429,
      headers: { 'Retry-After': String(Math.ceil(ban)) },
      raw: { text: BANNED_PAGE, type: 'text/html; charset=UTF-8' },
      violation: { code: 1015, reason: 'The address is banned for too many invalid requests' },
      verdict: 'banned',
    }
  }
  if (!context.req.header('user-agent')?.trim()) return refused(refuse(40333))
  if (!route) return unknownRoute(method, new URL(context.req.url).pathname)
  const token = context.req.header('authorization')
  if (route.auth === 'bot' && (!token?.startsWith('Bot ') || !world.authenticate(token))) {
    return {
      status: 401,
      body: { message: '401: Unauthorized', code: 0 },
      violation: { code: 401, reason: 'The token is missing or wrong' },
      verdict: 'unauthorized',
    }
  }
  const limited = limits.take(route, params)
  if (limited.refused) {
    const { scope, retryAfter, announced } = limited.refused
    const { headers, body } = tooMany(scope, retryAfter)
    return {
      status: 429,
      body,
      headers: { ...limited.headers, ...headers },
      verdict: `rate limited (${scope})`,
      ...(announced
        ? { violation: { code: 429, reason: `A ${scope} rate limit that the headers had announced` } }
        : {}),
    }
  }
  const outcome = await run(context, world, route, params)
  return { ...outcome, headers: { ...limited.headers, ...outcome.headers } }
}

/** An unknown address is shown whole, unless it begins as the API's do. */
const unknownPath = (path: string) => path.replace(/^\/api\/v(?:9|10)(?=\/)/, '')

/**
 * No route of this sandbox's, and why: a version that is deprecated is Discord's but not carried here, one that is discontinued or never
 * was is refused. https://docs.discord.com/developers/reference#api-versioning-api-versions
 */
function unknownRoute(method: string, path: string): Outcome {
  const version = /^\/api\/v(\d+)(?:\/|$)/.exec(path)?.[1]
  if (version !== undefined && !['6', '7', '8', '9', '10'].includes(version)) {
    const refusal = refuse(50041)
    const reason = `${refusal.message}: v${version}. Use /api/v10 (${method} ${path})`
    return {
      status: refusal.status,
      body: refusal.body(),
      violation: { code: 50041, reason },
      verdict: 'refused 50041',
    }
  }
  const why =
    version === '9' || version === '10'
      ? ''
      : version !== undefined
        ? `: API version ${version} is deprecated and not carried; use /api/v10`
        : path.startsWith('/api/')
          ? ': an address without a version means the deprecated version 6, which is not carried; use /api/v10'
          : ': the API is at /api/v10'
  return {
    status: 404,
    body: { message: '404: Not Found', code: 0 },
    violation: { code: 404, reason: `No such route here: ${method} ${unknownPath(path)}${why}` },
    verdict: 'unknown route',
  }
}

async function run(context: RestContext, world: World, route: Route, params: Record<string, string>): Promise<Outcome> {
  try {
    checkIds(params)
    const query = context.req.query()
    const schemas = await loadSchemas()
    const contentType = context.req.header('content-type')
    const most = contentType?.startsWith('multipart/') ? world.limits.request : world.limits.json
    const bytes = await readBytes(context.env.incoming, most)
    const { json, uploads } = await parseBody(bytes, contentType)
    const language = context.req.header('x-discord-locale') ?? context.req.header('accept-language')
    const locale = language?.split(/[,;]/)[0]?.trim()
    const call: Call = { world, params, query, body: json ?? {}, uploads, locale }
    const wanted = typeof route.request === 'function' ? route.request(call) : route.request
    if (wanted) {
      const problems = schemas.problems(wanted, forSchema(call.body))
      if (problems) throw invalidForms(problems)
    }
    const answer = world.transaction(() => route.run(call))
    const wrong =
      route.response && answer.body !== undefined ? schemas.problems(route.response, answer.body) : undefined
    return {
      ...answer,
      verdict: 'ok',
      ...(wrong
        ? {
            violation: {
              code: 500,
              reason: `The sandbox's own answer breaks ${route.response}: ${JSON.stringify(wrong)}`,
            },
          }
        : {}),
    }
  } catch (error) {
    return refused(error)
  }
}

function refused(error: unknown): Outcome {
  if (error instanceof Refusal) {
    const details = error.errors ? ` ${JSON.stringify(error.errors)}` : ''
    return {
      status: error.status,
      body: error.body(),
      violation: { code: error.code, reason: `${error.message}${details}` },
      verdict: `refused ${error.code}`,
    }
  }
  if (error instanceof RateLimited) {
    const { headers, body } = tooMany('user', error.retryAfter)
    const known = error.code === undefined ? {} : { message: error.message, code: error.code }
    return {
      status: 429,
      body: { ...(body as object), ...known },
      headers,
      verdict: 'rate limited (user, unannounced)',
    }
  }
  return {
    status: 500,
    body: { message: '500: Internal Server Error', code: 0 },
    violation: {
      code: 500,
      reason: `The sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    },
    verdict: 'failed',
  }
}

/** Ids in the path. Throws 50035 for one that is no snowflake. https://docs.discord.com/developers/reference#snowflakes */
function checkIds(params: Record<string, string>): void {
  for (const [name, value] of Object.entries(params)) {
    if (!name.endsWith('_id') || value.startsWith('@') || /^\d{1,20}$/.test(value)) continue
    throw invalidForm(name, 'NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`)
  }
}

/**
 * What Discord's documentation allows and the published schema is narrower about: permission bits as strings, and numbers as
 * the ids of uploads. https://docs.discord.com/developers/reference#uploading-files
 */
function forSchema(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(forSchema)
  if (body === null || typeof body !== 'object') return body
  const { attachments, data, message, permission_overwrites: overwrites } = body as Record<string, unknown>
  return {
    ...body,
    ...Object.fromEntries(BITS.flatMap((key) => bitsOf(key, (body as Record<string, unknown>)[key]))),
    ...(Array.isArray(overwrites) ? { permission_overwrites: overwrites.map(forSchema) } : {}),
    ...(Array.isArray(attachments) ? { attachments: attachments.map(withTextId) } : {}),
    ...(isPlain(data) ? { data: forSchema(data) } : {}),
    ...(isPlain(message) ? { message: forSchema(message) } : {}),
  }
}

const BITS = ['default_member_permissions', 'permissions', 'allow', 'deny']

const bitsOf = (key: string, value: unknown): [string, number][] =>
  typeof value === 'string' && /^\d+$/.test(value) ? [[key, Number(value)]] : []

const isPlain = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

function withTextId(note: unknown): unknown {
  const id = (note as { id?: unknown } | null)?.id
  return typeof id === 'number' ? { ...(note as object), id: String(id) } : note
}

function decoded(params: Record<string, string>): Record<string, string> {
  const plain = (text: string) => {
    try {
      return decodeURIComponent(text)
    } catch {
      return text
    }
  }
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, plain(value)]))
}

/** Ends the connection without an answer. */
function cut(context: RestContext): Response {
  context.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

function send(context: RestContext, outcome: Outcome, fault: Fault | undefined): Response {
  const text = outcome.raw?.text ?? (outcome.body === undefined ? null : JSON.stringify(outcome.body))
  const headers: Record<string, string> = {
    ...outcome.headers,
    ...(text === null ? {} : { 'Content-Type': outcome.raw?.type ?? 'application/json' }),
    Date: new Date().toUTCString(),
    Via: '1.1 sandbox',
  }
  if (fault?.kind === 'truncate' && text !== null) {
    const { outgoing } = context.env
    outgoing.writeHead(outcome.status, { ...headers, 'Content-Length': String(Buffer.byteLength(text)) })
    outgoing.write(text.slice(0, Math.floor(text.length / 2)), () => outgoing.destroy())
    return RESPONSE_ALREADY_SENT
  }
  return new Response(text, { status: outcome.status, headers })
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
