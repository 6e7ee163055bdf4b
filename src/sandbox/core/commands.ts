/** Registering commands, with the rules that the schema does not hold. https://docs.discord.com/developers/interactions/application-commands */

import { checkCommand } from './command-rules.ts'
import { invalidForms, refuse } from './errors.ts'
import { localized } from './locales.ts'
import type { Command, CommandChoice, CommandOption } from './shapes.ts'
import type { World } from './world.ts'

/** A command as it is registered, after its schema. */
export interface CommandWish {
  id?: string | null
  type?: number | null
  name: string
  description?: string | null
  options?: CommandOption[] | null
  name_localizations?: Record<string, string> | null
  description_localizations?: Record<string, string> | null
  default_member_permissions?: string | number | null
  dm_permission?: boolean | null
  contexts?: number[] | null
  integration_types?: number[] | null
  nsfw?: boolean | null
  handler?: number | null
}

/** Commands of one scope: a server's, or the global ones. */
export function commandsOf(world: World, guildId: string | undefined): Command[] {
  return world.commands.values().filter((command) => command.guild_id === guildId)
}

/**
 * A command as lists show it: without its dictionaries, but with the texts of the asker's language where it has them.
 * https://docs.discord.com/developers/interactions/application-commands#retrieving-localized-commands
 */
export function inLanguage<T extends Command | CommandOption>(part: T, locale: string | undefined): T {
  const { name_localizations: names, description_localizations: descriptions, ...rest } = part
  const name = localized(names, locale)
  const description = localized(descriptions, locale)
  return {
    ...rest,
    ...(name === undefined ? {} : { name_localized: name }),
    ...(description === undefined ? {} : { description_localized: description }),
    ...(part.options ? { options: part.options.map((option) => inLanguage(option, locale)) } : {}),
    ...('choices' in part && part.choices
      ? { choices: part.choices.map((choice) => choiceInLanguage(choice, locale)) }
      : {}),
  } as unknown as T
}

function choiceInLanguage({ name_localizations: names, ...choice }: CommandChoice, locale: string | undefined) {
  const name = localized(names, locale)
  return { ...choice, ...(name === undefined ? {} : { name_localized: name }) }
}

/** Replaces all commands of a scope; those whose name and type stay keep their id. */
export function overwriteCommands(world: World, guildId: string | undefined, wishes: CommandWish[]): Command[] {
  const problems = wishes.flatMap((wish, at) => checkCommand(world, wish, `${at}.`, guildId))
  wishes.forEach((wish, at) => {
    const first = wishes.findIndex((other) => other.name === wish.name && (other.type ?? 1) === (wish.type ?? 1))
    if (first !== at) {
      problems.push({
        path: `${at}.name`,
        code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
        message: 'Application command names must be unique',
      })
    }
  })
  if (problems.length > 0) throw invalidForms(problems)
  needRoomFor(world, wishes)
  const before = commandsOf(world, guildId)
  const after = wishes.map((wish) => {
    const same = before.find((command) => command.name === wish.name && command.type === (wish.type ?? 1))
    if (!same) noteCreate(world, guildId)
    return makeCommand(world, wish, guildId, same)
  })
  for (const command of before) if (!after.some((kept) => kept.id === command.id)) world.commands.remove(command.id)
  for (const command of after) world.commands.put(command.id, command)
  announce(world)
  return after
}

/** Creates one; a command of the same name and type is overwritten. @returns whether it is new */
export function createCommand(
  world: World,
  guildId: string | undefined,
  wish: CommandWish,
): { command: Command; created: boolean } {
  const problems = checkCommand(world, wish, '', guildId)
  if (problems.length > 0) throw invalidForms(problems)
  const others = commandsOf(world, guildId)
  const same = others.find((command) => command.name === wish.name && command.type === (wish.type ?? 1))
  if (!same) {
    needRoomFor(world, [...others, wish])
    noteCreate(world, guildId)
  }
  const command = makeCommand(world, wish, guildId, same)
  world.commands.put(command.id, command)
  announce(world)
  return { command, created: !same }
}

export function editCommand(world: World, command: Command, change: Partial<CommandWish>): Command {
  const wish: CommandWish = { ...command, ...change, type: command.type }
  const problems = checkCommand(world, wish, '', command.guild_id)
  if (problems.length > 0) throw invalidForms(problems)
  const taken = commandsOf(world, command.guild_id).some(
    (other) => other.id !== command.id && other.name === wish.name && other.type === command.type,
  )
  if (taken) throw refuse(40041)
  const edited = makeCommand(world, wish, command.guild_id, command)
  world.commands.put(edited.id, edited)
  announce(world)
  return edited
}

export function commandOf(world: World, guildId: string | undefined, id: string): Command {
  const command = world.commands.get(id)
  if (!command || command.guild_id !== guildId) throw refuse(10063)
  return command
}

export function deleteCommand(world: World, command: Command): void {
  world.commands.remove(command.id)
  announce(world)
}

/** For the page: the command bar has to learn of it. */
function announce(world: World): void {
  world.dispatch({ t: 'SANDBOX_COMMANDS_UPDATE', d: {}, intents: 0, to_bot: false })
}

/** 30032. https://docs.discord.com/developers/interactions/application-commands#registering-a-command */
function needRoomFor(world: World, wishes: { type?: number | null }[]): void {
  const count = (type: number) => wishes.filter((wish) => (wish.type ?? 1) === type).length
  const { slashCommands, userCommands, messageCommands } = world.limits
  if (count(1) > slashCommands || count(2) > userCommands || count(3) > messageCommands) throw refuse(30032)
}

/** 30034: 200 creates a day. */
function noteCreate(world: World, guildId: string | undefined): void {
  if (!world.limits.rates) return
  const { total, window } = world.limits.commandCreates
  if (!world.slow.take(`command creates ${guildId}`, { limit: total, window }, world.now()).allowed) throw refuse(30034)
}

function makeCommand(world: World, wish: CommandWish, guildId: string | undefined, same?: Command): Command {
  const type = wish.type ?? 1
  const permissions = wish.default_member_permissions
  const made: Omit<Command, 'version'> = {
    id: same?.id ?? world.newId(),
    application_id: world.application.id,
    type,
    name: wish.name,
    description: type === 1 ? (wish.description ?? '') : '',
    name_localizations: wish.name_localizations ?? null,
    description_localizations: wish.description_localizations ?? null,
    default_member_permissions: permissions === undefined || permissions === null ? null : String(permissions),
    // Both are for global commands only; a server's own go without. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-structure
    contexts: guildId ? null : (wish.contexts ?? null),
    integration_types: guildId ? [0] : (wish.integration_types ?? [0]),
    nsfw: wish.nsfw ?? false,
    ...(type === 1 && wish.options?.length ? { options: wish.options.map(shownOption) } : {}),
    ...(guildId ? { guild_id: guildId } : { dm_permission: wish.dm_permission ?? true }),
  }
  if (same) {
    const { version: _, ...rest } = same
    if (JSON.stringify(sorted(rest)) === JSON.stringify(sorted(made))) return same
    return { ...made, version: world.newId() }
  }
  return { ...made, version: world.newId() }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  )
}

/** Discord leaves out what is null or false. */
function shownOption(option: CommandOption): CommandOption {
  const kept = Object.fromEntries(
    Object.entries(option).filter(
      ([key, value]) => value !== null && value !== undefined && !(key === 'required' && value === false),
    ),
  ) as unknown as CommandOption
  return option.options ? { ...kept, options: option.options.map(shownOption) } : kept
}
