import { resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { call, servesContract } from '../contracts/mcp-door.ts'
import { answer, engineWith, place, ScriptedModels, spec, until } from '../engine/kit.ts'
import { openDoor, TOKEN, terminal } from './door.ts'
import { temporaryFolder } from './kit.ts'

const overHttp = (url: string, token = TOKEN): Transport =>
  new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } })

async function connect(transport: Transport, name = 'a-client'): Promise<Client> {
  const client = new Client({ name, version: '1' })
  await client.connect(transport)
  return client
}

servesContract('over Streamable HTTP', async () => {
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

const overStdio = (dataDir: string) => new StdioClientTransport({ ...terminal(dataDir), stderr: 'ignore' })

servesContract('over stdio, in a process of its own', async () => {
  const client = await connect(overStdio(temporaryFolder()))
  return { client, close: () => client.close() }
})

test('when a stdio client goes, its runs are paused, and another client can take them up', async () => {
  const dataDir = temporaryFolder()
  const first = await connect(overStdio(dataDir))
  const started = await call(first, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 200 })
  const run_id = started.data.run_id as string
  await call(first, 'read_run', { run_id, wait_seconds: 20, limit: 1 })
  await first.close()

  const store = await openStore(resolve(dataDir, 'backrooms.db'))
  const left = await store.run(run_id)
  await store.close()
  expect(left).toMatchObject({ status: 'paused', status_text: 'The program that drove it over MCP went away.' })

  const second = await connect(overStdio(dataDir))
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

  const client = await connect(overStdio(dataDir))
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
    const unasked = await fetch(door.url, { headers: bearer })
    expect(unasked.status).toBe(400)
    // An error "that has no id": null is none of MCP's ids.
    expect(await unasked.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: -32000, message: 'Mcp-Session-Id is missing: initialize a session first.' },
    })
    expect((await post(bearer)).status).toBe(200)
  })
})
