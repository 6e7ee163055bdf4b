import { afterEach, expect, test } from 'vitest'
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
