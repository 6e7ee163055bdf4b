/** A sandbox with a small discord.js bot in it, for tests of the page. */
import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  Events,
  GatewayIntentBits,
  MessageFlags,
  type ModalActionRowComponentBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

export interface Rehearsal {
  sandbox: Sandbox
  client: Client<true>
  channel(name: string): string
  close(): Promise<void>
}

const MODELS = ['opus', 'sonnet', 'haiku']
const text = (name: string, description: string, extra: object = {}) => ({
  name,
  description,
  type: ApplicationCommandOptionType.String as const,
  ...extra,
})

const COMMANDS = [
  {
    name: 'backrooms',
    description: 'Models that talk to each other',
    options: [
      {
        name: 'start',
        description: 'Open a thread in which models talk',
        type: ApplicationCommandOptionType.Subcommand as const,
        options: [
          text('lm1', 'The first model', { required: true, autocomplete: true }),
          text('lm2', 'The second model', { autocomplete: true }),
          text('template', 'What it is about'),
          text('title', "The thread's name"),
        ],
      },
      { name: 'list', description: 'Runs of this server', type: ApplicationCommandOptionType.Subcommand as const },
    ],
  },
  { name: 'ask', description: 'Asks by a form' },
  { name: 'survey', description: 'Asks by a form with every kind of field' },
  { name: 'Count words', type: ApplicationCommandType.Message as const },
  { name: 'Who is this', type: ApplicationCommandType.User as const },
]

const options = (...names: string[]) => names.map((name) => ({ label: name, value: name.toLowerCase() }))
const label = (name: string, component: object) => ({ type: 18, label: name, component })

/** Of every kind that a modal can hold, besides text. */
const FIELDS = [
  label('Hall', { type: 21, custom_id: 'hall', options: options('Yellow', 'Grey') }),
  label('Doors', { type: 22, custom_id: 'doors', options: options('One', 'Two', 'Three'), max_values: 2 }),
  label('Sure', { type: 23, custom_id: 'sure' }),
  label('Company', { type: 5, custom_id: 'company', required: false }),
  label('Map', { type: 19, custom_id: 'map' }),
]

/** Logs the bot in and registers its commands. */
export async function rehearse(): Promise<Rehearsal> {
  const sandbox = await startSandbox({ port: 0, limits: 'off' })
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.GuildMessageTyping,
    ],
    rest: { api: sandbox.apiUrl },
  })
  client.on(Events.InteractionCreate, async (interaction) => {
    if (interaction.isAutocomplete()) {
      const typed = interaction.options.getFocused()
      await interaction.respond(MODELS.filter((name) => name.startsWith(typed)).map((name) => ({ name, value: name })))
    } else if (interaction.isChatInputCommand()) await run(interaction)
    else if (interaction.isMessageContextMenuCommand()) {
      await interaction.reply({ content: `counted ${interaction.targetMessage.id}`, flags: MessageFlags.Ephemeral })
    } else if (interaction.isUserContextMenuCommand()) {
      await interaction.reply({ content: `this is ${interaction.targetUser.username}`, flags: MessageFlags.Ephemeral })
    } else if (interaction.isButton())
      await interaction.reply({ content: `pressed ${interaction.customId}`, flags: MessageFlags.Ephemeral })
    else if (interaction.isStringSelectMenu())
      await interaction.reply({ content: `picked ${interaction.values.join()}`, flags: MessageFlags.Ephemeral })
    else if (interaction.isModalSubmit() && interaction.customId === 'survey')
      await interaction.reply({ content: 'Noted.' })
    else if (interaction.isModalSubmit())
      await interaction.reply({ content: `was told ${interaction.fields.getTextInputValue('name')}` })
  })
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
  await client.login(sandbox.token)
  const logged = await ready
  await logged.application.commands.set(COMMANDS, sandbox.guildId)
  return {
    sandbox,
    client: logged,
    channel: (name) => {
      const found = sandbox.world.guildChannels().find((channel) => channel.name === name)
      if (!found) throw new Error(`no channel ${name}`)
      return found.id
    },
    async close() {
      await client.destroy()
      await sandbox.close()
    },
  }
}

async function run(interaction: ChatInputCommandInteraction): Promise<void> {
  if (interaction.commandName === 'survey') {
    const callback = { type: 9, data: { custom_id: 'survey', title: 'A survey', components: FIELDS } }
    await interaction.client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
      auth: false,
      body: callback,
    })
    return
  }
  if (interaction.commandName === 'ask') {
    const input = new TextInputBuilder()
      .setCustomId('name')
      .setLabel('Your name')
      .setStyle(TextInputStyle.Short)
      .setMinLength(2)
    const row = new ActionRowBuilder<ModalActionRowComponentBuilder>().addComponents(input)
    await interaction.showModal(new ModalBuilder().setCustomId('form').setTitle('A form').addComponents(row))
    return
  }
  if (interaction.options.getSubcommand() === 'list') {
    await interaction.reply({ content: 'Nothing is running.', flags: MessageFlags.Ephemeral })
    return
  }
  const given = interaction.options.data[0]?.options?.map((option) => `${option.name}=${option.value}`) ?? []
  const response = await interaction.reply({ content: 'Opening…', withResponse: true })
  const thread = await response.resource?.message?.startThread({
    name: interaction.options.getString('title') ?? 'a conversation',
  })
  await interaction.editReply(`Opened <#${thread?.id}> with ${given.join(' ')}`)
  await thread?.send('The first words.')
}

/** Buttons and a select, as a bot posts them. */
export const controls = [
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('go').setLabel('Go on').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('not').setLabel('Never').setStyle(ButtonStyle.Danger).setDisabled(true),
  ),
  new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
    new StringSelectMenuBuilder()
      .setCustomId('which')
      .setPlaceholder('Choose one')
      .addOptions(
        { label: 'The first', value: 'first', description: 'of two' },
        { label: 'The second', value: 'second' },
      ),
  ),
]
