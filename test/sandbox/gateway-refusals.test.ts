import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { INTENTS, type Kit, RawClient, startKit } from './gateway-kit.ts'

let kit: Kit
afterEach(() => kit.close())

/** what a new connection is closed with after sending `send` */
async function closedAfter(send: (client: RawClient) => void, options: Parameters<typeof startKit>[0] = {}) {
  kit = await startKit(options)
  const client = kit.connect()
  await client.op(10)
  send(client)
  return client.closed
}

describe('payloads that Discord cannot read are 4002', () => {
  test.each([
    ['not JSON', 'hello?'],
    ['an array', '[]'],
    ['a number', '7'],
    ['null', 'null'],
    ['no op', '{"d":null}'],
    ['op of a wrong type', '{"op":"2","d":{}}'],
    ['identify without d', '{"op":2}'],
    ['identify without a token', '{"op":2,"d":{"intents":1,"properties":{}}}'],
    ['identify without properties', '{"op":2,"d":{"intents":1,"token":"x"}}'],
    ['a shard of one number', '{"op":2,"d":{"intents":1,"token":"x","properties":{},"shard":[0]}}'],
    ['resume without seq', '{"op":6,"d":{"token":"x","session_id":"y"}}'],
    ['a heartbeat that is text', '{"op":1,"d":"soon"}'],
    ['an unknown status', '{"op":3,"d":{"status":"sleepy","activities":[],"since":null,"afk":false}}'],
    ['more than 4096 bytes', JSON.stringify({ op: 1, d: null, padding: 'x'.repeat(4096) })],
  ])('%s', async (_name, text) => {
    expect((await closedAfter((client) => client.socket.send(text))).code).toBe(4002)
    expect(kit.world.violations.list()).toMatchObject([{ method: 'GATEWAY', code: 4002 }])
  })

  test('bytes that are no UTF-8', async () => {
    expect((await closedAfter((client) => client.socket.send(Buffer.from([0xff, 0xfe, 0x00])))).code).toBe(4002)
  })
})

test('a frame of 2 MB ends the connection, and the gateway lives on', async () => {
  const { code } = await closedAfter((client) => client.socket.send('x'.repeat(2 * 1024 * 1024)))
  expect(code).toBe(1009)
  await kit.login()
})

test.each([0, 5, 7, 9, 10, 11, 99, -1])(
  'op %i is not for apps: 4001, and the session cannot be resumed',
  async (op) => {
    kit = await startKit()
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    client.send(op, null)
    expect((await client.closed).code).toBe(4001)
    const again = kit.connect()
    await again.op(10)
    again.resume(kit.world.application.token, session_id, 2)
    expect(await again.op(9)).toMatchObject({ d: false })
  },
)

test('anything but a heartbeat before identify is 4003', async () => {
  const { code } = await closedAfter((client) =>
    client.send(3, { status: 'online', activities: [], since: null, afk: false }),
  )
  expect(code).toBe(4003)
})

test('a wrong token is 4004', async () => {
  expect((await closedAfter((client) => client.identify('wrong'))).code).toBe(4004)
})

test('a second identify is 4005', async () => {
  kit = await startKit()
  const client = await kit.login()
  client.identify(kit.world.application.token)
  expect((await client.closed).code).toBe(4005)
})

test.each([[[1, 1]], [[-1, 2]], [[0, 0]]])('shard %j is 4010', async (shard) => {
  const { code } = await closedAfter((client) => client.identify(kit.world.application.token, { shard }))
  expect(code).toBe(4010)
})

test('more guilds than one session may have is 4011', async () => {
  const { code } = await closedAfter((client) => client.identify(kit.world.application.token), {
    limits: { guilds_per_shard: 0 },
  })
  expect(code).toBe(4011)
})

test.each(['?encoding=json', '?v=6&encoding=json', '?v=11', '?v=ten'])('version in %s is 4012', async (query) => {
  kit = await startKit()
  expect((await kit.connect(query).closed).code).toBe(4012)
})

test.each([1 << 17, 1 << 30, -1, 1.5, '1', null, undefined])('intents %s are 4013', async (intents) => {
  const { code } = await closedAfter((client) => client.identify(kit.world.application.token, { intents }))
  expect(code).toBe(4013)
})

test.each([INTENTS.members, INTENTS.presences, INTENTS.content])(
  'privileged intent %i, not granted, is 4014',
  async (intents) => {
    kit = await startKit()
    kit.world.amend({ application: { ...kit.world.application, flags: 0 } })
    const client = kit.connect()
    await client.op(10)
    client.identify(kit.world.application.token, { intents })
    expect((await client.closed).code).toBe(4014)
  },
)

test('privileged intents that were granted are accepted', async () => {
  kit = await startKit()
  kit.world.amend({ application: { ...kit.world.application, flags: (1 << 13) | (1 << 15) | (1 << 19) } })
  await kit.login({ intents: INTENTS.members | INTENTS.presences | INTENTS.content })
})

describe('limits', () => {
  test('the 121st payload within a minute is 4008', async () => {
    kit = await startKit()
    const client = await kit.login()
    for (let n = 0; n < 119; n++) client.send(1, null)
    await client.op(11)
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    client.send(1, null)
    expect((await client.closed).code).toBe(4008)
  })

  test('a second identify within 5 s is answered with op 9, and counted as a violation', async () => {
    kit = await startKit({ limits: { identify_window_ms: 5_000 } })
    await kit.login()
    const second = kit.connect()
    await second.op(10)
    second.identify(kit.world.application.token)
    expect(await second.op(9)).toMatchObject({ d: false })
    expect(kit.world.violations.list()).toMatchObject([{ path: '/gateway op 2' }])
  })

  test('an app that was started anew within 5 s waits too, but that is no violation', async () => {
    kit = await startKit({ limits: { identify_window_ms: 150 } })
    const first = await kit.login()
    first.socket.close(1000)
    await first.closed
    const second = kit.connect()
    await second.op(10)
    second.identify(kit.world.application.token)
    expect(await second.op(9)).toMatchObject({ d: false })
    await new Promise((resolve) => setTimeout(resolve, 160))
    second.identify(kit.world.application.token)
    await second.event('READY')
    expect(kit.world.violations.list()).toEqual([])
  })

  test('shards of different keys may identify together when max_concurrency allows', async () => {
    kit = await startKit({ limits: { identify_window_ms: 5_000, max_concurrency: 2 } })
    await Promise.all([kit.login({ shard: [0, 2] }), kit.login({ shard: [1, 2] })])
    expect(kit.gateway.sessionStartLimit()).toMatchObject({ total: 1000, remaining: 998, max_concurrency: 2 })
  })

  test('once all session starts are used up, every session ends', async () => {
    kit = await startKit({ limits: { session_starts: 1 } })
    const first = await kit.login()
    const second = kit.connect()
    await second.op(10)
    second.identify(kit.world.application.token)
    expect((await first.closed).code).toBe(4004)
    expect((await second.closed).code).toBe(4004)
  })

  test('lifted, none of them holds', async () => {
    kit = await startKit({ limited: false, limits: { identify_window_ms: 5_000 } })
    const first = await kit.login()
    await kit.login()
    for (let n = 0; n < 200; n++) first.send(1, null)
    await first.settled()
  })
})

describe('at the door', () => {
  /** the HTTP status that a refused upgrade is answered with */
  async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    const socket = new WebSocket(url, { headers })
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    socket.terminate()
    return response.statusCode
  }

  test('another path is 404, etf and unknown compressions 400', async () => {
    kit = await startKit()
    expect(await statusOf(kit.url.replace('/gateway', '/elsewhere'))).toBe(404)
    expect(await statusOf(`${kit.url}?v=10&encoding=etf`)).toBe(400)
    expect(await statusOf(`${kit.url}?v=10&compress=brotli`)).toBe(400)
  })

  test('another host or origin is 403, this machine by any name is not', async () => {
    kit = await startKit()
    expect(await statusOf(`${kit.url}?v=10`, { host: 'evil.example' })).toBe(403)
    expect(await statusOf(`${kit.url}?v=10`, { origin: 'https://evil.example' })).toBe(403)
    const local = new RawClient(`${kit.url}?v=10`, { headers: { origin: 'http://localhost:8788' } })
    await local.op(10)
    local.socket.terminate()
  })

  test('nonsense instead of a handshake does no harm', async () => {
    kit = await startKit()
    const port = Number(new URL(kit.url).port)
    for (const path of ['//', '/gateway?%', '*', '/\u00ff', `/${'x'.repeat(9000)}`]) {
      const socket = connectTcp(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      const [answer] = await once(socket, 'data')
      expect(answer.toString()).toMatch(/^HTTP\/1.1 4\d\d /)
      await once(socket, 'close')
    }
    await kit.login()
  })

  test('a flood of connections is refused one by one, and those within keep being served', async () => {
    kit = await startKit({ limits: { connections: 20 } })
    const within = await kit.login()
    let open = 0
    let refused = 0
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const { socket } = kit.connect()
          const [event] = await Promise.race([
            once(socket, 'open').then(() => ['open']),
            once(socket, 'unexpected-response').then(([, response]) => [response.statusCode]),
          ])
          if (event === 'open') open += 1
          if (event === 503) refused += 1
        }),
      )
    }
    expect({ open, refused }).toEqual({ open: 19, refused: 1981 })
    await within.settled()
  })

  test('the connection after the last allowed one is 503, and there is room again when one goes', async () => {
    kit = await startKit({ limits: { connections: 3 } })
    const clients = [kit.connect(), kit.connect(), kit.connect()]
    await Promise.all(clients.map((client) => client.op(10)))
    expect(await statusOf(`${kit.url}?v=10`)).toBe(503)
    clients[0]?.socket.close()
    await clients[0]?.closed
    await kit.login()
  })
})

test('a reader too slow for the events is dropped, and finds them again when it resumes', async () => {
  kit = await startKit({ limits: { backlog_bytes: 256 * 1024 } })
  const slow = await kit.login()
  const { session_id } = slow.received.find((p) => p.t === 'READY')?.d ?? {}
  slow.socket.pause()
  const text = 'x'.repeat(64 * 1024)
  let sent = 0
  const dropped = () => kit.world.record.list().some((entry) => entry.t === 'BIG' && entry.sent === false)
  while (!dropped() && sent < 1000) {
    kit.emit({ t: 'BIG', d: { n: sent++, text } })
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(sent).toBeLessThan(1000)
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, session_id, sent + 1)
  await again.event('RESUMED')
  expect(again.received.filter((p) => p.t === 'BIG').map((p) => p.d.n)).toEqual([sent - 1])
})
