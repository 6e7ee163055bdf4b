/** Choices of an option and of an autocomplete answer. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-choice-structure */
import { characters } from './characters.ts'
import { invalidForms } from './errors.ts'
import { checkDictionary } from './locales.ts'
import type { CommandChoice, CommandOption } from './shapes.ts'
import type { World } from './world.ts'

type Problem = { path: string; code: string; message: string }

const STRING = 3
const INTEGER = 4
const NUMBER = 10
/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const MOST_NUMBER = 2 ** 53

function checkValue(value: unknown, type: number, path: string): Problem[] {
  if (type === STRING) {
    if (typeof value !== 'string')
      return [{ path, code: 'STRING_TYPE_CONVERT', message: 'Could not interpret value as string.' }]
    if (characters(value) > 100)
      return [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 100 or fewer in length.' }]
    return []
  }
  const number = typeof value === 'number'
  if (type === INTEGER && !(number && Number.isSafeInteger(value)))
    return [{ path, code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not int.` }]
  if (type === NUMBER && !(number && Math.abs(value) <= MOST_NUMBER))
    return [{ path, code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not float.` }]
  return []
}

function checkNames(choice: CommandChoice, path: string): Problem[] {
  const check = (name: string, at: string) =>
    characters(String(name ?? '').trim()) >= 1 && characters(String(name)) <= 100
      ? []
      : [{ path: at, code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 100 in length.' }]
  return [
    ...check(choice.name, `${path}.name`),
    ...checkDictionary(choice.name_localizations, `${path}.name_localizations`, check),
  ]
}

export function checkChoices(option: CommandOption, path: string): Problem[] {
  const choices = option.choices ?? []
  const problems: Problem[] = []
  if (option.autocomplete && choices.length > 0) {
    problems.push({
      path,
      code: 'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES',
      message: 'Autocomplete and choices are mutually exclusive',
    })
  }
  choices.forEach((choice, at) => {
    const here = `${path}.choices.${at}`
    problems.push(...checkNames(choice, here), ...checkValue(choice.value, option.type, `${here}.value`))
    if (choices.findIndex((other) => other.name === choice.name) !== at) {
      problems.push({
        path: here,
        code: 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS',
        message: 'Option choice name already exists',
      })
    }
    if (choices.findIndex((other) => other.value === choice.value) !== at) {
      problems.push({
        path: here,
        code: 'APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_EXISTS',
        message: 'Option choice value already exists',
      })
    }
  })
  return problems
}

/**
 * At most 25, each of the type of the option that is asked for (`type`). Throws 50035.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete
 */
export function checkAutocomplete(world: World, choices: CommandChoice[], type: number): void {
  const problems: Problem[] = choices.flatMap((choice, at) => {
    const here = `data.choices.${at}`
    return [...checkNames(choice, here), ...checkValue(choice.value, type, `${here}.value`)]
  })
  if (choices.length > world.limits.choices) {
    const message = `Must be ${world.limits.choices} or fewer in length.`
    problems.unshift({ path: 'data.choices', code: 'BASE_TYPE_MAX_LENGTH', message })
  }
  if (problems.length > 0) throw invalidForms(problems)
}
