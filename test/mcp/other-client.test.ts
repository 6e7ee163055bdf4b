import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio'
import { expect, test } from 'vitest'
import { call, servesContract } from '../contracts/mcp-door.ts'
import { openDoor, TOKEN, terminal } from './door.ts'
import { temporaryFolder } from './kit.ts'

// A client that shares no line with the SDK on which our server is built, so that the two cannot be wrong in the same way. Before
// `initialize` it asks by a later revision's method whether we speak that: we must refuse so that it falls back.

const overHttp = (url: string, onUncaughtError: (error: unknown) => void, token = TOKEN) =>
  createMCPClient({
    transport: { type: 'http', url, headers: { authorization: `Bearer ${token}` } },
    clientName: 'another-client',
    onUncaughtError,
    maxRetries: 0,
  })

/** What the client could make nothing of. That it is refused with 400 while it has no session yet is as the specification wants it. */
const trouble: unknown[] = []
const note = (error: unknown) => {
  if ((error as { statusCode?: number }).statusCode !== 400) trouble.push(error)
}

servesContract('another client over Streamable HTTP', async () => {
  const door = await openDoor()
  const client = await overHttp(door.url, note)
  return {
    client,
    async close() {
      await client.close()
      await door.close()
      expect(trouble.splice(0)).toEqual([])
    },
  }
})

servesContract('another client over stdio', async () => {
  const transport = new StdioTransport({ ...terminal(temporaryFolder()), stderr: 'ignore' })
  // It waits for an answer to its first question no longer than a process may need to start.
  const client = await createMCPClient({ transport, protocolVersionDiscovery: false, onUncaughtError: note })
  return {
    client,
    async close() {
      await client.close()
      expect(trouble.splice(0)).toEqual([])
    },
  }
})

test('another client and we agree on a revision, names, instructions and the shape of addresses', async () => {
  const door = await openDoor()
  const client = await overHttp(door.url, note)
  expect(client.initializeResult).toMatchObject({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {}, resources: {} },
    serverInfo: { name: 'backrooms' },
  })
  expect(client.instructions).toContain('start_run begins a conversation between models')
  const { resourceTemplates } = await client.listResourceTemplates()
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    'run://{id}/transcript',
    'archive://{+log_file}',
  ])
  const started = await call(client, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 500 })
  expect(started.data).toMatchObject({ started_by: 'another-client' })
  await call(client, 'stop_run', { run_id: started.data.run_id })
  await client.close()
  await door.close()
  expect(trouble.splice(0)).toEqual([])
})

test('another client hears what it did wrong as MCP tells such things', async () => {
  const door = await openDoor()
  const client = await overHttp(door.url, note)
  expect(await call(client, 'no_such_tool')).toMatchObject({
    isError: true,
    text: expect.stringContaining('no_such_tool'),
  })
  await expect(client.readResource({ uri: 'run://none/transcript' })).rejects.toThrow('There is no run "none"')
  await expect(overHttp(door.url, () => {}, 'a-wrong-token')).rejects.toThrow(/401|token|unauthori[sz]ed/i)
  // A question given up is not waited for, and the session goes on.
  const started = await call(client, 'start_run', { template: 'roleplay', lm1: 'opus', max_turns: 500 })
  const run_id = started.data.run_id as string
  const waiting = client.callTool({
    name: 'read_run',
    arguments: { run_id, from: 9000, wait_seconds: 50 },
    options: { signal: AbortSignal.timeout(200) },
  })
  await expect(waiting).rejects.toThrow()
  expect(await call(client, 'stop_run', { run_id })).toMatchObject({ isError: false })
  await client.close()
  await door.close()
})
