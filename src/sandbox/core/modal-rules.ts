/** What the schema does not check of a modal. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal */
import { characters } from './characters.ts'
import { checkEmojis, checkRepeats, checkSelect, type Report } from './component-rules.ts'
import { asComponents, type Component, everyComponent, ROW, SELECTS } from './components.ts'
import { invalidForms } from './errors.ts'
import type { World } from './world.ts'

const TEXT_INPUT = 4
const LABEL = 18
const FILE_UPLOAD = 19
const RADIO_GROUP = 21
const CHECKBOX_GROUP = 22

/** Throws 50035 with every problem found. */
export function checkModal(world: World, list: Component[]): void {
  const problems: { path: string; code: string; message: string }[] = []
  const problem: Report = (path, code, message) => problems.push({ path, code, message })
  if (list.length < 1 || list.length > 5)
    problem('data.components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  const every = [...everyComponent(list, 'data.components')]
  checkRepeats(every, problem)
  for (const [component, path] of every) {
    checkEmojis(world, component, path, problem)
    if (component.type === ROW) checkRow(component, path, problem)
    if (component.type === TEXT_INPUT) checkTextInput(component, path, problem)
    if (SELECTS.includes(component.type)) checkSelect(component, path, problem)
    if (component.type === RADIO_GROUP || component.type === CHECKBOX_GROUP) checkGroup(component, path, problem)
    if ([...SELECTS, FILE_UPLOAD, CHECKBOX_GROUP].includes(component.type)) checkLeast(component, path, problem)
    if (component.disabled)
      problem(`${path}.disabled`, 'MODAL_COMPONENT_DISABLED', 'Components of a modal cannot be disabled')
    if (component.type === LABEL) checkLabel(component, path, problem)
  }
  if (problems.length > 0) throw invalidForms(problems)
}

/** The deprecated way: a row with one text input that has its own label. https://docs.discord.com/developers/components/reference#action-row */
function checkRow(row: Component, path: string, problem: Report): void {
  const inside = asComponents(row.components)
  if (inside.length !== 1) problem(`${path}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 1 in length.')
  inside.forEach((field, at) => {
    if (field.type === TEXT_INPUT && !field.label)
      problem(`${path}.components.${at}.label`, 'BASE_TYPE_REQUIRED', 'This field is required')
  })
}

/** https://docs.discord.com/developers/components/reference#label */
function checkLabel(label: Component, path: string, problem: Report): void {
  const field = label.component as Component | undefined
  if (field?.type === TEXT_INPUT && field.label)
    problem(
      `${path}.component.label`,
      'TEXT_INPUT_LABEL_IN_LABEL',
      'The label is already given by the component around it',
    )
}

/** https://docs.discord.com/developers/components/reference#text-input */
function checkTextInput(field: Component, path: string, problem: Report): void {
  const {
    min_length: min,
    max_length: max,
    value,
  } = field as { min_length?: number; max_length?: number; value?: string }
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    problem(`${path}.min_length`, 'BASE_TYPE_MAX', 'min_length must not exceed max_length')
  if (!value) return
  const length = characters(value)
  if (length < (min ?? 0) || length > (max ?? 4000))
    problem(`${path}.value`, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min ?? 0} and ${max ?? 4000} in length.`)
}

/** `min_values` 0 goes with `required` false alone. https://docs.discord.com/developers/components/reference#string-select-string-select-structure */
function checkLeast(field: Component, path: string, problem: Report): void {
  const { min_values: min, max_values: max } = field as { min_values?: number | null; max_values?: number | null }
  if (min === 0 && field.required !== false)
    problem(`${path}.min_values`, 'BASE_TYPE_MIN', 'min_values must be at least 1 where an answer is required')
  if (!SELECTS.includes(field.type) && typeof max === 'number' && (min ?? 1) > max)
    problem(`${path}.min_values`, 'BASE_TYPE_MAX', 'min_values must not exceed max_values')
}

/** https://docs.discord.com/developers/components/reference#radio-group, …#checkbox-group */
function checkGroup(group: Component, path: string, problem: Report): void {
  const options = (group.options ?? []) as { value: string; default?: boolean | null }[]
  options.forEach((option, at) => {
    if (options.findIndex((other) => other.value === option.value) !== at)
      problem(
        `${path}.options.${at}.value`,
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      )
  })
  const most = group.type === RADIO_GROUP ? 1 : Number(group.max_values ?? options.length)
  if (options.filter((option) => option.default).length > most)
    problem(`${path}.options`, 'SELECT_COMPONENT_TOO_MANY_DEFAULTS', `At most ${most} options can be chosen already`)
}
