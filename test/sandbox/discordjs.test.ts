import { once } from 'node:events'
import {
  ActionRowBuilder,
  ApplicationCommandType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  Events,
  type ForumChannel,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  Routes,
  SlashCommandBuilder,
  type TextChannel,
  type ThreadChannel,
} from 'discord.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/sandbox/core/limits.ts'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let client: Client<true>

beforeEach(async () => {
  // Discord's own limits, in windows short enough for a test.
  const buckets = Object.fromEntries(
    Object.entries(LIMITS.buckets).map(([name, { limit }]) => [name, { limit, window: 200 }]),
  )
  k = await kit({ limits: { rates: true, buckets } })
  client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    rest: { api: k.sandbox.apiUrl },
  })
  const ready = once(client, Events.ClientReady)
  await client.login(k.sandbox.token)
  await ready
})

afterEach(async () => {
  await client.destroy()
  await k.close()
})

const channelNamed = <T>(name: string) => client.channels.cache.find((c) => 'name' in c && c.name === name) as T

async function register(...commands: object[]) {
  await client.rest.put(Routes.applicationGuildCommands(k.sandbox.applicationId, k.sandbox.guildId), { body: commands })
}

const type = (text: string, more: object = {}) =>
  k.door('POST', '/sandbox/commands', { text, channel: 'backrooms', user: 'ada', ...more })

test('a whole conversation: command, thread, webhook, button, end', async () => {
  await register(new SlashCommandBuilder().setName('go').setDescription('goes').toJSON())
  const handle = async (interaction: Interaction) => {
    if (interaction.isButton()) return void (await interaction.update({ content: 'stopped', components: [] }))
    if (!interaction.isChatInputCommand()) return
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const channel = interaction.channel as TextChannel
    const announcement = await channel.send('it begins')
    const thread = await announcement.startThread({ name: 'run' })
    const stop = new ButtonBuilder().setCustomId('stop').setLabel('Stop').setStyle(ButtonStyle.Danger)
    await thread.send({ content: 'panel', components: [new ActionRowBuilder<ButtonBuilder>().addComponents(stop)] })
    const webhook = await channel.createWebhook({ name: 'voices' })
    for (const [n, username] of ['Opus 1', 'Sonnet 2', 'Opus 1'].entries()) {
      const sent = await webhook.send({ content: `turn ${n}`, username, threadId: thread.id })
      await webhook.editMessage(sent.id, { content: `turn ${n}, grown`, threadId: thread.id })
    }
    await thread.send({ content: 'picture', files: [new AttachmentBuilder(Buffer.from('bytes'), { name: 'p.txt' })] })
    await thread.setArchived(true)
    await interaction.editReply(`see ${thread}`)
  }
  client.on(Events.InteractionCreate, (interaction) => void handle(interaction))

  const answer = await type('/go')
  const thread = k.sandbox.world.threads()[0]
  expect(answer.body.response).toMatchObject({ content: `see <#${thread?.id}>`, flags: 64 })
  const messages = await k.door('GET', `/sandbox/channels/${thread?.id}/messages`)
  expect(
    messages.body.map((m: { content: string; author: { username: string } }) => [m.author.username, m.content]),
  ).toEqual([
    ['Backrooms', ''],
    ['Backrooms', 'panel'],
    ['Opus 1', 'turn 0, grown'],
    ['Sonnet 2', 'turn 1, grown'],
    ['Opus 1', 'turn 2, grown'],
    ['Backrooms', 'picture'],
  ])
  const panel = messages.body[1]
  await client.rest.patch(Routes.channel(thread?.id ?? ''), { body: { archived: false } })
  const pressed = await k.door('POST', '/sandbox/components', { message_id: panel.id, custom_id: 'stop', user: 'ben' })
  expect(pressed.body.response).toMatchObject({ id: panel.id, content: 'stopped', components: [] })
  expect(k.violations()).toEqual([])
})

test('waits out a full bucket without a single 429', async () => {
  const channel = channelNamed<TextChannel>('general')
  await Promise.all(Array.from({ length: 12 }, (_, n) => channel.send(`${n}`)))
  const requests = k.sandbox.world.record.list().filter((entry) => entry.kind === 'request')
  expect(requests.filter((entry) => entry.status === 429)).toEqual([])
  expect(requests.filter((entry) => entry.bucket === 'create message')).toHaveLength(12)
})

test('a forum post, a menu, and choices', async () => {
  const post = await channelNamed<ForumChannel>('archive').threads.create({
    name: 'kept',
    message: { content: 'first' },
  })
  expect((await post.fetchStarterMessage())?.content).toBe('first')
  await register(
    { name: 'Join', type: ApplicationCommandType.Message },
    new SlashCommandBuilder()
      .setName('pick')
      .setDescription('picks')
      .addStringOption((option) => option.setName('what').setDescription('what').setAutocomplete(true))
      .toJSON(),
  )
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isAutocomplete())
      void interaction.respond([{ name: 'One', value: interaction.options.getFocused() }])
    if (interaction.isMessageContextMenuCommand()) void interaction.reply(interaction.targetMessage.content)
    if (interaction.isChatInputCommand())
      void (interaction as ChatInputCommandInteraction).reply(interaction.options.getString('what') ?? '')
  })
  const choices = await k.door('POST', '/sandbox/autocomplete', {
    text: '/pick what:o',
    channel: 'general',
    user: 'ada',
  })
  expect(choices.body).toEqual([{ name: 'One', value: 'o' }])
  expect((await type('/pick what:two words')).body.response.content).toBe('two words')
  const said = await k.door('POST', `/sandbox/channels/${post.id}/messages`, { content: 'said', user: 'ben' })
  expect((await type('Join', { channel: post.id, target: said.body.id })).body.response.content).toBe('said')
  expect(k.violations()).toEqual([])
})

test('sees threads come, change and go', async () => {
  const seen: string[] = []
  client.on(Events.ThreadCreate, (thread) => seen.push(`create ${thread.name}`))
  client.on(Events.ThreadUpdate, (_, thread) => seen.push(`update ${thread.name} ${thread.archived}`))
  client.on(Events.ThreadDelete, (thread) => seen.push(`delete ${thread.name}`))
  const thread = (await channelNamed<TextChannel>('general').threads.create({ name: 't', type: 11 })) as ThreadChannel
  await thread.setArchived(true)
  const gone = once(client, Events.ThreadDelete)
  await thread.delete()
  await gone
  expect(seen).toEqual(['create t', 'update t true', 'delete t'])
})

test('what the bot may not do is refused with the code it knows', async () => {
  await k.door('POST', '/sandbox/faults', { faults: [{ kind: 'permission_withdrawn', permission: 'manage_webhooks' }] })
  await expect(channelNamed<TextChannel>('general').createWebhook({ name: 'v' })).rejects.toMatchObject({
    code: 50013,
    status: 403,
  })
  await expect(client.channels.fetch('1')).rejects.toMatchObject({ code: 10003, status: 404 })
})
