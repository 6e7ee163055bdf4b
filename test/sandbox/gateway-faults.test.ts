import { afterEach, expect, test } from 'vitest'
import { type Kit, type RawClient, startKit } from './gateway-kit.ts'

let kit: Kit
afterEach(() => kit.close())

function sessionOf(client: RawClient): string {
  return client.received.find((p) => p.t === 'READY')?.d.session_id
}

test('cut: no close code, and a resume brings what followed', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: '*', kind: 'cut' })
  expect((await client.closed).code).toBe(1006)
  kit.emit({ t: 'AFTER', d: {} })
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, sessionOf(client), 2)
  await again.event('RESUMED')
  expect(again.events).toEqual(['AFTER', 'RESUMED'])
})

test('cut on an event: the connection ends before it is sent', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: 'INTERACTION_CREATE', kind: 'cut' })
  kit.emit({ t: 'OTHER', d: {} })
  kit.emit({ t: 'INTERACTION_CREATE', d: { id: '7' } })
  await client.closed
  expect(client.events).not.toContain('INTERACTION_CREATE')
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, sessionOf(client), 3)
  expect((await again.event('INTERACTION_CREATE')).d.id).toBe('7')
})

test('cut twice: at once, and again at the next event', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: '*', kind: 'cut', count: 2 })
  await client.closed
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, sessionOf(client), 2)
  await again.event('RESUMED')
  kit.emit({ t: 'AFTER', d: {} })
  await again.closed
  expect(again.events).toEqual(['RESUMED'])
  expect(kit.world.faults.list()).toEqual([])
})

test('reconnect: op 7, then the connection is closed, the session stays', async () => {
  kit = await startKit({ limits: { reconnect_close_ms: 10 } })
  const client = await kit.login()
  kit.world.faults.add({ route: '*', kind: 'reconnect' })
  expect(await client.op(7)).toMatchObject({ d: null })
  expect((await client.closed).code).toBe(4000)
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, sessionOf(client), 2)
  await again.event('RESUMED')
})

test('invalid session, resumable: the same connection resumes', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: '*', kind: 'invalid_session', resumable: true })
  expect(await client.op(9)).toMatchObject({ d: true })
  client.resume(kit.world.application.token, sessionOf(client), 2)
  await client.event('RESUMED')
})

test('invalid session, not resumable: a resume fails, anything else is 4003', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: '*', kind: 'invalid_session' })
  expect(await client.op(9)).toMatchObject({ d: false })
  client.resume(kit.world.application.token, sessionOf(client), 2)
  expect(await client.op(9)).toMatchObject({ d: false })
  client.send(4, { guild_id: '1', channel_id: null })
  expect((await client.closed).code).toBe(4003)
})

test('silence: nothing for a while, not even an ACK, then all of it', async () => {
  kit = await startKit()
  const client = await kit.login()
  await client.settled()
  kit.world.faults.add({ route: '*', kind: 'silence', ms: 120 })
  const began = performance.now()
  client.send(1, 2)
  kit.emit({ t: 'HELD', d: {} })
  await client.event('HELD')
  expect(performance.now() - began).toBeGreaterThan(100)
  await client.op(11)
})

test('duplicate: the next events of that name come twice, as often as asked', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: 'MESSAGE_CREATE', kind: 'duplicate', count: 2 })
  for (const id of ['a', 'b', 'c']) kit.emit({ t: 'MESSAGE_CREATE', d: { id } })
  await client.settled()
  const seen = client.received.filter((p) => p.t === 'MESSAGE_CREATE')
  expect(seen.map((p) => p.d.id)).toEqual(['a', 'a', 'b', 'b', 'c'])
  expect(new Set(seen.map((p) => p.s)).size).toBe(5)
})

test('out of order: channels overtake each other, each keeps its own order, and one seed gives one order', async () => {
  kit = await startKit()
  const client = await kit.login()
  const orders: string[] = []
  for (let run = 0; run < 2; run++) {
    const before = client.received.length
    kit.world.faults.add({ route: 'MESSAGE_CREATE', kind: 'out_of_order', probability: 0.4, seed: 5 })
    for (let n = 0; n < 30; n++) kit.emit({ t: 'MESSAGE_CREATE', d: { id: n, channel_id: `c${n % 3}` } })
    kit.world.faults.clear()
    while (client.received.filter((p) => p.t === 'MESSAGE_CREATE').length < 30 * (run + 1))
      await client.event('MESSAGE_CREATE')
    const ids = client.received.slice(before).flatMap((p) => (p.t === 'MESSAGE_CREATE' ? [p.d.id as number] : []))
    expect(ids).not.toEqual([...ids].sort((a, b) => a - b))
    for (const channel of [0, 1, 2]) {
      const own = ids.filter((id) => id % 3 === channel)
      expect(own).toEqual([...own].sort((a, b) => a - b))
    }
    orders.push(ids.join())
  }
  expect(orders[0]).toBe(orders[1])
})

test('an event held back with none to overtake it comes all the same', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.world.faults.add({ route: 'MESSAGE_CREATE', kind: 'out_of_order', ms: 30 })
  kit.emit({ t: 'MESSAGE_CREATE', d: { id: '1', channel_id: 'c' } })
  await client.event('MESSAGE_CREATE')
})

test('late ready: other events do not use it up, and an identify meanwhile is refused', async () => {
  kit = await startKit()
  kit.world.faults.add({ route: '*', kind: 'late_ready', ms: 80 })
  kit.emit({ t: 'MESSAGE_CREATE', d: {} })
  const began = performance.now()
  const client = await kit.login()
  expect(performance.now() - began).toBeGreaterThan(75)
  kit.world.faults.add({ route: 'READY', kind: 'late_ready', ms: 5_000 })
  const other = kit.connect()
  await other.op(10)
  other.identify(kit.world.application.token)
  other.identify(kit.world.application.token)
  expect((await other.closed).code).toBe(4005)
  expect(client.socket.readyState).toBe(client.socket.OPEN)
})

test('token revoked: every session ends with 4004', async () => {
  kit = await startKit()
  const client = await kit.login()
  kit.gateway.revokeSessions()
  expect((await client.closed).code).toBe(4004)
})
