/**
 * A day in the life of a bot written with oceanic.js, a client library that shares no code with discord.js: proof that the
 * sandbox is Discord's API and not our own client's. Everything goes over HTTP and WebSocket, as in a rehearsal.
 */
import { once } from 'node:events'
import {
  ApplicationCommandOptionTypes,
  ApplicationCommandTypes,
  Client,
  type CommandInteraction,
  Intents,
} from 'oceanic.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/sandbox/core/limits.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

let sandbox: Sandbox
let client: Client
const warnings: string[] = []

/** Discord's own windows, except that sending recovers sooner. */
const buckets = { ...LIMITS.buckets, 'create message': { limit: 5, window: 1000 } }

beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, limits: { buckets } })
  client = new Client({
    auth: `Bot ${sandbox.token}`,
    rest: { baseURL: `${sandbox.apiUrl}/v10` },
    gateway: { intents: Intents.GUILDS | Intents.GUILD_MESSAGES },
  })
  warnings.length = 0
  client.on('warn', (message) => warnings.push(message))
  client.on('error', () => {})
  const ready = once(client, 'ready')
  await client.connect()
  await ready
})

afterEach(async () => {
  client.disconnect(false)
  await sandbox.close()
})

interface Answer {
  interaction_id: string
  channel_id: string
  // biome-ignore lint/suspicious/noExplicitAny: a message object, looked into
  response: any
}

async function door(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

const violations = () => sandbox.world.violations.list()

async function registerGreet(): Promise<void> {
  const commands = await client.application.bulkEditGuildCommands(sandbox.guildId, [
    {
      type: ApplicationCommandTypes.CHAT_INPUT,
      name: 'greet',
      description: 'Says hello',
      options: [{ type: ApplicationCommandOptionTypes.STRING, name: 'name', description: 'whom', required: true }],
    },
  ])
  expect(commands.map((command) => command.name)).toEqual(['greet'])
}

function onGreet(answer: (interaction: CommandInteraction, name: string) => Promise<unknown>): void {
  client.on('interactionCreate', (interaction) => {
    if (!interaction.isCommandInteraction()) return
    void answer(interaction, interaction.data.options.getString('name', true))
  })
}

function channelId(name = 'backrooms'): string {
  return sandbox.world.guildChannels().find((channel) => channel.name === name)?.id ?? ''
}

test('it logs in: itself, the server, its channels', async () => {
  expect(client.user.id).toBe(sandbox.applicationId)
  const guild = client.guilds.get(sandbox.guildId)
  expect(guild?.channels.map((channel) => channel.name)).toEqual(
    expect.arrayContaining(['general', 'backrooms', 'archive']),
  )
  const application = await client.rest.oauth.getApplication()
  expect(application.id).toBe(sandbox.applicationId)
  expect(violations()).toEqual([])
})

test('it answers a command, with a file, follows up, edits, and answers a button', async () => {
  await registerGreet()
  const bytes = Buffer.from('a picture of a hallway')
  onGreet(async (interaction, name) => {
    await interaction.createMessage({
      content: `Hello, ${name}`,
      files: [{ name: 'hall.txt', contents: bytes }],
      components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Again', customID: 'again' }] }],
    })
    await interaction.createFollowup({ content: 'for you alone', flags: 64 })
  })
  const { response } = await door('commands', { text: '/greet name:Ada Lovelace', channel: 'backrooms', user: 'ada' })
  expect(response).toMatchObject({ content: 'Hello, Ada Lovelace', author: { id: client.user.id } })
  expect(response.attachments).toMatchObject([{ filename: 'hall.txt', size: bytes.length }])
  const file = await fetch(response.attachments[0].url)
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes)

  client.on('interactionCreate', (interaction) => {
    if (interaction.isComponentInteraction()) void interaction.editParent({ content: 'Hello again', components: [] })
  })
  const pressed = await door('components', { message_id: response.id, custom_id: 'again', user: 'ben' })
  expect(pressed.response).toMatchObject({ id: response.id, content: 'Hello again', components: [] })
  expect(violations()).toEqual([])
})

test('it defers and answers later, and Discord shows it to that person alone', async () => {
  await registerGreet()
  onGreet(async (interaction, name) => {
    await interaction.defer(64)
    await interaction.editOriginal({ content: `Psst, ${name}` })
  })
  const { response } = await door('commands', { text: '/greet ben', channel: 'general', user: 'ben' })
  expect(response).toMatchObject({ content: 'Psst, ben', flags: 64 })
  const seen = async (user: string) => {
    const messages = await fetch(`${sandbox.url}/sandbox/channels/${channelId('general')}/messages?user=${user}`)
    return ((await messages.json()) as { id: string }[]).some((message) => message.id === response.id)
  }
  expect([await seen('ben'), await seen('ada')]).toEqual([true, false])
  expect(violations()).toEqual([])
})

test('it sends, edits, reads, replies in a thread, speaks through a webhook and deletes', async () => {
  const { channels, webhooks } = client.rest
  const message = await channels.createMessage(channelId(), { content: 'first', embeds: [{ title: 'a door' }] })
  await message.edit({ content: 'second' })
  const thread = await message.startThread({ name: 'behind it', autoArchiveDuration: 60 })
  await channels.createMessage(thread.id, {
    content: 'within',
    files: [{ name: 'a.bin', contents: Buffer.from([1, 2, 3]) }],
  })
  const webhook = await webhooks.create(channelId(), { name: 'persona' })
  const said = await webhook.execute({ content: 'I am another', username: 'Opus', threadID: thread.id, wait: true })
  expect(said).toMatchObject({ content: 'I am another', author: { username: 'Opus' } })
  const history = await channels.getMessages(thread.id, { limit: 10 })
  // Without the message-content intent even its own webhook's text is kept from it, but not from the webhook.
  expect(history.map((m) => [m.webhookID ?? null, m.content])).toEqual(
    expect.arrayContaining([
      [null, 'within'],
      [webhook.id, ''],
    ]),
  )
  expect((await webhook.getMessage(said.id, thread.id)).content).toBe('I am another')
  await message.delete()
  await expect(channels.getMessage(channelId(), message.id)).rejects.toMatchObject({ code: 10008 })
  expect(violations().map((violation) => violation.code)).toEqual([10008])
})

test('a refusal has the shape it understands', async () => {
  const failure = await client.rest.channels
    .createMessage(channelId(), { content: 'x'.repeat(2001) })
    .catch((error) => error)
  expect(failure).toMatchObject({ name: 'DiscordRESTError', status: 400, code: 50035 })
  expect(failure.message).toContain('content')
})

test('it hits a 429 that another process of the same bot brought about, waits it out and gets through', async () => {
  const send = (content: string) =>
    fetch(`${sandbox.apiUrl}/v10/channels/${channelId()}/messages`, {
      method: 'POST',
      headers: { Authorization: `Bot ${sandbox.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ content }),
    })
  let remaining = 1
  while (remaining > 0) remaining = Number((await send('someone else')).headers.get('x-ratelimit-remaining'))
  const message = await client.rest.channels.createMessage(channelId(), { content: 'patience' })
  expect(message.content).toBe('patience')
  const posts = sandbox.world.record
    .list()
    .filter((entry) => entry.kind === 'request' && entry.method === 'POST' && String(entry.path).endsWith('/messages'))
  const [refused, accepted] = posts.slice(-2)
  expect([refused?.status, accepted?.status]).toEqual([429, 200])
  expect(Date.parse(accepted?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThan(300)
  expect(violations().map((violation) => violation.code)).toEqual([429])
})

test('by its own pace it runs into no 429', async () => {
  for (let n = 0; n < 7; n++) await client.rest.channels.createMessage(channelId(), { content: `message ${n}` })
  expect(violations()).toEqual([])
})

test('without the message-content intent it reads its own words and those that mention it, no others', async () => {
  const heard: string[] = []
  client.on('messageCreate', (message) => heard.push(message.content))
  for (const content of ['to nobody', `to <@${client.user.id}>`]) {
    await fetch(`${sandbox.url}/sandbox/channels/${channelId()}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ content, user: 'ada' }),
    })
  }
  await client.rest.channels.createMessage(channelId(), { content: 'my own' })
  await expect.poll(() => heard).toEqual(['', `to <@${client.user.id}>`, 'my own'])
})

test('it loses its connection, resumes, and misses nothing', async () => {
  await registerGreet()
  onGreet((interaction, name) => interaction.createMessage({ content: `Hello, ${name}` }))
  const heard: string[] = []
  client.on('messageCreate', (message) => heard.push(message.id))
  const resumed = once(client, 'shardResume')
  await door('faults', { faults: [{ route: '*', kind: 'cut' }] })
  const spoken = await fetch(`${sandbox.url}/sandbox/channels/${channelId()}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content: 'is anyone there?', user: 'cleo' }),
  })
  const { id } = (await spoken.json()) as { id: string }
  const command = door('commands', { text: '/greet name:you', channel: 'backrooms', user: 'cleo' })
  await resumed
  expect((await command).response.content).toBe('Hello, you')
  expect(heard).toContain(id)
  const dispatches = sandbox.world.record.list().filter((entry) => entry.kind === 'dispatch')
  expect(dispatches.filter((entry) => entry.t === 'READY')).toHaveLength(1)
  expect(dispatches.filter((entry) => entry.t === 'RESUMED')).toHaveLength(1)
  expect(violations()).toEqual([])
})

test('its token is revoked: it is told so, and does not come back', async () => {
  const gone = new Promise((resolve) => client.once('shardDisconnect', resolve))
  await door('faults', { faults: [{ kind: 'token_revoked' }] })
  expect(await gone).toMatchObject({ code: 4004 })
  await expect(client.rest.channels.getMessages(channelId())).rejects.toMatchObject({ status: 401 })
})
