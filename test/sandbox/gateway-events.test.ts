import { afterEach, describe, expect, test } from 'vitest'
import type { World } from '../../src/sandbox/core/world.ts'
import type { GatewayWorld } from '../../src/sandbox/gateway/world.ts'
import { INTENTS, type Kit, startKit } from './gateway-kit.ts'

let kit: Kit
afterEach(() => kit.close())

function grantEverything(world: World): void {
  world.amend({ application: { ...world.application, flags: (1 << 13) | (1 << 15) | (1 << 19) } })
}

describe('compression', () => {
  test.each(['zlib-stream', 'zstd-stream'])('%s: one context, one message for each payload', async (compress) => {
    kit = await startKit()
    const client = await kit.login({}, `?v=10&encoding=json&compress=${compress}`)
    for (let n = 0; n < 50; n++) kit.emit({ t: 'EVENT', d: { n, text: 'ä🚪'.repeat(n * 100) } })
    await client.settled()
    expect(client.received.filter((p) => p.t === 'EVENT').map((p) => p.d.n)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    )
    expect(client.received.findLast((p) => p.t === 'EVENT')?.d.text === 'ä🚪'.repeat(4900)).toBe(true)
    expect(client.frames.every((frame) => frame.binary)).toBe(true)
    expect(client.frames.length).toBe(client.received.length)
    if (compress === 'zlib-stream') {
      for (const { bytes } of client.frames) expect(bytes.subarray(-4)).toEqual(Buffer.from([0, 0, 0xff, 0xff]))
    }
  })

  test('`compress` in identify: large payloads are zlib, small ones text', async () => {
    kit = await startKit()
    const client = kit.connect('?v=10&compress=')
    await client.op(10)
    client.identify(kit.world.application.token, { compress: true })
    await client.settled()
    kit.emit({ t: 'SMALL', d: {} })
    await client.settled()
    expect(client.frames.filter((frame) => frame.binary).length).toBeGreaterThan(0)
    expect(client.events).toEqual(['READY', 'GUILD_CREATE', 'SMALL'])
  })

  test('none: text', async () => {
    kit = await startKit()
    const client = await kit.login()
    expect(client.frames.some((frame) => frame.binary)).toBe(false)
  })
})

describe('shards', () => {
  /** the real guild and a second one whose id falls on the other of two shards */
  function withTwoGuilds(world: World): GatewayWorld {
    const other = String(BigInt(world.guild.id) + (1n << 22n))
    return {
      get bot() {
        return world.bot
      },
      get application() {
        return world.application
      },
      authenticate: (token) => world.authenticate(token),
      readyPayload: () => ({ ...world.readyPayload(), guilds: [{ id: world.guild.id }, { id: other }] }),
      guildCreatePayload: (id) => (id === other ? { id: other } : world.guildCreatePayload(id)),
      limits: world.limits,
      members: world.members,
      subscribe: (listener) => world.subscribe(listener),
      faults: world.faults,
      record: world.record,
      violations: world.violations,
    }
  }

  test('guilds and their events go to (guild_id >> 22) % shards, all else to shard 0', async () => {
    kit = await startKit({ world: withTwoGuilds, limits: { max_concurrency: 2 } })
    const own = kit.world.guild.id
    const other = String(BigInt(own) + (1n << 22n))
    const shards = await Promise.all([kit.login({ shard: [0, 2] }), kit.login({ shard: [1, 2] })])
    const ofOwn = Number((BigInt(own) >> 22n) % 2n)
    kit.emit({ t: 'AT_OWN', d: {}, guild_id: own })
    kit.emit({ t: 'AT_OTHER', d: {}, guild_id: other })
    kit.emit({ t: 'DIRECT', d: {}, guild_id: undefined })
    for (const shard of shards) await shard.settled()
    const events = shards.map((shard) =>
      shard.events.filter((t) => t === t.toUpperCase() && !['READY', 'GUILD_CREATE'].includes(t)),
    )
    expect(events[ofOwn]).toContain('AT_OWN')
    expect(events[ofOwn]).not.toContain('AT_OTHER')
    expect(events[1 - ofOwn]).toContain('AT_OTHER')
    expect(events[1 - ofOwn]).not.toContain('AT_OWN')
    expect(events[0]).toContain('DIRECT')
    expect(events[1]).not.toContain('DIRECT')
    const ready = shards[ofOwn]?.received.find((p) => p.t === 'READY')
    expect(ready?.d).toMatchObject({ shard: [ofOwn, 2], guilds: [{ id: own, unavailable: true }] })
  })
})

describe('what intents show', () => {
  test('message content only with its intent', async () => {
    kit = await startKit()
    grantEverything(kit.world)
    const [without, within] = [
      await kit.login(),
      await kit.login({ intents: INTENTS.guilds | INTENTS.messages | INTENTS.content }),
    ]
    const message = { id: '1', channel_id: '2', content: 'a secret' }
    kit.emit({
      t: 'MESSAGE_CREATE',
      d: message,
      d_without_content: { ...message, content: '' },
      intents: INTENTS.messages,
    })
    expect((await without.event('MESSAGE_CREATE')).d.content).toBe('')
    expect((await within.event('MESSAGE_CREATE')).d.content).toBe('a secret')
  })

  test('members of a guild only with presences, else the bot alone', async () => {
    kit = await startKit()
    grantEverything(kit.world)
    const plain = await kit.login()
    const guild = (await plain.event('GUILD_CREATE')).d
    expect(guild.members.map((m: { user: { id: string } }) => m.user.id)).toEqual([kit.world.bot.id])
    expect(guild.member_count).toBe(4)
    const seeing = await kit.login({ intents: INTENTS.guilds | INTENTS.presences })
    expect((await seeing.event('GUILD_CREATE')).d.members).toHaveLength(4)
  })

  test('no guild at all without the guilds intent', async () => {
    kit = await startKit()
    const client = await kit.login({ intents: 0 })
    await client.settled()
    expect(client.events).toEqual(['READY'])
  })

  test('thread membership: others only with the members intent', async () => {
    kit = await startKit()
    grantEverything(kit.world)
    const plain = await kit.login()
    const seeing = await kit.login({ intents: INTENTS.guilds | INTENTS.members })
    const bot = kit.world.bot.id
    const update = (added: string[], removed: string[]) =>
      kit.emit({
        t: 'THREAD_MEMBERS_UPDATE',
        d: { id: '5', added_members: added.map((user_id) => ({ user_id })), removed_member_ids: removed },
        intents: INTENTS.guilds | INTENTS.members,
      })
    update(['someone'], [])
    update(['someone', bot], ['another'])
    await Promise.all([plain.settled(), seeing.settled()])
    expect(plain.received.filter((p) => p.t === 'THREAD_MEMBERS_UPDATE').map((p) => p.d)).toEqual([
      { id: '5', added_members: [{ user_id: bot }], removed_member_ids: [] },
    ])
    expect(seeing.events.filter((t) => t === 'THREAD_MEMBERS_UPDATE')).toHaveLength(2)
  })

  test('a change to the bot itself comes without the members intent, to another not', async () => {
    kit = await startKit()
    const client = await kit.login()
    for (const id of [kit.world.people.ada, kit.world.bot.id]) {
      kit.emit({ t: 'GUILD_MEMBER_UPDATE', d: { user: { id } }, intents: INTENTS.members })
    }
    await client.settled()
    expect(client.received.filter((p) => p.t === 'GUILD_MEMBER_UPDATE').map((p) => p.d.user.id)).toEqual([
      kit.world.bot.id,
    ])
  })

  test('what is not for the bot does not reach it', async () => {
    kit = await startKit()
    const client = await kit.login()
    kit.emit({ t: 'MESSAGE_CREATE', d: { id: 'ephemeral' }, to_bot: false })
    await client.settled()
    expect(client.events).not.toContain('MESSAGE_CREATE')
  })
})

describe('request guild members', () => {
  const all = { query: '', limit: 0 }

  test('all of them, in chunks, with the members intent; again within 30 s is RATE_LIMITED', async () => {
    kit = await startKit({ limits: { chunk_members: 3 } })
    grantEverything(kit.world)
    const guild_id = kit.world.guild.id
    const client = await kit.login({ intents: INTENTS.guilds | INTENTS.members })
    client.send(8, { guild_id, ...all, nonce: 'n1', presences: true })
    const [first, second] = [await client.event('GUILD_MEMBERS_CHUNK'), await client.event('GUILD_MEMBERS_CHUNK')]
    expect(first.d).toMatchObject({ guild_id, chunk_index: 0, chunk_count: 2, nonce: 'n1' })
    expect(first.d.presences).toBeUndefined()
    expect(second.d).toMatchObject({ chunk_index: 1 })
    expect([...first.d.members, ...second.d.members]).toHaveLength(4)
    client.send(8, { guild_id, ...all, nonce: 'n2' })
    const limited = await client.event('RATE_LIMITED')
    expect(limited.d).toMatchObject({ opcode: 8, meta: { guild_id, nonce: 'n2' } })
    expect(limited.d.retry_after).toBeGreaterThan(29)
  })

  test('without the intent: silence for all, an answer for a prefix or for ids', async () => {
    kit = await startKit()
    const guild_id = kit.world.guild.id
    const client = await kit.login()
    client.send(8, { guild_id, ...all })
    client.send(8, { guild_id: '1', ...all })
    client.send(8, { guild_id, query: 'AD', limit: 10 })
    client.send(8, { guild_id, user_ids: [kit.world.people.ben, '123'], nonce: 'x'.repeat(33) })
    await client.settled()
    const chunks = client.received.filter((p) => p.t === 'GUILD_MEMBERS_CHUNK').map((p) => p.d)
    expect(chunks).toHaveLength(2)
    expect(chunks[0].members.map((m: { user: { username: string } }) => m.user.username)).toEqual(['ada'])
    expect(chunks[1]).toMatchObject({ members: [{ user: { username: 'ben' } }], not_found: ['123'] })
    expect(chunks[1].nonce).toBeUndefined()
  })
})

test('ids may be numbers, whole though they are larger than JavaScript counts', async () => {
  kit = await startKit()
  const { id } = kit.world.guild
  const client = await kit.login()
  client.socket.send(`{"op":8,"d":{"guild_id":${id},"user_ids":[${kit.world.bot.id},12]}}`)
  expect((await client.event('GUILD_MEMBERS_CHUNK')).d).toMatchObject({
    guild_id: id,
    members: [{ user: { id: kit.world.bot.id } }],
    not_found: ['12'],
  })
})

test('presence, voice state, soundboard and channel info requests are taken', async () => {
  kit = await startKit()
  const guild_id = kit.world.guild.id
  const client = await kit.login({
    presence: { status: 'idle', activities: [{ name: 'x', type: 4, state: 'y' }], since: 1, afk: true },
  })
  client.send(3, { status: 'dnd', activities: [{ name: 'the halls', type: 3 }], since: null, afk: false })
  client.send(4, { guild_id, channel_id: null, self_mute: false, self_deaf: false })
  client.send(31, { guild_ids: [guild_id, '1'] })
  client.send(43, { guild_id, fields: ['status'] })
  await client.settled()
  expect(client.received.find((p) => p.t === 'SOUNDBOARD_SOUNDS')?.d).toEqual({ guild_id, soundboard_sounds: [] })
  expect(client.received.find((p) => p.t === 'CHANNEL_INFO')?.d).toEqual({ guild_id, channels: [] })
})
