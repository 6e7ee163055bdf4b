import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { mcpDoor } from '../../src/mcp/serve/http.ts'
import { openStore } from '../../src/store/open.ts'
import { answer, engineWith, place, ScriptedModels, spec, until } from '../engine/kit.ts'
import { keepForAll, ROOT, temporaryFolder } from './kit.ts'

const TOKEN = 'a-token-of-our-own'
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** The door on a port of its own, with a scripted model behind it. */
async function openDoor({ offline = true, refusal = null as string | null } = {}) {
  const models = new ScriptedModels((_, nth) => answer(nth === 2 ? 'The purple elephant sleeps.' : `Words ${nth}.`))
  const { engine, store } = await engineWith(models, { gates: [] })
  const door = mcpDoor(
    {
      ...{ store, steering: engine, models, log: quiet, catalog: new Catalog({ root: ROOT, offline }) },
      purse: { refusal: async () => refusal },
      place: (channel, person) => ({ guild_id: '1', channel_id: channel, person }),
      elsewhere: () => null,
    },
    { token: TOKEN, host: '127.0.0.1' },
  )
  const server = serve({ fetch: (request) => door.handle(request), hostname: '127.0.0.1', port: 0 })
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    store,
    async close() {
      await door.close()
      await engine.drain(0)
      await new Promise((closed) => server.close(closed))
      await store.close()
    },
  }
}

const overHttp = (url: string, token = TOKEN): Transport =>
  new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } })

async function connect(transport: Transport, name = 'a-client'): Promise<Client> {
  const client = new Client({ name, version: '1' })
  await client.connect(transport)
  return client
}

interface Answer {
  isError?: boolean
  content: { text: string }[]
  structuredContent?: Record<string, unknown>
}

async function call(client: Client, name: string, args: object = {}) {
  const {
    isError = false,
    content,
    structuredContent,
  } = (await client.callTool({ name, arguments: { ...args } })) as Answer
  return { isError, text: content[0]?.text ?? '', data: structuredContent ?? {} }
}

type Said = { turn_index: number; name: string; text: string; by: string }[]

/** What every door of ours must let a client do, whoever the client is. */
function serves(transport: string, open: () => Promise<{ client: Client; close(): Promise<void> }>): void {
  describe(transport, () => {
    let client: Client
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ client, close } = await open())
      keepForAll()
    })
    afterAll(() => close())

    test('says what it can do', async () => {
      const { tools } = await client.listTools()
      const wanted = ['start_run', 'list_runs', 'read_run', 'say', 'stop_run', 'search_runs']
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted))
      const start = tools.find(({ name }) => name === 'start_run')?.inputSchema.properties as Record<string, object>
      expect(start.template).toMatchObject({ description: expect.stringMatching(/: .*\broleplay\b/) })
      expect(start.accept_cost).toMatchObject({ type: 'number' })
      expect(tools.every(({ description }) => (description ?? '').length > 10)).toBe(true)
    })

    test('a run is started, followed, spoken in, found, read and stopped', async () => {
      const started = await call(client, 'start_run', {
        template: 'roleplay',
        lm1: 'opus',
        lm2: 'sonnet',
        max_turns: 50,
      })
      expect(started).toMatchObject({ isError: false, data: { status: 'going', template: 'roleplay' } })
      const run_id = started.data.run_id as string

      const first = await call(client, 'read_run', { run_id, wait_seconds: 20, limit: 1 })
      expect((first.data.said as Said)[0]).toMatchObject({ turn_index: 0, by: 'actor' })
      const said = await call(client, 'say', { run_id, text: 'A velvet giraffe walks in.', name: 'Ada' })
      const at = said.data.turn_index as number
      const page = await call(client, 'read_run', { run_id, from: at, limit: 1 })
      expect(page.data.said).toMatchObject([
        { turn_index: at, name: 'Ada', text: 'A velvet giraffe walks in.', by: 'person' },
      ])
      const after = await call(client, 'read_run', { run_id, from: at + 1, wait_seconds: 20, limit: 1 })
      expect((after.data.said as Said)[0]).toMatchObject({ turn_index: at + 1, by: 'actor' })

      const found = await call(client, 'search_runs', { query: 'GIRAFFE velvét' })
      expect(found.data.hits).toMatchObject([{ run_id, turn_index: at, name: 'Ada' }])
      expect((await call(client, 'search_runs', { query: 'nowhere to be found' })).data).toEqual({ runs: 0, hits: [] })

      expect(await call(client, 'stop_run', { run_id })).toMatchObject({
        data: { status: 'ended', end_reason: 'stopped' },
      })
      const ended = await call(client, 'list_runs', { status: 'ended' })
      expect(ended.data.runs).toMatchObject([{ run_id, end_reason: 'stopped' }])

      const { resources } = await client.listResources()
      const uri = `run://${run_id}/transcript`
      expect(resources.map((resource) => resource.uri)).toContain(uri)
      const { contents } = await client.readResource({ uri })
      expect(contents[0]).toMatchObject({
        mimeType: 'text/markdown',
        text: expect.stringContaining('A velvet giraffe walks in.'),
      })
    })

    test('what is wrong is said in one sentence, and nothing is started', async () => {
      const before = (await call(client, 'list_runs', { limit: 200 })).data.runs as unknown[]
      const wrong = async (name: string, args: object) => {
        const { isError, text } = await call(client, name, args)
        expect(isError).toBe(true)
        return text
      }
      expect(await wrong('start_run', { template: 'roleplai', lm1: 'opus' })).toContain(
        'There is no template "roleplai"',
      )
      expect(await wrong('start_run', { template: 'roleplay', lm1: 'oppus' })).toContain('oppus')
      expect(await wrong('start_run', { template: 'roleplay', lm1: 'opus', max_turns: 'many' })).toContain('max_turns')
      expect(await wrong('start_run', { template: '../secrets', lm1: 'opus' })).not.toContain('root')
      expect(await wrong('read_run', { run_id: 'none' })).toBe(
        'There is no run "none"; list_runs shows those there are.',
      )
      expect(await wrong('say', { run_id: 'none', text: 'x' })).toContain('There is no run "none"')
      expect(((await call(client, 'list_runs', { limit: 200 })).data.runs as unknown[]).length).toBe(before.length)
    })

    test('a run is read in pages that join without a gap, to its end', async () => {
      const started = await call(client, 'start_run', {
        template: 'roleplay',
        lm1: 'opus',
        lm2: 'sonnet',
        max_turns: 1,
      })
      const run_id = started.data.run_id as string
      const page = async (from: number) =>
        (await call(client, 'read_run', { run_id, from, limit: 1, wait_seconds: 20 })).data
      await page(1)
      expect(await page(0)).toMatchObject({ next: 1, said: [{ turn_index: 0 }] })
      expect(await page(1)).toMatchObject({ next: null, said: [{ turn_index: 1 }] })
      expect(await page(2)).toMatchObject({ status: 'ended', end_reason: 'max_turns', next: null, said: [] })
    })
  })
}

serves('over Streamable HTTP', async () => {
  const door = await openDoor()
  const client = await connect(overHttp(door.url))
  return {
    client,
    async close() {
      await client.close()
      await door.close()
    },
  }
})

const terminal = (dataDir: string) =>
  new StdioClientTransport({
    command: process.execPath,
    args: [resolve(ROOT, 'src/cli.ts'), 'mcp-serve'],
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir },
    cwd: ROOT,
    stderr: 'ignore',
  })

serves('over stdio, in a process of its own', async () => {
  const client = await connect(terminal(temporaryFolder()))
  return { client, close: () => client.close() }
})

test('when a stdio client goes, its runs are paused, and another client can take them up', async () => {
  const dataDir = temporaryFolder()
  const first = await connect(terminal(dataDir))
  const started = await call(first, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 200 })
  const run_id = started.data.run_id as string
  await call(first, 'read_run', { run_id, wait_seconds: 20, limit: 1 })
  await first.close()

  const store = await openStore(resolve(dataDir, 'backrooms.db'))
  const left = await store.run(run_id)
  await store.close()
  expect(left).toMatchObject({ status: 'paused', status_text: 'The program that drove it over MCP went away.' })

  const second = await connect(terminal(dataDir))
  const from = left?.next_index as number
  expect(await call(second, 'resume_run', { run_id })).toMatchObject({ isError: false, data: { status: 'going' } })
  const more = await call(second, 'read_run', { run_id, from, wait_seconds: 20, limit: 1 })
  expect(more.data.said).toMatchObject([{ turn_index: from }])
  await second.close()
})

test('a run of the bot is read over stdio, and steered elsewhere', async () => {
  const dataDir = temporaryFolder()
  const store = await openStore(resolve(dataDir, 'backrooms.db'))
  const models = new ScriptedModels((_, nth) => (nth === 0 ? answer('From the bot.') : new Promise<never>(() => {})))
  const { engine, bus } = await engineWith(models, { store, gates: [] })
  const run = await engine.start(spec(), place)
  await until({ bus, store }, run.id, ({ next_index }) => next_index === 1)
  await engine.drain(0)
  await store.close()

  const client = await connect(terminal(dataDir))
  expect((await call(client, 'read_run', { run_id: run.id })).text).toContain('From the bot.')
  const refused = { isError: true, text: expect.stringContaining(`Run ${run.id} belongs to the Discord bot`) }
  expect(await call(client, 'say', { run_id: run.id, text: 'x' })).toMatchObject(refused)
  expect(await call(client, 'stop_run', { run_id: run.id })).toMatchObject(refused)
  await client.close()
  const after = await openStore(resolve(dataDir, 'backrooms.db'))
  expect(await after.run(run.id)).toMatchObject({ status: 'going', next_index: 1 })
  await after.close()
})

test('what has ended is found by the archive’s index, however old, imported logs too, and can be read', async () => {
  const door = await openDoor()
  const log = {
    ...{ run_id: null, prompt: 'a lighthouse', models: ['opus'], template: 'dreams', max_turns: 3, created_at: 1 },
    ...{ duration_sec: 1, exit_reason: 'max_turns', dream_id: null, source: null, guild_id: null, thread_id: null },
  }
  const imported = {
    ...log,
    log_file: 'backrooms_logs/dreams/old log.txt',
    title: 'Old',
    transcript: 'The heron speaks.',
  }
  await door.store.archive([imported], false)
  const client = await connect(overHttp(door.url))
  const started = await call(client, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 500 })
  const run_id = started.data.run_id as string
  await call(client, 'say', { run_id, text: 'A Heron, too.' })
  const newest = await call(client, 'search_runs', { query: 'héron' })
  expect(newest.data).toMatchObject({
    runs: 2,
    hits: [
      { run_id, name: 'a-client', excerpt: 'A Heron, too.' },
      { run_id: null, log_file: imported.log_file, turn_index: null, excerpt: expect.stringContaining('heron speaks') },
    ],
  })
  await call(client, 'stop_run', { run_id })
  // As the archiver leaves it: from then on only the index is asked.
  await door.store.archive(
    [{ ...imported, run_id, log_file: 'backrooms_logs/x.txt', transcript: 'A Heron, too.' }],
    false,
  )
  await door.store.saveObserver(run_id, { name: 'archive', cursor: 1, memory: null })
  const asked: string[] = []
  const { turns } = door.store
  door.store.turns = (id, ...more) => {
    asked.push(id)
    return turns.call(door.store, id, ...more)
  }
  expect((await call(client, 'search_runs', { query: 'heron lighthouse' })).data).toMatchObject({ runs: 2 })
  expect((await call(client, 'search_runs', { query: 'lynx' })).data).toMatchObject({ runs: 0 })
  expect(asked).toEqual([run_id])

  const uri = `archive://${encodeURI(imported.log_file)}`
  expect((await client.readResource({ uri })).contents).toMatchObject([{ text: 'The heron speaks.' }])
  await expect(client.readResource({ uri: 'archive://none.txt' })).rejects.toThrow('There is no log "none.txt"')
  await client.close()
  await door.close()
})

test('a dear run is begun only when the program names what it may cost, a capped one not at all', async () => {
  const door = await openDoor({ offline: false })
  const client = await connect(overHttp(door.url))
  const dear = { template: 'roleplay', lm1: 'opus', max_turns: 100, max_cost: 30 }
  const refused = await call(client, 'start_run', dear)
  expect(refused).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^This run may cost \$[\d.]+ to \$[\d.]+, more than \$5\.00, so nothing/),
  })
  const [, amount] = /accept_cost: ([\d.]+\d)/.exec(refused.text) ?? []
  expect(Number(amount)).toBeGreaterThan(5)
  expect(await call(client, 'start_run', { ...dear, accept_cost: Number(amount) - 1 })).toMatchObject({ isError: true })
  expect((await call(client, 'list_runs')).data.runs).toEqual([])
  const begun = await call(client, 'start_run', { ...dear, accept_cost: Number(amount) })
  expect(begun).toMatchObject({ isError: false, data: { status: 'going' } })
  await call(client, 'stop_run', { run_id: begun.data.run_id })
  expect(await call(client, 'start_run', { ...dear, max_turns: 1 })).toMatchObject({ isError: false })
  await client.close()
  await door.close()

  const capped = await openDoor({ refusal: 'This server has reached its cap.' })
  const other = await connect(overHttp(capped.url))
  expect(await call(other, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 1 })).toMatchObject({
    isError: true,
    text: 'This server has reached its cap.',
  })
  await other.close()
  await capped.close()
})

describe('the HTTP door', () => {
  let door: Awaited<ReturnType<typeof openDoor>>
  beforeAll(async () => {
    door = await openDoor()
  })
  afterAll(() => door.close())

  const INITIALIZE = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  }
  const post = (headers: Record<string, string>, body: unknown = INITIALIZE) =>
    fetch(door.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const bearer = { authorization: `Bearer ${TOKEN}` }

  test('wants its token, whole', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      const response = await post(authorization === '' ? {} : { authorization })
      expect(response.status, authorization).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      expect(await response.text()).not.toContain(TOKEN)
    }
    expect((await post(bearer)).status).toBe(200)
  })

  test('refuses pages of other origins', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example'])
      expect((await post({ ...bearer, origin })).status, origin).toBe(403)
    expect((await post({ ...bearer, origin: new URL(door.url).origin })).status).toBe(200)
  })

  test('keeps its clients apart, and knows no session that ended', async () => {
    const [one, two] = [await connect(overHttp(door.url), 'one'), await connect(overHttp(door.url), 'two')]
    const started = await call(one, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 1 })
    const run_id = started.data.run_id as string
    expect((await door.store.run(run_id))?.starter_name).toBe('one')
    expect(await call(two, 'read_run', { run_id })).toMatchObject({ isError: false })
    const transport = one.transport as StreamableHTTPClientTransport
    const gone = transport.sessionId as string
    await transport.terminateSession()
    expect(
      (await post({ ...bearer, 'mcp-session-id': gone }, { jsonrpc: '2.0', id: 2, method: 'tools/list' })).status,
    ).toBe(404)
    expect(await call(two, 'list_runs')).toMatchObject({ isError: false })
    await one.close()
    await two.close()
  })

  test('survives what is no MCP', async () => {
    expect((await post(bearer, 'not json')).status).toBe(400)
    expect((await post(bearer, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(400)
    expect((await post(bearer, `"${'x'.repeat(2 * 1024 * 1024)}"`)).status).toBe(413)
    expect((await fetch(door.url, { headers: bearer })).status).toBe(400)
    expect((await post(bearer)).status).toBe(200)
  })
})
