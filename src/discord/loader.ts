import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionContextType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10'
import { z } from 'zod'
import type { CommandFolder, MessageMenu, SlashCommand } from './command.ts'

export interface CommandSet {
  /** What Discord is told. */
  definitions: RESTPostAPIApplicationCommandsJSONBody[]
  /** By path: `stop`, `backrooms start`. */
  slash: Map<string, SlashCommand>
  /** By name: `Fork from here`. */
  menus: Map<string, MessageMenu>
  components: Map<string, NonNullable<SlashCommand['components']>[string]>
  modals: Map<string, NonNullable<SlashCommand['modals']>[string]>
}

const handler = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'expected a function')
const verbs = { components: z.record(z.string(), handler).optional(), modals: z.record(z.string(), handler).optional() }
const slashShape = z.strictObject({
  data: z.strictObject({
    name: z.string().regex(/^[a-z0-9_-]{1,32}$/, 'expected 1 to 32 of a-z, 0-9, _ and -'),
    description: z.string().min(1).max(100),
    options: z
      .array(z.looseObject({ name: z.string(), type: z.number() }))
      .max(25)
      .optional(),
  }),
  execute: handler,
  autocomplete: handler.optional(),
  ...verbs,
})
const menuShape = z.strictObject({
  data: z.strictObject({ name: z.string().min(1).max(32), type: z.literal(ApplicationCommandType.Message) }),
  execute: handler,
  ...verbs,
})
const folderShape = z.strictObject({ description: z.string().min(1).max(100), first: z.string().optional() })

/**
 * Every command of a folder (the contract is in command.ts). Throws on the first file that is not one, naming it and what is wrong:
 * a command that is silently missing would be found out by the people who need it.
 */
export async function loadCommands(dir: string): Promise<CommandSet> {
  const set: CommandSet = {
    definitions: [],
    slash: new Map(),
    menus: new Map(),
    components: new Map(),
    modals: new Map(),
  }
  const entries = await readdir(dir, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) await addFolder(set, path, entry.name)
    else if (entry.name.endsWith('.ts')) await addFile(set, path)
  }
  return set
}

/** Where a command can be typed. Direct messages are among them so that someone who tries gets a sentence, not silence. */
const CONTEXTS = [InteractionContextType.Guild, InteractionContextType.BotDM]

async function addFile(set: CommandSet, path: string): Promise<void> {
  const exported = await defaultOf(path)
  const isMenu = (exported as { data?: { type?: unknown } }).data?.type !== undefined
  if (isMenu) {
    const menu = checked(menuShape, exported, path) as MessageMenu
    claim(set.menus, menu.data.name, menu, path)
    addVerbs(set, menu, path)
    set.definitions.push({ ...menu.data, contexts: CONTEXTS })
  } else {
    const command = slashCommand(set, exported, path, '')
    set.definitions.push({ ...command.data, type: ApplicationCommandType.ChatInput, contexts: CONTEXTS })
  }
}

async function addFolder(set: CommandSet, path: string, name: string): Promise<void> {
  const index = join(path, 'index.ts')
  if (!existsSync(index)) throw new Error(`${relative('.', index)} is missing: it says what /${name} is.`)
  const { description, first } = checked(folderShape, await defaultOf(index), index) as CommandFolder
  const files = (await readdir(path))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .sort((a, b) => Number(b === `${first}.ts`) - Number(a === `${first}.ts`) || (a < b ? -1 : 1))
  if (files.length === 0 || files.length > 25)
    throw new Error(`${relative('.', path)} has ${files.length} subcommands; Discord takes 1 to 25.`)
  const options = []
  for (const file of files) {
    const command = slashCommand(set, await defaultOf(join(path, file)), join(path, file), `${name} `)
    options.push({ ...command.data, type: ApplicationCommandOptionType.Subcommand as const })
  }
  set.definitions.push({
    name,
    description,
    type: ApplicationCommandType.ChatInput,
    contexts: CONTEXTS,
    options: options as never,
  })
}

function slashCommand(set: CommandSet, exported: unknown, path: string, prefix: string): SlashCommand {
  const command = checked(slashShape, exported, path) as SlashCommand
  if (!path.endsWith(`/${command.data.name}.ts`) && !path.endsWith(`\\${command.data.name}.ts`))
    throw new Error(`${relative('.', path)} defines the command "${command.data.name}": name the file after it.`)
  claim(set.slash, prefix + command.data.name, command, path)
  addVerbs(set, command, path)
  return command
}

async function defaultOf(path: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = await import(pathToFileURL(path).href)
  } catch (error) {
    throw new Error(`${relative('.', path)} cannot be loaded: ${(error as Error).message}`, { cause: error })
  }
  if (typeof module.default !== 'object' || module.default === null)
    throw new Error(`${relative('.', path)} has no default export that is a command.`)
  return module.default
}

function checked<T>(shape: z.ZodType<T>, value: unknown, path: string): unknown {
  const result = shape.safeParse(value)
  if (!result.success) throw new Error(`${relative('.', path)} is no command: ${z.prettifyError(result.error)}`)
  // The very object, not zod's copy: handlers may use `this`.
  return value
}

function addVerbs(set: CommandSet, command: SlashCommand | MessageMenu, path: string): void {
  for (const [verb, answer] of Object.entries(command.components ?? {})) claim(set.components, verb, answer, path)
  for (const [verb, answer] of Object.entries(command.modals ?? {})) claim(set.modals, verb, answer, path)
}

function claim<T>(map: Map<string, T>, key: string, value: T, path: string): void {
  // Two commands may share one set of buttons.
  if (map.has(key) && map.get(key) !== value)
    throw new Error(`${relative('.', path)} claims "${key}", which another command has already.`)
  map.set(key, value)
}
