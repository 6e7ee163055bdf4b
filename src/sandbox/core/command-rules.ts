/** What a command must be beyond its schema. https://docs.discord.com/developers/interactions/application-commands */

import { characters } from './characters.ts'
import { checkChoices } from './choice-rules.ts'
import type { CommandWish } from './commands.ts'
import type { CommandOption } from './shapes.ts'
import type { World } from './world.ts'

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const SUBCOMMAND = 1
const GROUP = 2

type Problem = { path: string; code: string; message: string }

export function checkCommand(world: World, wish: CommandWish, at: string): Problem[] {
  const problems: Problem[] = []
  const type = wish.type ?? 1
  problems.push(...checkLocalized(wish, at, type === 1))
  if (type === 1) {
    problems.push(...checkName(wish.name, `${at}name`))
    if (!wish.description?.trim())
      problems.push({ path: `${at}description`, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' })
    problems.push(...checkOptions(wish.options ?? [], `${at}options`, 0))
  } else {
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
  if (
    textOf({ name: wish.name, description: wish.description ?? null, options: wish.options ?? null }) >
    world.limits.commandText
  ) {
    problems.push({
      path: at.replace(/\.$/, ''),
      code: 'APPLICATION_COMMAND_TOO_LARGE',
      message: `Command exceeds maximum size (${world.limits.commandText})`,
    })
  }
  return problems
}

/** Characters that count towards a command's size. https://docs.discord.com/developers/interactions/application-commands#slash-commands */
function textOf(part: {
  name?: string
  description?: string | null
  options?: CommandOption[] | null
  choices?: { name: string; value: string | number }[]
}): number {
  const choices = (part.choices ?? []).reduce(
    (sum, choice) => sum + characters(choice.name) + characters(String(choice.value)),
    0,
  )
  const options = (part.options ?? []).reduce((sum, option) => sum + textOf(option), 0)
  return characters(part.name ?? '') + characters(part.description ?? '') + choices + options
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
]

const isGiven = (value: unknown) =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)

function checkFields(option: CommandOption, path: string): Problem[] {
  return ONLY_FOR.flatMap(([field, types]) => {
    if (types.includes(option.type) || !isGiven(option[field])) return []
    const message = `Options of type ${option.type} have no ${field}`
    return [{ path: `${path}.${field}`, code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message }]
  })
}

/** Names and descriptions in other languages follow the rules of the first. */
function checkLocalized(part: CommandWish | CommandOption, path: string, slash: boolean): Problem[] {
  const names = Object.entries(part.name_localizations ?? {}).flatMap(([locale, name]) =>
    slash ? checkName(name, `${path}name_localizations.${locale}`) : [],
  )
  const blank = Object.entries(part.description_localizations ?? {}).flatMap(([locale, text]) =>
    text.trim() && characters(text) <= 100
      ? []
      : [
          {
            path: `${path}description_localizations.${locale}`,
            code: 'BASE_TYPE_BAD_LENGTH',
            message: 'Must be between 1 and 100 in length.',
          },
        ],
  )
  return [...names, ...blank]
}

function checkBounds(option: CommandOption, path: string): Problem[] {
  const problems: Problem[] = []
  for (const field of ['min_value', 'max_value'] as const) {
    const value = option[field]
    if (option.type === 4 && typeof value === 'number' && !Number.isSafeInteger(value))
      problems.push({ path: `${path}.${field}`, code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not int.` })
  }
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
