import { afterEach, describe, expect, test } from 'vitest'
import { INTENTS, type Kit, startKit } from './gateway-kit.ts'

let kit: Kit
afterEach(() => kit.close())

test('hello, identify, READY with unavailable guilds, then GUILD_CREATE, numbered from 1', async () => {
  kit = await startKit()
  const client = kit.connect()
  const hello = await client.op(10)
  expect(hello).toMatchObject({ d: { heartbeat_interval: 41_250 }, s: null, t: null })
  client.identify(kit.world.application.token)
  const ready = await client.event('READY')
  expect(ready).toMatchObject({ op: 0, s: 1 })
  expect(ready.d).toMatchObject({
    v: 10,
    user: { id: kit.world.bot.id, bot: true },
    guilds: [{ id: kit.world.guild.id, unavailable: true }],
    resume_gateway_url: kit.url,
    application: { id: kit.world.application.id },
  })
  expect(ready.d.shard).toBeUndefined()
  const guild = await client.event('GUILD_CREATE')
  expect(guild.s).toBe(2)
  expect(guild.d).toMatchObject({ id: kit.world.guild.id, name: kit.world.guild.name })
  expect(guild.d.channels.length).toBeGreaterThan(5)
})

test('version 9 is spoken too', async () => {
  kit = await startKit()
  const client = await kit.login({}, '?v=9')
  expect(client.received.find((p) => p.t === 'READY')?.d.v).toBe(9)
})

test('a heartbeat is acknowledged, also before identify', async () => {
  kit = await startKit()
  const client = kit.connect()
  await client.op(10)
  client.send(1, null)
  expect(await client.op(11)).toMatchObject({ d: null })
})

test('a missed heartbeat closes the connection with 4009, and the session can be resumed', async () => {
  kit = await startKit({ limits: { heartbeat_interval_ms: 40, heartbeat_grace_ms: 20 } })
  const client = await kit.login()
  const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
  expect((await client.closed).code).toBe(4009)
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, session_id, 2)
  expect(await again.event('RESUMED')).toMatchObject({ s: 3 })
})

test('heartbeats in time keep the connection', async () => {
  kit = await startKit({ limits: { heartbeat_interval_ms: 100, heartbeat_grace_ms: 100 } })
  const client = await kit.login()
  for (let beat = 0; beat < 4; beat++) {
    await new Promise((resolve) => setTimeout(resolve, 90))
    await client.settled()
  }
  expect(client.socket.readyState).toBe(client.socket.OPEN)
})

describe('resume', () => {
  test('brings what was missed, in order and with its old numbers, then RESUMED', async () => {
    kit = await startKit()
    const client = await kit.login()
    await client.event('GUILD_CREATE')
    const { session_id, resume_gateway_url } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    kit.emit({ t: 'ONE', d: { n: 1 } })
    await client.event('ONE')
    client.socket.terminate()
    await client.closed
    kit.emit({ t: 'TWO', d: { n: 2 } })
    kit.emit({ t: 'THREE', d: { n: 3 } })
    expect(resume_gateway_url).toBe(kit.url)
    const again = kit.connect()
    await again.op(10)
    again.resume(`Bot ${kit.world.application.token}`, session_id, 3)
    await again.event('RESUMED')
    kit.emit({ t: 'FOUR', d: { n: 4 } })
    await again.event('FOUR')
    expect(again.received.filter((p) => p.op === 0).map((p) => [p.t, p.s])).toEqual([
      ['TWO', 4],
      ['THREE', 5],
      ['RESUMED', 6],
      ['FOUR', 7],
    ])
  })

  test('takes a session over from a connection that is still open', async () => {
    kit = await startKit()
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    const again = kit.connect()
    await again.op(10)
    again.resume(kit.world.application.token, session_id, 1)
    await again.event('RESUMED')
    expect(again.events).toEqual(['GUILD_CREATE', 'RESUMED'])
    expect((await client.closed).code).toBe(4000)
    kit.emit({ t: 'STILL_HERE', d: {} })
    await again.event('STILL_HERE')
  })

  test('an unknown session is op 9, not resumable, and the same connection may identify', async () => {
    kit = await startKit()
    const client = kit.connect()
    await client.op(10)
    client.resume(kit.world.application.token, 'nonesuch', 1)
    expect(await client.op(9)).toMatchObject({ d: false })
    client.identify(kit.world.application.token)
    await client.event('READY')
  })

  test('a number never given is 4007, and the session is gone', async () => {
    kit = await startKit()
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    client.socket.terminate()
    const again = kit.connect()
    await again.op(10)
    again.resume(kit.world.application.token, session_id, 999)
    expect((await again.closed).code).toBe(4007)
    const third = kit.connect()
    await third.op(10)
    third.resume(kit.world.application.token, session_id, 1)
    expect(await third.op(9)).toMatchObject({ d: false })
  })

  test('a wrong token is 4004', async () => {
    kit = await startKit()
    const client = kit.connect()
    await client.op(10)
    client.resume('wrong', 'whatever', 1)
    expect((await client.closed).code).toBe(4004)
  })

  test.each([1000, 1001])('the app closing with %i ends its session', async (code) => {
    kit = await startKit()
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    client.socket.close(code)
    await client.closed
    const again = kit.connect()
    await again.op(10)
    again.resume(kit.world.application.token, session_id, 2)
    expect(await again.op(9)).toMatchObject({ d: false })
  })

  test('the buffer is bounded: too far back is op 9', async () => {
    kit = await startKit({ limits: { replay_events: 20 } })
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    client.socket.terminate()
    await client.closed
    for (let n = 0; n < 50; n++) kit.emit({ t: 'EVENT', d: { n } })
    const recent = kit.connect()
    await recent.op(10)
    recent.resume(kit.world.application.token, session_id, 45)
    await recent.event('RESUMED')
    expect(recent.received.filter((p) => p.t === 'EVENT').map((p) => p.s)).toEqual([46, 47, 48, 49, 50, 51, 52])
    recent.socket.terminate()
    const late = kit.connect()
    await late.op(10)
    late.resume(kit.world.application.token, session_id, 10)
    expect(await late.op(9)).toMatchObject({ d: false })
  })

  test('only so many sessions wait: the one that has waited longest goes first', async () => {
    kit = await startKit({ limits: { waiting_sessions: 2 } })
    const sessions: string[] = []
    for (let n = 0; n < 3; n++) {
      const client = await kit.login()
      sessions.push(client.received.find((p) => p.t === 'READY')?.d.session_id)
      kit.world.faults.add({ route: '*', kind: 'cut' })
      await client.closed
    }
    const outcomes: (string | number | null)[] = []
    for (const session of sessions) {
      const again = kit.connect()
      await again.op(10)
      again.resume(kit.world.application.token, session, 2)
      const answer = await Promise.race([again.event('RESUMED'), again.op(9)])
      outcomes.push(answer.t ?? answer.op)
    }
    expect(outcomes).toEqual([9, 'RESUMED', 'RESUMED'])
  })

  test('a session that nobody takes up in time is gone', async () => {
    kit = await startKit({ limits: { session_ms: 20 } })
    const client = await kit.login()
    const { session_id } = client.received.find((p) => p.t === 'READY')?.d ?? {}
    client.socket.terminate()
    await client.closed
    await new Promise((resolve) => setTimeout(resolve, 60))
    const again = kit.connect()
    await again.op(10)
    again.resume(kit.world.application.token, session_id, 2)
    expect(await again.op(9)).toMatchObject({ d: false })
  })
})

test('every dispatch is in the record, with its session, number and whether it was sent', async () => {
  kit = await startKit()
  const client = await kit.login({ shard: [0, 1] })
  const { session_id, shard } = client.received.find((p) => p.t === 'READY')?.d ?? {}
  expect(shard).toEqual([0, 1])
  kit.world.faults.add({ route: '*', kind: 'cut' })
  await client.closed
  kit.emit({ t: 'LOST', d: { n: 1 } })
  const again = kit.connect()
  await again.op(10)
  again.resume(kit.world.application.token, session_id, 2)
  await again.event('RESUMED')
  const record = kit.world.record.list().filter((entry) => entry.kind === 'dispatch')
  expect(record.map(({ t, s, sent, replayed }) => ({ t, s, sent, replayed }))).toEqual([
    { t: 'READY', s: 1, sent: true },
    { t: 'GUILD_CREATE', s: 2, sent: true },
    { t: 'LOST', s: 3, sent: false },
    { t: 'LOST', s: 3, sent: true, replayed: true },
    { t: 'RESUMED', s: 4, sent: true },
  ])
  expect(record[2]).toMatchObject({ session_id, shard: [0, 1], d: { n: 1 } })
})

test('a message reaches only sessions with the intent for messages, others still get commands', async () => {
  kit = await startKit()
  const deaf = await kit.login({ intents: INTENTS.guilds })
  const hearing = await kit.login({ intents: INTENTS.guilds | INTENTS.messages })
  kit.emit({ t: 'MESSAGE_CREATE', d: { id: '1' }, intents: INTENTS.messages })
  kit.emit({ t: 'INTERACTION_CREATE', d: { id: '2' }, intents: 0 })
  await Promise.all([deaf.event('INTERACTION_CREATE'), hearing.event('INTERACTION_CREATE')])
  expect(deaf.events).not.toContain('MESSAGE_CREATE')
  expect(hearing.events).toContain('MESSAGE_CREATE')
})
