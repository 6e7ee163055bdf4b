/** The gateway as two client libraries see it, neither of which knows the other or this project. */
import { once } from 'node:events'
import { Client, type ClientOptions, Events, GatewayIntentBits } from 'discord.js'
import { Client as OceanicClient } from 'oceanic.js'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/core/faults.ts'
import { type Kit, startKit } from './gateway-kit.ts'

let kit: Kit
const leave: (() => unknown)[] = []
afterEach(async () => {
  for (const go of leave.splice(0)) await go()
  await kit.close()
})

/** what was dispatched, in order, without its data */
const dispatched = () =>
  kit.world.record.list().flatMap((entry) => (entry.kind === 'dispatch' ? [String(entry.t)] : []))

/** Ada begins to type. */
function typing(): void {
  const user_id = kit.world.people.ada ?? ''
  const guild_id = kit.world.guild.id
  kit.emit({
    t: 'TYPING_START',
    d: { channel_id: firstChannel(), guild_id, user_id, timestamp: 1, member: kit.world.members.get(user_id) },
  })
}

function firstChannel(): string {
  return kit.world.guildChannels().find((channel) => channel.type === 0)?.id ?? ''
}

const FAULTS: [string, Fault, 'RESUMED' | 'READY'][] = [
  ['a cut', { route: '*', kind: 'cut' }, 'RESUMED'],
  ['op 7', { route: '*', kind: 'reconnect' }, 'RESUMED'],
  ['op 9, resumable', { route: '*', kind: 'invalid_session', resumable: true }, 'RESUMED'],
  ['op 9, not resumable', { route: '*', kind: 'invalid_session' }, 'READY'],
]

describe('discord.js', () => {
  async function login(options: Partial<ClientOptions> = {}): Promise<Client<true>> {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.GuildMessageTyping],
      rest: { api: kit.api },
      ...options,
    })
    leave.push(() => client.destroy())
    const ready = once(client, Events.ClientReady)
    await client.login(kit.world.application.token)
    await ready
    return client as Client<true>
  }

  test('logs in and knows the server', async () => {
    kit = await startKit()
    const client = await login()
    expect(client.user.id).toBe(kit.world.bot.id)
    expect(client.guilds.cache.get(kit.world.guild.id)?.name).toBe(kit.world.guild.name)
    expect(client.guilds.cache.first()?.channels.cache.size).toBe(kit.world.guildChannels().length)
  })

  test('runs two shards: the guild is on one of them', async () => {
    kit = await startKit({ limits: { max_concurrency: 2 } })
    const client = await login({ shards: [0, 1], shardCount: 2 })
    const expected = Number((BigInt(kit.world.guild.id) >> 22n) % 2n)
    expect(client.ws.shards.size).toBe(2)
    expect(client.guilds.cache.first()?.shardId).toBe(expected)
    expect(dispatched().filter((t) => t === 'READY')).toHaveLength(2)
  })
})

describe('oceanic.js', () => {
  async function login(gateway: object = {}): Promise<OceanicClient> {
    const client = new OceanicClient({
      auth: `Bot ${kit.world.application.token}`,
      rest: { baseURL: `${kit.api}/v10` },
      gateway,
    })
    client.on('error', () => {})
    leave.push(() => client.disconnect(false))
    const ready = once(client, 'ready')
    await client.connect()
    await ready
    return client
  }

  test.each([false, 'zlib-stream', 'zstd-stream'])('logs in and knows the server, compress: %s', async (compress) => {
    kit = await startKit()
    const client = await login({ compress })
    expect(client.user.id).toBe(kit.world.bot.id)
    expect(client.guilds.get(kit.world.guild.id)?.channels.size).toBe(kit.world.guildChannels().length)
    const heard = once(client, 'typingStart')
    typing()
    await heard
    expect(kit.world.violations.list()).toEqual([])
  })

  test.each(FAULTS)('survives %s', async (_name, fault, comesBack) => {
    kit = await startKit()
    const client = await login()
    const back = once(client, comesBack === 'RESUMED' ? 'shardResume' : 'shardPreReady')
    kit.world.faults.add(fault)
    typing()
    await back
    const heard = once(client, 'typingStart')
    typing()
    await heard
    expect(dispatched().filter((t) => t === comesBack).length).toBe(comesBack === 'RESUMED' ? 1 : 2)
  })
})
