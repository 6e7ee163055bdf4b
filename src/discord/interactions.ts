import { randomBytes } from 'node:crypto'
import { DiscordAPIError, type Interaction, RESTJSONErrorCodes } from 'discord.js'
import { UserError } from '../core/errors.ts'
import { shorten } from '../core/shorten.ts'
import type { CommandSet } from './loader.ts'
import { type Answerable, tellPrivately } from './replies.ts'
import type { Room } from './room.ts'

/** Characters: https://docs.discord.com/developers/resources/message#create-message */
const LONGEST_MESSAGE = 2000

/**
 * Answers one interaction. Here, and nowhere else, is what a handler throws caught: a UserError is told to the person; anything else is
 * logged under an id, and the person gets an apology with that id.
 */
export async function answer(interaction: Interaction, commands: CommandSet, room: Room): Promise<void> {
  try {
    if (interaction.isAutocomplete()) await complete(interaction, commands, room)
    else await dispatch(interaction, commands, room)
  } catch (error) {
    await explain(interaction, error, room)
  }
}

async function dispatch(interaction: Answerable, commands: CommandSet, room: Room): Promise<void> {
  if (!interaction.inGuild())
    throw new UserError('Runs live in the threads of a server: use this in a channel of a server that I am in.')
  if (!interaction.inCachedGuild())
    throw new UserError('I am not a member of this server: someone who manages it must invite me with my invite link.')
  if (interaction.isChatInputCommand())
    return known(commands.slash.get(pathOf(interaction)), `/${pathOf(interaction)}`).execute(interaction, room)
  if (interaction.isMessageContextMenuCommand())
    return known(commands.menus.get(interaction.commandName), interaction.commandName).execute(interaction, room)
  if (interaction.isButton() || interaction.isStringSelectMenu()) {
    const [verb = '', ...args] = interaction.customId.split(':')
    return known(commands.components.get(verb), 'This button')(interaction, args, room)
  }
  if (interaction.isModalSubmit()) {
    const [verb = '', ...args] = interaction.customId.split(':')
    return known(commands.modals.get(verb), 'This form')(interaction, args, room)
  }
  throw new UserError('I do not know what to do with this.')
}

/** Discord shows commands and buttons of earlier versions until they are replaced. */
function known<T>(handler: T | undefined, name: string): T {
  if (!handler) throw new UserError(`${name} is from another version of mine and does nothing any more.`)
  return handler
}

async function complete(
  interaction: Extract<Interaction, { type: 4 }>,
  commands: CommandSet,
  room: Room,
): Promise<void> {
  if (!interaction.inCachedGuild()) return interaction.respond([])
  const choices = await commands.slash.get(pathOf(interaction))?.autocomplete?.(interaction, room)
  await interaction.respond(choices ?? [])
}

function pathOf(interaction: {
  commandName: string
  options: { getSubcommand(required: false): string | null }
}): string {
  const sub = interaction.options.getSubcommand(false)
  return sub === null ? interaction.commandName : `${interaction.commandName} ${sub}`
}

async function explain(interaction: Interaction, error: unknown, room: Room): Promise<void> {
  const what = { interaction: interaction.id, command: nameOf(interaction), user: interaction.user.id }
  if (error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownInteraction) {
    room.log.warn({ ...what, err: error }, 'an interaction ran out before it was answered')
    return
  }
  let text: string
  if (error instanceof UserError) {
    room.log.debug({ ...what, reason: error.message }, 'told a person what is wrong')
    text = shorten(error.message, LONGEST_MESSAGE)
  } else {
    const id = randomBytes(4).toString('hex')
    room.log.error({ ...what, err: error, id }, 'an interaction failed')
    text = `Something went wrong on my side; that is not your fault. Whoever runs me finds it in my log under \`${id}\`.`
  }
  try {
    if (interaction.isAutocomplete()) await interaction.respond([])
    else await tellPrivately(interaction, text)
  } catch (failure) {
    room.log.warn({ ...what, err: failure }, 'could not tell a person what went wrong')
  }
}

function nameOf(interaction: Interaction): string {
  if (interaction.isCommand() || interaction.isAutocomplete()) return interaction.commandName
  if (interaction.isMessageComponent() || interaction.isModalSubmit()) return interaction.customId
  return 'unknown'
}
