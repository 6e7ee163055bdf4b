/** discord.js, as people use it, against the whole sandbox: whatever the gateway does to it, a command gets its answer. */
import { once } from 'node:events'
import { Client, Events, GatewayIntentBits } from 'discord.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/core/faults.ts'
import { GATEWAY_LIMITS } from '../../src/sandbox/core/gateway-limits.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

let sandbox: Sandbox
let client: Client<true>

beforeEach(async () => {
  const gateway = { ...GATEWAY_LIMITS, reconnect_close_ms: 50, heartbeat_interval_ms: 300, heartbeat_grace_ms: 2_000 }
  sandbox = await startSandbox({ port: 0, limits: { gateway } })
  const created = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    rest: { api: sandbox.apiUrl },
  })
  created.on(Events.InteractionCreate, async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply(`You said ${interaction.options.getString('text')}`)
  })
  const ready = once(created, Events.ClientReady)
  await created.login(sandbox.token)
  await ready
  client = created as Client<true>
  await client.application.commands.set(
    [
      {
        name: 'echo',
        description: 'Says it again',
        options: [{ type: 3, name: 'text', description: 'what', required: true }],
      },
    ],
    sandbox.guildId,
  )
})

afterEach(async () => {
  await client.destroy()
  await sandbox.close()
})

async function post(path: string, body: unknown): Promise<{ response: { content: string } | null }> {
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { response: { content: string } | null }
}

async function echo(text: string): Promise<string | undefined> {
  const { response } = await post('commands', { text: `/echo ${text}`, channel: 'general', user: 'ada' })
  return response?.content
}

const arm = (fault: Partial<Fault>) => post('faults', { faults: [fault] })

const dispatched = (name: string) => sandbox.world.record.list().filter((entry) => entry.t === name)

test('a command reaches it and is answered', async () => {
  expect(await echo('hello')).toBe('You said hello')
  expect(sandbox.world.violations.list()).toEqual([])
})

test.each<[string, Partial<Fault>]>([
  ['the connection is cut', { route: '*', kind: 'cut' }],
  ['it is asked to reconnect', { route: '*', kind: 'reconnect' }],
  ['its session is called invalid but resumable', { route: '*', kind: 'invalid_session', resumable: true }],
])('after %s, a command given meanwhile is answered', async (_name, fault) => {
  await arm(fault)
  expect(await echo('are you there')).toBe('You said are you there')
  expect(dispatched('RESUMED')).toHaveLength(1)
  expect(dispatched('READY')).toHaveLength(1)
  expect(sandbox.world.violations.list()).toEqual([])
})

test('the connection breaks just as the command is sent: it comes with the resume', async () => {
  await arm({ route: 'INTERACTION_CREATE', kind: 'cut' })
  expect(await echo('again')).toBe('You said again')
  expect(dispatched('INTERACTION_CREATE').map(({ sent, replayed }) => [sent, replayed])).toEqual([
    [false, undefined],
    [true, true],
  ])
})

test('when nothing comes any more, not even ACKs, it takes the connection for dead and resumes on another', async () => {
  await arm({ route: '*', kind: 'silence', ms: 60_000 })
  expect(await echo('into the void')).toBe('You said into the void')
  expect(dispatched('RESUMED')).toHaveLength(1)
})

test('after its session is gone it logs in anew, within the identify limit', async () => {
  const ready = once(client, Events.ShardReady)
  await arm({ route: '*', kind: 'invalid_session', resumable: false })
  await ready
  expect(await echo('hello')).toBe('You said hello')
  expect(dispatched('READY')).toHaveLength(2)
  expect(sandbox.world.violations.list()).toEqual([])
})

test('a command that comes twice is answered once, the second answer refused with 40060', async () => {
  const refusals: unknown[] = []
  client.removeAllListeners(Events.InteractionCreate)
  client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isChatInputCommand()) return
    interaction.reply('once').catch((error) => refusals.push(error.code))
  })
  await arm({ route: 'INTERACTION_CREATE', kind: 'duplicate' })
  expect(await echo('hello')).toBe('once')
  await expect.poll(() => refusals).toEqual([40060])
})
