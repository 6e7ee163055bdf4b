/** What a person at the sandbox does: types commands, presses buttons, fills modals, speaks. Refusals are LineErrors: a client's, not the API's. */
import { guildPermissions, may, permissionsIn } from './access.ts'
import { keepUploads, signed, type Upload } from './attachments.ts'
import { LineError, type ParsedLine, parseLine } from './command-line.ts'
import { asComponents, type Component, everyComponent } from './components.ts'
import { Refusal } from './errors.ts'
import { AUTOCOMPLETE, COMMAND, COMPONENT, interact, MODAL, resolvedMember, shownChannel } from './interactions.ts'
import { sendAs } from './messages.ts'
import { type Finder, type OptionValue, type Resolved, readValues } from './option-values.ts'
import { PERMISSIONS } from './permissions.ts'
import {
  type Channel,
  type Command,
  type CommandOption,
  type Interaction,
  isDirect,
  isThread,
  type Message,
  type User,
} from './shapes.ts'
import { viewMessage } from './views.ts'
import type { World } from './world.ts'

/** Finds a person by name, display name or id. Throws LineError. */
export function personNamed(world: World, name: string): User {
  const id = world.people[name] ?? name
  const member =
    world.members.get(id) ?? world.members.values().find(({ user }) => [user.username, user.global_name].includes(name))
  if (!member || member.user.bot)
    throw new LineError(`There is nobody called ${name}. People: ${Object.keys(world.people).join(', ')}.`)
  return member.user
}

/** Finds a channel or thread by id or name (newest of a name); `dm` is the person's direct channel with the bot. Throws LineError. */
export function channelNamed(world: World, name: string, user: User): Channel {
  const wanted = name.replace(/^#/, '')
  const byId = world.channels.get(wanted)
  if (byId) return byId
  if ((wanted === 'dm' || wanted === '@me') && !user.bot) return directChannel(world, user)
  const found =
    world.guildChannels().find((c) => c.name === wanted) ?? world.threads().findLast((t) => t.name === wanted)
  if (found) return found
  const names = world.guildChannels().map((c) => c.name)
  throw new LineError(`There is no channel called ${name}. Channels: ${names.join(', ')}.`)
}

/** The direct channel between a person and the bot, opened when there is none. */
export function directChannel(world: World, user: User): Channel {
  const known = world.channels
    .values()
    .find((channel) => isDirect(channel) && channel.recipients.some((r) => r.id === user.id))
  if (known) return known
  return world.transaction(() => {
    const channel: Channel = { id: world.newId(), type: 1, flags: 0, last_message_id: null, recipients: [user] }
    world.channels.put(channel.id, channel)
    return channel
  })
}

/** Commands that this person can see in this place, a server's own before global ones of the same name. */
export function commandsFor(world: World, user: User, channel: Channel): Command[] {
  const direct = isDirect(channel)
  const usable = world.commands.values().filter((command) => {
    if (direct && (command.guild_id || command.dm_permission === false)) return false
    if (command.contexts && !command.contexts.includes(direct ? 1 : 0)) return false
    const needed = command.default_member_permissions
    if (direct || needed === null) return true
    const has = guildPermissions(world, user.id) | permissionsIn(world, user.id, channel)
    if (needed === '0') return (has & PERMISSIONS.administrator) !== 0n
    return (has & BigInt(needed)) === BigInt(needed)
  })
  return usable.sort((a, b) => Number(b.guild_id !== undefined) - Number(a.guild_id !== undefined))
}

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

function shownResolved(resolved: Resolved): Record<string, unknown> {
  const filled = Object.entries(resolved).filter(([, entries]) => Object.keys(entries).length > 0)
  return filled.length > 0 ? { resolved: Object.fromEntries(filled) } : {}
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

/** Sends a command, or with `target` a message menu's entry. Throws LineError where Discord's client would not send it. */
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

function chooseMenu(world: World, user: User, channel: Channel, text: string, target: string): Interaction {
  const name = text.trim().replace(/^\//, '')
  const command = commandsFor(world, user, channel).find((candidate) => candidate.type === 3 && candidate.name === name)
  if (!command) throw new LineError(`There is no entry "${name}" in the menu of a message.`)
  const message = visibleMessage(world, user, channel, target)
  return world.transaction(() =>
    interact(world, {
      type: COMMAND,
      channel,
      userId: user.id,
      command_name: command.name,
      metadata: { target_message_id: message.id },
      data: {
        ...commandData(command),
        target_id: message.id,
        resolved: { messages: { [message.id]: viewMessage(world, message) } },
      },
    }),
  )
}

function visibleMessage(world: World, user: User, channel: Channel | undefined, id: string): Message {
  const stored = /^\d+$/.test(id) ? world.message(id) : undefined
  const here = stored && (!channel || stored.message.channel_id === channel.id)
  if (!here || (stored.ephemeral_for && stored.ephemeral_for !== user.id))
    throw new LineError(`There is no message ${id} there.`)
  return stored.message
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

/** Presses a button or chooses from a select. Throws LineError when it is not there, disabled, or the choice does not fit. */
export function useComponent(
  world: World,
  user: User,
  messageId: string,
  customId: string,
  values?: string[],
): Interaction {
  const message = visibleMessage(world, user, undefined, messageId)
  const channel = world.channels.get(message.channel_id)
  if (!channel || !may(world, user.id, channel, 'view_channel'))
    throw new LineError(`There is no message ${messageId} there.`)
  const component = [...everyComponent(message.components as Component[])]
    .map(([found]) => found)
    .find((found) => found.custom_id === customId)
  if (!component) throw new LineError(`The message has no component ${customId}.`)
  if (component.disabled) throw new LineError(`The component ${customId} is disabled.`)
  const chosen = component.type === 2 ? undefined : checkChosen(component, values ?? [])
  return world.transaction(() =>
    interact(world, {
      type: COMPONENT,
      channel,
      userId: user.id,
      message,
      metadata: { interacted_message_id: message.id },
      data: {
        custom_id: customId,
        component_type: component.type,
        id: component.id,
        ...(chosen
          ? {
              values: chosen,
              ...(component.type === 3 ? {} : { resolved: resolveChosen(world, channel, user, chosen) }),
            }
          : {}),
      },
    }),
  )
}

function checkChosen(select: Component, values: string[]): string[] {
  const min = Number(select.min_values ?? 1)
  const max = Number(select.max_values ?? 1)
  if (values.length < min || values.length > max)
    throw new LineError(`Choose ${min === max ? min : `${min} to ${max}`}.`)
  if (select.type === 3) {
    const known = (select.options as { value: string }[]).map((option) => option.value)
    const unknown = values.find((value) => !known.includes(value))
    if (unknown !== undefined) throw new LineError(`There is no choice ${unknown}.`)
  }
  return values
}

function resolveChosen(world: World, channel: Channel, user: User, ids: string[]): Record<string, unknown> {
  const resolved: Resolved = { users: {}, members: {}, roles: {}, channels: {}, attachments: {} }
  for (const id of ids) {
    const member = world.members.get(id)
    const role = world.roles.get(id)
    const named = world.channels.get(id)
    if (member) {
      resolved.users[id] = member.user
      resolved.members[id] = resolvedMember(world, channel, member)
    }
    if (role) resolved.roles[id] = role
    if (named) resolved.channels[id] = shownChannel(world, named, user.id)
  }
  return (shownResolved(resolved).resolved as Record<string, unknown>) ?? {}
}

/** Sends a modal that the bot opened for this person. Throws LineError for one that is not open or a field that does not fit. */
export function submitModal(world: World, user: User, customId: string, fields: Record<string, unknown>): Interaction {
  const opener = world.interactions
    .values()
    .findLast((candidate) => candidate.user_id === user.id && candidate.modal?.custom_id === customId)
  const channel = opener && world.channels.get(opener.channel_id)
  if (!opener?.modal || !channel) throw new LineError(`No modal ${customId} is open for ${user.username}.`)
  const known = new Set<string>()
  const components = asComponents(opener.modal.components).map((outer) => fillField(outer, fields, known))
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown) throw new LineError(`The modal has no field ${unknown}.`)
  const message = opener.message_id ? world.message(opener.message_id)?.message : undefined
  return world.transaction(() => {
    const { modal: _, ...closed } = opener
    world.interactions.put(opener.id, closed)
    return interact(world, {
      type: MODAL,
      channel,
      userId: user.id,
      ...(message ? { message } : {}),
      metadata: { triggering_interaction_metadata: opener.metadata },
      data: { custom_id: customId, components },
    })
  })
}

/** Rows and labels with the person's values in place of the fields. */
function fillField(outer: Component, fields: Record<string, unknown>, known: Set<string>): Record<string, unknown> {
  const shown = (field: Component) => {
    const name = String(field.custom_id)
    known.add(name)
    const base = { type: field.type, id: field.id ?? 0, custom_id: name }
    if (field.type === 4) return { ...base, value: checkText(field, fields[name]) }
    const value = fields[name]
    const values = Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)]
    if (field.required !== false && values.length === 0) throw new LineError(`The field ${name} is required.`)
    return { ...base, values }
  }
  if (outer.component) return { type: outer.type, id: outer.id ?? 0, component: shown(outer.component as Component) }
  return {
    type: outer.type,
    id: outer.id ?? 0,
    ...(outer.type === 1 ? { components: asComponents(outer.components).map(shown) } : {}),
  }
}

/** https://docs.discord.com/developers/components/reference#text-input */
function checkText(field: Component, value: unknown): string {
  const name = String(field.custom_id)
  const text = value === undefined ? String(field.value ?? '') : String(value)
  const { min_length: min = 0, max_length: max = 4000 } = field as { min_length?: number; max_length?: number }
  if (text === '') {
    if (field.required !== false) throw new LineError(`The field ${name} is required.`)
    return ''
  }
  if (text.length < min) throw new LineError(`The field ${name} must have at least ${min} characters.`)
  if (text.length > max) throw new LineError(`The field ${name} must have at most ${max} characters.`)
  return text
}

/** A person's message. Throws LineError with the API's reason. */
export function say(
  world: World,
  user: User,
  channel: Channel,
  content: string,
  uploads: Upload[],
  replyTo?: string,
): Message {
  try {
    return world.transaction(() =>
      sendAs(
        world,
        user,
        channel.id,
        { content, ...(replyTo ? { message_reference: { message_id: replyTo } } : {}) },
        uploads,
      ),
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const locked = isThread(channel) && channel.thread_metadata.locked
    throw new LineError(locked ? 'The thread is locked.' : `${error.message}.`)
  }
}
