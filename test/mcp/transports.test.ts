import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { mcpContract } from '../contracts/mcp.ts'
import { everything, everythingOverHttp, failure, mcpWith } from './kit.ts'

const quick = { backoffMs: [50, 200] as [number, number], pongMs: 500 }
const over = (type: string, url: string, more: object = {}) =>
  mcpWith({ mcpServers: { ev: { type, url, ...more } } }, { limits: quick })

mcpContract('stdio', () => mcpWith({ mcpServers: { ev: everything } }))
mcpContract('Streamable HTTP', async () => over('http', (await everythingOverHttp('streamableHttp')).url))
mcpContract('SSE', async () => over('sse', (await everythingOverHttp('sse')).url))

test('a tool that answers by a task alone is asked until it is done', async () => {
  const mcp = mcpWith({ mcpServers: { ev: everything } })
  const report = await mcp.call('ev', 'simulate-research-query', { topic: 'doors' })
  expect(JSON.stringify(report.content)).toContain('Research Report: doors')
})

test.each([
  ['http', 'streamableHttp'],
  ['sse', 'sse'],
] as const)('%s: a server that was started anew gets a new session', async (type, transport) => {
  const remote = await everythingOverHttp(transport)
  const mcp = over(type, remote.url)
  await mcp.tools('ev')
  await remote.restart()
  expect((await mcp.call('ev', 'echo', { message: 'again' })).content).toEqual([{ type: 'text', text: 'Echo: again' }])
})

test.each([
  ['http', 'streamableHttp'],
  ['sse', 'sse'],
] as const)('%s: a server that dies during a call fails it soon, not at its time limit', async (type, transport) => {
  const remote = await everythingOverHttp(transport)
  const mcp = over(type, remote.url)
  await mcp.tools('ev')
  const call = failure(mcp.call('ev', 'trigger-long-running-operation', { duration: 60, steps: 60 }))
  setTimeout(() => void remote.stop(), 300)
  const { failure: kind, message } = await call
  expect(kind).toBe('died')
  expect(message).toMatch(/^The call of ev\/trigger-long-running-operation failed: /)
  const { message: next } = await failure(mcp.call('ev', 'echo', { message: 'x' }))
  expect(next).toContain('The MCP server "ev" could not be reached at http://127.0.0.1:')
})

test.each(['http', 'sse'])('%s: nobody there, HTTP errors and pages are told without the token', async (type) => {
  const env = { TOKEN: 'secret-token-7' }
  const seen: (string | undefined)[] = []
  const web = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(request.url === '/page' ? 200 : 403, { 'content-type': 'text/html' })
    response.end(`<h1>No ${request.headers.authorization}</h1>`)
  })
  await new Promise<void>((listening) => void web.listen(0, '127.0.0.1', () => listening()))
  const base = `http://127.0.0.1:${(web.address() as { port: number }).port}`
  const headers = { Authorization: 'Bearer ${TOKEN}' }
  const mcp = mcpWith(
    {
      mcpServers: {
        refused: { type, url: `${base}/refused?key=in-the-address`, headers },
        page: { type, url: `${base}/page`, headers },
        nobody: { type, url: 'http://127.0.0.1:9/mcp', headers },
      },
    },
    { env },
  )
  for (const name of mcp.names()) {
    const { failure: kind, message } = await failure(mcp.tools(name))
    expect(kind).toBe('unreachable')
    const why = name === 'refused' ? 'at ORIGIN refused the bot \\(HTTP 403; .+\\)' : 'could not be reached at ORIGIN'
    const origin = 'http://127.0.0.1:\\d+'
    expect(message).toMatch(new RegExp(`^The MCP server "${name}" ${why.replace('ORIGIN', origin)}: .+\\.$`))
    expect(message).not.toMatch(/secret-token-7|in-the-address/)
  }
  expect(seen[0]).toBe('Bearer secret-token-7')
  expect(JSON.stringify(mcp.logged)).not.toMatch(/secret-token-7|in-the-address/)
  web.close()
  web.closeAllConnections()
})

test.each(['http', 'sse'])('%s: a refused key is told as that, without it in any form', async (type) => {
  const password = 'open sesame 77'
  const basic = Buffer.from(`ada:${password}`).toString('base64')
  const again = Buffer.from(password).toString('base64')
  const web = createServer((_request, response) => {
    response.writeHead(401, { 'content-type': 'text/plain' })
    response.end(`bad credentials ${basic} ${password} ${again}`)
  })
  await new Promise<void>((listening) => void web.listen(0, '127.0.0.1', () => listening()))
  const url = `http://127.0.0.1:${(web.address() as { port: number }).port}/mcp`
  const mcp = mcpWith({ mcpServers: { shut: { type, url, headers: { Authorization: `Basic ${basic}` } } } })
  const { message } = await failure(mcp.tools('shut'))
  expect(message).toContain(`The MCP server "shut" at ${new URL(url).origin} refused the bot (HTTP 401;`)
  for (const secret of [basic, password, again.replace(/=+$/, '')]) expect(message).not.toContain(secret)
  web.close()
  web.closeAllConnections()
})

test('Streamable HTTP: an answer that is too large is refused while it arrives', async () => {
  const flood = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.on('error', () => {})
    const piece = Buffer.alloc(1024 * 1024, 120)
    const pour = () => {
      if (!response.destroyed) response.write(piece, () => setImmediate(pour))
    }
    pour()
  })
  await new Promise<void>((listening) => void flood.listen(0, '127.0.0.1', () => listening()))
  const { port } = flood.address() as { port: number }
  const mcp = mcpWith(
    { mcpServers: { s: { type: 'http', url: `http://127.0.0.1:${port}/` } } },
    { limits: { maxBytes: 3 * 1024 * 1024 } },
  )
  expect((await failure(mcp.tools('s'))).message).toContain('it sent more than 3 MB in one answer')
  flood.closeAllConnections()
  flood.close()
})

test.each(['application/json', 'text/event-stream'])(
  'Streamable HTTP: an answer of %s that is too large leaves the session and its other calls alone',
  async (type) => {
    let sessions = 0
    let streams = 0
    const small = Promise.withResolvers<() => void>()
    const web = createServer(async (request, response) => {
      if (request.method === 'GET') {
        if (request.headers['last-event-id']) streams++
        return void response.writeHead(405).end()
      }
      let body = ''
      for await (const chunk of request) body += chunk
      const { id, method, params } = JSON.parse(body || '{}') as {
        id?: number
        method?: string
        params?: { name?: string }
      }
      const reply = (result: object) => {
        response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'one' })
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
      }
      if (id === undefined) return void response.writeHead(202).end()
      if (method === 'initialize') {
        sessions++
        const serverInfo = { name: 'big', version: '1' }
        return reply({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo })
      }
      if (method === 'tools/list')
        return reply({ tools: ['big', 'small'].map((name) => ({ name, inputSchema: { type: 'object' } })) })
      if (params?.name === 'small')
        return small.resolve(() => reply({ content: [{ type: 'text', text: 'here I am' }] }))
      response.writeHead(200, { 'content-type': type })
      // A stream that could be taken up again: it must not be.
      if (type === 'text/event-stream')
        response.write(`id: 1\ndata: \n\nid: 2\ndata: {"jsonrpc":"2.0","id":${id},"result":"`)
      response.on('error', () => {})
      response.end('x'.repeat(8 * 1024 * 1024))
    })
    await new Promise<void>((listening) => void web.listen(0, '127.0.0.1', () => listening()))
    const { port } = web.address() as { port: number }
    const url = `http://127.0.0.1:${port}/`
    const mcp = mcpWith({ mcpServers: { s: { type: 'http', url } } }, { limits: { maxBytes: 3 * 1024 * 1024 } })
    await mcp.tools('s')
    const neighbour = mcp.call('s', 'small', {})
    const answerNow = await small.promise
    expect(await failure(mcp.call('s', 'big', {}))).toEqual({
      failure: 'too_large',
      message: 'The call of s/big failed: it sent more than 3 MB in one answer.',
    })
    answerNow()
    expect((await neighbour).content).toEqual([{ type: 'text', text: 'here I am' }])
    expect(sessions).toBe(1)
    expect(streams).toBe(0)
    web.close()
    web.closeAllConnections()
  },
)
