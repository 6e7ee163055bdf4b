/** What a command must be beyond its schema. https://docs.discord.com/developers/interactions/application-commands */

import { characters } from './characters.ts'
import { checkChoices } from './choice-rules.ts'
import type { CommandWish } from './commands.ts'
import { checkDictionary, longest, namesTaken } from './locales.ts'
import { applicationPayload } from './payloads.ts'
import type { CommandChoice, CommandOption } from './shapes.ts'
import type { World } from './world.ts'

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const SUBCOMMAND = 1
const GROUP = 2

type Problem = { path: string; code: string; message: string }

export function checkCommand(world: World, wish: CommandWish, at: string, guildId: string | undefined): Problem[] {
  const problems: Problem[] = []
  const type = wish.type ?? 1
  problems.push(...checkLocalized(wish, at, type === 1), ...checkPlace(world, wish, at, guildId))
  if (type === 1) {
    problems.push(...checkName(wish.name, `${at}name`))
    if (!wish.description?.trim())
      problems.push({ path: `${at}description`, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' })
    problems.push(...checkOptions(wish.options ?? [], `${at}options`, 0))
  } else {
    problems.push(...checkMenuName(wish.name, `${at}name`))
    if (wish.description) {
      problems.push({
        path: `${at}description`,
        code: 'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID',
        message: 'Context menu commands cannot have description',
      })
    }
    if (wish.options?.length) {
      problems.push({
        path: `${at}options`,
        code: 'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID',
        message: 'Context menu commands cannot have options',
      })
    }
  }
  if (textOf(wish) > world.limits.commandText) {
    problems.push({
      path: at.replace(/\.$/, ''),
      code: 'APPLICATION_COMMAND_TOO_LARGE',
      message: `Command exceeds maximum size (${world.limits.commandText})`,
    })
  }
  return problems
}

/** Applications without an Activity have no entry point. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-structure */
const TYPES = [1, 2, 3]

/** What kinds of command this application can have, and for whom it is installed. https://docs.discord.com/developers/interactions/application-commands#installation-context */
function checkPlace(world: World, wish: CommandWish, at: string, guildId: string | undefined): Problem[] {
  const problems: Problem[] = []
  const oneOf = (path: string, allowed: (string | number)[]) => {
    problems.push({ path, code: 'BASE_TYPE_CHOICES', message: `Value must be one of (${allowed.join(', ')}).` })
  }
  if (!TYPES.includes(wish.type ?? 1)) oneOf(`${at}type`, TYPES)
  if (wish.handler !== undefined && wish.handler !== null) {
    const message = 'Only entry points of applications with an Activity have a handler'
    problems.push({ path: `${at}handler`, code: 'BASE_TYPE_INVALID', message })
  }
  if (guildId !== undefined) return problems
  const supported = Object.keys(applicationPayload(world).integration_types_config as object).map(Number)
  wish.integration_types?.forEach((type, index) => {
    if (!supported.includes(type)) oneOf(`${at}integration_types.${index}`, supported)
  })
  return problems
}

type Texts = Pick<CommandOption, 'name' | 'name_localizations' | 'description_localizations'> & {
  description?: string | null
  options?: CommandOption[] | null
  choices?: CommandChoice[]
}

/** Characters that count towards a command's size. https://docs.discord.com/developers/interactions/application-commands#slash-commands */
function textOf(part: Texts): number {
  const choices = (part.choices ?? []).reduce(
    (sum, choice) => sum + longest(choice.name, choice.name_localizations) + characters(String(choice.value)),
    0,
  )
  const options = (part.options ?? []).reduce((sum, option) => sum + textOf(option), 0)
  return (
    longest(part.name, part.name_localizations) +
    longest(part.description, part.description_localizations) +
    choices +
    options
  )
}

/** Names in menus may be mixed case and hold spaces, but not be blank. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
function checkMenuName(name: string, path: string): Problem[] {
  const length = characters(name.trim())
  if (length >= 1 && length <= 32) return []
  return [{ path, code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 32 in length.' }]
}

function checkName(name: string, path: string): Problem[] {
  if (NAME.test(name) && name.toLowerCase() === name) return []
  return [{ path, code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' }]
}

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure */
function checkOptions(options: CommandOption[], path: string, depth: number): Problem[] {
  const problems: Problem[] = []
  const nested = options.filter((option) => option.type === SUBCOMMAND || option.type === GROUP).length
  if (nested > 0 && nested < options.length) {
    problems.push({
      path,
      code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      message: 'Sub-command and sub-command group option types are mutually exclusive to all other types',
    })
  }
  let optional = false
  options.forEach((option, at) => {
    const here = `${path}.${at}`
    problems.push(...checkName(option.name, `${here}.name`), ...checkLocalized(option, `${here}.`, true))
    problems.push(...checkFields(option, here))
    if (options.findIndex((other) => other.name === option.name) !== at) {
      problems.push({
        path: here,
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
        message: 'Option name already used',
      })
    }
    for (const locale of namesTaken(options, at)) {
      problems.push({
        path: `${here}.name_localizations.${locale}`,
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
        message: 'Option name already used',
      })
    }
    if (option.type === GROUP && depth > 0) {
      problems.push({
        path: `${here}.type`,
        code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        message: 'Sub-command groups cannot be nested',
      })
    }
    if (option.type === SUBCOMMAND && depth > 1) {
      problems.push({
        path: `${here}.type`,
        code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        message: 'Sub-commands cannot be nested',
      })
    }
    if (option.type === SUBCOMMAND || option.type === GROUP) {
      const children = option.options ?? []
      if (option.type === GROUP && children.length === 0)
        problems.push({ path: `${here}.options`, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' })
      if (option.type === GROUP && children.some((child) => child.type !== SUBCOMMAND)) {
        problems.push({
          path: `${here}.options`,
          code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
          message: 'Sub-command groups may only contain sub-commands',
        })
      }
      problems.push(...checkOptions(children, `${here}.options`, option.type === GROUP ? 1 : 2))
      return
    }
    if (option.required && optional) {
      problems.push({
        path: here,
        code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        message: 'Required options must be placed before non-required options',
      })
    }
    if (!option.required) optional = true
    problems.push(...checkChoices(option, here), ...checkBounds(option, here))
  })
  return problems
}

/** Fields that only some types of option have. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure */
const ONLY_FOR: [field: keyof CommandOption, types: number[]][] = [
  ['choices', [3, 4, 10]],
  ['autocomplete', [3, 4, 10]],
  ['options', [SUBCOMMAND, GROUP]],
  ['channel_types', [7]],
  ['min_value', [4, 10]],
  ['max_value', [4, 10]],
  ['min_length', [3]],
  ['max_length', [3]],
  ['file_types', [11]],
  ['required', [3, 4, 5, 6, 7, 8, 9, 10, 11]],
]

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const MOST_NUMBER = 2 ** 53

/** https://docs.discord.com/developers/reference#file-type-filtering */
const FILE_TYPE = /^(?:image|video|audio|\.[^.\s]+(?:\.[^.\s]+)*)$/

const isGiven = (value: unknown) =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)

function checkFields(option: CommandOption, path: string): Problem[] {
  return ONLY_FOR.flatMap(([field, types]) => {
    if (types.includes(option.type) || !isGiven(option[field])) return []
    const message = `Options of type ${option.type} have no ${field}`
    return [{ path: `${path}.${field}`, code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message }]
  })
}

/** Names and descriptions in other languages follow the rules of the first. https://docs.discord.com/developers/interactions/application-commands#localization */
function checkLocalized(part: CommandWish | CommandOption, path: string, slash: boolean): Problem[] {
  const description = (text: string, here: string) =>
    text.trim() && characters(text) <= 100
      ? []
      : [{ path: here, code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 100 in length.' }]
  return [
    ...checkDictionary(part.name_localizations, `${path}name_localizations`, slash ? checkName : checkMenuName),
    ...checkDictionary(part.description_localizations, `${path}description_localizations`, description),
  ]
}

function checkBounds(option: CommandOption, path: string): Problem[] {
  const problems: Problem[] = []
  for (const field of ['min_value', 'max_value'] as const) {
    const value = option[field]
    if (option.type === 4 && typeof value === 'number' && !Number.isSafeInteger(value))
      problems.push({ path: `${path}.${field}`, code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not int.` })
    if (option.type === 10 && typeof value === 'number' && Math.abs(value) > MOST_NUMBER)
      problems.push({ path: `${path}.${field}`, code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not float.` })
  }
  option.file_types?.forEach((type, at) => {
    if (FILE_TYPE.test(type)) return
    const message = 'Value must be image, video, audio or an extension with its dot.'
    problems.push({ path: `${path}.file_types.${at}`, code: 'BASE_TYPE_CHOICES', message })
  })
  for (const [low, high] of [
    ['min_value', 'max_value'],
    ['min_length', 'max_length'],
  ] as const) {
    const min = option[low]
    const max = option[high]
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      problems.push({ path: `${path}.${low}`, code: 'BASE_TYPE_MAX', message: `${low} must not exceed ${high}` })
    }
  }
  return problems
}
