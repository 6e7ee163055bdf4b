/** A person types a command, or picks one from the menu of a message or person. Refusals are LineErrors: a client's, not the API's. */
import { may } from './access.ts'
import { keepUploads, signed, type Upload } from './attachments.ts'
import { LineError, type ParsedLine, parseLine } from './command-line.ts'
import { AUTOCOMPLETE, COMMAND, interact, resolvedMember, shownChannel } from './interactions.ts'
import { type Finder, type OptionValue, type Resolved, readValues } from './option-values.ts'
import { commandsFor, shownResolved, visibleMessage } from './person.ts'
import type { Channel, Command, CommandOption, Interaction, User } from './shapes.ts'
import { viewMessage } from './views.ts'
import type { World } from './world.ts'

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types */
const USER_MENU = 2
const MESSAGE_MENU = 3

function needPlace(world: World, user: User, channel: Channel): void {
  if (!may(world, user.id, channel, 'view_channel')) throw new LineError(`${user.username} cannot see that channel.`)
  if (channel.type === 15) throw new LineError('Commands cannot be typed in a forum itself, only in its posts.')
  if (!may(world, user.id, channel, 'use_application_commands'))
    throw new LineError(`${user.username} may not use commands there.`)
}

function parseFor(world: World, user: User, channel: Channel, text: string): ParsedLine {
  const commands = commandsFor(world, user, channel)
  const name = /^\/(\S+)/.exec(text.trim())?.[1]
  const hidden = world.commands.values().some((command) => command.name === name && command.type === 1)
  if (hidden && !commands.some((command) => command.name === name && command.type === 1)) {
    throw new LineError(`${user.username} may not use /${name} there.`)
  }
  return parseLine(text, commands)
}

function finderFor(world: World, user: User, channel: Channel, uploads: Upload[]): Finder {
  const resolved: Resolved = { users: {}, members: {}, roles: {}, channels: {}, attachments: {} }
  const kept = keepUploads(world, uploads, undefined, [], true)
  const files = new Map(kept.map((file, at) => [uploads[at]?.name ?? file.filename, signed(world, channel.id, file)]))
  return {
    world,
    resolved,
    files,
    member: (member) => resolvedMember(world, channel, member),
    channel: (named) => shownChannel(world, named, user.id),
  }
}

/** Wraps values in the groups and subcommands they belong to. */
function nest(line: ParsedLine, values: OptionValue[]): Record<string, unknown>[] {
  let inner: Record<string, unknown>[] = values.map((value) => ({ ...value }))
  for (const [at, name] of [...line.path.entries()].reverse()) {
    const group = line.path.length === 2 && at === 0
    inner = [{ name, type: group ? 2 : 1, options: inner }]
  }
  return inner
}

const commandData = (command: Command) => ({
  id: command.id,
  name: command.name,
  type: command.type,
  ...(command.guild_id ? { guild_id: command.guild_id } : {}),
})

/** Sends a command, or with `target` an entry of the menu of that message or person. Throws LineError where Discord's client would not send it. */
export function typeCommand(
  world: World,
  user: User,
  channel: Channel,
  text: string,
  uploads: Upload[],
  target?: string,
): Interaction {
  needPlace(world, user, channel)
  if (target !== undefined) return chooseMenu(world, user, channel, text, target)
  const line = parseFor(world, user, channel, text)
  return world.transaction(() => {
    const finder = finderFor(world, user, channel, uploads)
    const values = readValues(finder, line.options, line.values)
    const options = nest(line, values)
    return interact(world, {
      type: COMMAND,
      channel,
      userId: user.id,
      command_name: [line.command.name, ...line.path].join(' '),
      data: {
        ...commandData(line.command),
        ...(options.length > 0 ? { options } : {}),
        ...shownResolved(finder.resolved),
      },
    })
  })
}

/** Picks an entry from the menu of a message, or of a person. https://docs.discord.com/developers/interactions/application-commands#user-commands */
function chooseMenu(world: World, user: User, channel: Channel, text: string, target: string): Interaction {
  const name = text.trim().replace(/^\//, '')
  const entries = commandsFor(world, user, channel).filter((each) => each.type !== 1 && each.name === name)
  const member = world.members.get(world.idOf(target))
  const command = entries.find((each) => each.type === (member ? USER_MENU : MESSAGE_MENU))
  if (!command) throw new LineError(`There is no entry "${name}" in the menu of a ${member ? 'person' : 'message'}.`)
  const send = (id: string, metadata: Record<string, unknown>, resolved: Record<string, unknown>) =>
    world.transaction(() =>
      interact(world, {
        type: COMMAND,
        channel,
        userId: user.id,
        command_name: command.name,
        metadata,
        data: { ...commandData(command), target_id: id, resolved },
      }),
    )
  if (member) {
    const { id } = member.user
    const resolved = { users: { [id]: member.user }, members: { [id]: resolvedMember(world, channel, member) } }
    return send(id, { target_user: member.user }, resolved)
  }
  const message = visibleMessage(world, user, channel, target)
  return send(
    message.id,
    { target_message_id: message.id },
    { messages: { [message.id]: viewMessage(world, message) } },
  )
}

/** Asks for the choices of the last option of a line. @returns the option's own choices where it has any */
export function askChoices(
  world: World,
  user: User,
  channel: Channel,
  text: string,
): Interaction | { name: string; value: string | number }[] {
  needPlace(world, user, channel)
  const line = parseFor(world, user, channel, /\s$/.test(text) && !text.includes(':') ? text : text.trimEnd())
  const focused = focusedOption(line, text)
  if (!focused) return []
  const typed = focused.text.toLowerCase()
  if (focused.option.choices?.length) {
    return focused.option.choices
      .filter((choice) => choice.name.toLowerCase().includes(typed))
      .map(({ name, value }) => ({ name, value }))
  }
  if (!focused.option.autocomplete) return []
  const values = line.values.filter((value) => value.option !== focused.option)
  const options: OptionValue[] = [
    ...values.map(({ option, text: value }) => ({
      name: option.name,
      type: option.type,
      value: loosely(option, value),
    })),
    { name: focused.option.name, type: focused.option.type, value: focused.text, focused: true },
  ]
  return world.transaction(() =>
    interact(world, {
      type: AUTOCOMPLETE,
      channel,
      userId: user.id,
      focused_type: focused.option.type,
      data: { ...commandData(line.command), options: nest(line, options) },
    }),
  )
}

/** The option being typed: the last one named, else the last word's; after a trailing space the next free one. */
function focusedOption(line: ParsedLine, text: string): { option: CommandOption; text: string } | undefined {
  const last = line.values.at(-1)
  const between = /\s$/.test(text) && last?.text !== ''
  if (last && !between) return last
  if (last && new RegExp(`\\s${last.option.name}:[^]*$`, 'u').test(text)) return last
  const next = line.options.find((option) => !line.values.some((value) => value.option === option))
  return next ? { option: next, text: '' } : last
}

function loosely(option: CommandOption, text: string): string | number | boolean {
  if ((option.type === 4 || option.type === 10) && Number.isFinite(Number(text)) && text !== '') return Number(text)
  if (option.type === 5) return text === 'true'
  return text
}
