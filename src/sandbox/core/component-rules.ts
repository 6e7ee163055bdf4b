/** What the schema does not check of components. https://docs.discord.com/developers/components/reference */
import { needScheme } from './addresses.ts'
import { characters } from './characters.ts'
import {
  asComponents,
  BUTTON,
  type Component,
  everyComponent,
  FILE,
  ROW,
  SECTION,
  SELECTS,
  STRING_SELECT,
  TEXT,
} from './components.ts'
import { isEmoji } from './emoji-text.ts'
import { invalidForms } from './errors.ts'
import type { World } from './world.ts'

/** Throws 50035 with every problem found. */
export function checkComponents(world: World, list: Component[], v2: boolean): void {
  const problems: { path: string; code: string; message: string }[] = []
  const problem = (path: string, code: string, message: string) => problems.push({ path, code, message })
  const every = [...everyComponent(list)]
  let count = 0
  let text = 0

  if (!v2 && list.length > 5) problem('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 0 and 5 in length.')
  checkRepeats(every, problem)
  for (const [component, path] of every) {
    count += 1
    if (!v2 && component.type >= SECTION) {
      problem(path, 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).')
    }
    if (component.type === ROW) checkRow(component, path, problem)
    checkEmojis(world, component, path, problem)
    if (component.type === BUTTON) {
      checkButton(component, path, problem)
      needScheme(`${path}.url`, component.url, ['http', 'https', 'discord'])
    }
    if (SELECTS.includes(component.type)) checkSelect(component, path, problem)
    if (component.type === TEXT) {
      const content = String(component.content ?? '')
      text += characters(content)
      if (!content.trim()) problem(`${path}.content`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 4000 in length.')
    }
    if (component.type === FILE) checkFile(component, path, problem)
  }
  if (count > world.limits.components) {
    problem(
      'components',
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      `The total number of components (${count}) exceeds the maximum (${world.limits.components})`,
    )
  }
  if (text > world.limits.displayText) {
    problem(
      'components',
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      `Component displayable text size exceeds maximum size of ${world.limits.displayText}`,
    )
  }
  if (problems.length > 0) throw invalidForms(problems)
}

export type Report = (path: string, code: string, message: string) => void

/**
 * Each `custom_id` and each `id` once; an id of 0 counts as none.
 * https://docs.discord.com/developers/components/reference#anatomy-of-a-component
 */
export function checkRepeats(every: [Component, string][], problem: Report): void {
  const customIds = new Set<unknown>()
  const ids = new Set<unknown>()
  for (const [component, path] of every) {
    if (typeof component.custom_id === 'string') {
      if (customIds.has(component.custom_id))
        problem(`${path}.custom_id`, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
      customIds.add(component.custom_id)
    }
    if (typeof component.id === 'number' && component.id !== 0) {
      if (ids.has(component.id)) problem(`${path}.id`, 'COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated')
      ids.add(component.id)
    }
  }
}

/** Only what was uploaded. https://docs.discord.com/developers/components/reference#file */
function checkFile(file: Component, path: string, problem: Report): void {
  const { url } = (file.file ?? {}) as { url?: string }
  if (!url?.startsWith('attachment://'))
    problem(`${path}.file.url`, 'URL_TYPE_INVALID_SCHEME', "Scheme must be one of ('attachment',).")
}

/** Up to five buttons, or one select. https://docs.discord.com/developers/components/reference#action-row */
function checkRow(row: Component, path: string, problem: Report): void {
  const inside = asComponents(row.components)
  const selects = inside.filter((child) => SELECTS.includes(child.type)).length
  if (inside.length > 5 || selects > 1 || (selects === 1 && inside.length > 1)) {
    problem(
      `${path}.components`,
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The specified component exceeds the maximum width',
    )
  }
}

/**
 * A button's emoji and those of a select's options: a character, or one of the application's own; the name beside an id is not looked at.
 * https://github.com/discord/discord-api-docs/issues/8071, https://github.com/bwmarrin/discordgo/issues/1479,
 * https://github.com/discordjs/discord.js/pull/11375
 */
export function checkEmojis(world: World, component: Component, path: string, problem: Report): void {
  const options = component.type === STRING_SELECT && Array.isArray(component.options) ? component.options : []
  const places = [
    [component, path] as const,
    ...options.map((option, at) => [option, `${path}.options.${at}`] as const),
  ]
  for (const [{ emoji }, at] of places as [{ emoji?: { id?: string | null; name?: string | null } | null }, string][]) {
    if (!emoji) continue
    const fits = emoji.id ? world.emojis.get(emoji.id) : isEmoji(emoji.name ?? '')
    if (!fits) problem(`${at}.emoji.${emoji.id ? 'id' : 'name'}`, 'BUTTON_COMPONENT_INVALID_EMOJI', 'Invalid emoji')
  }
}

/** https://docs.discord.com/developers/components/reference#button */
function checkButton(button: Component, path: string, problem: Report): void {
  const link = button.style === 5
  const premium = button.style === 6
  if (link && !button.url) problem(`${path}.url`, 'BASE_TYPE_REQUIRED', 'A url is required for link buttons')
  if (link && button.custom_id)
    problem(path, 'BUTTON_COMPONENT_CUSTOM_ID_AND_URL', 'A custom id and url cannot both be specified')
  if (!link && button.url) problem(`${path}.url`, 'BUTTON_COMPONENT_INVALID_URL', 'Only link buttons can have a url')
  if (!link && !premium && !button.custom_id) {
    problem(`${path}.custom_id`, 'BASE_TYPE_REQUIRED', 'A custom id is required')
  }
  if (premium && !button.sku_id) problem(`${path}.sku_id`, 'BASE_TYPE_REQUIRED', 'A sku id is required')
  if (!premium && !button.label && !button.emoji) {
    problem(path, 'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A button must have a label or an emoji')
  }
}

/** https://docs.discord.com/developers/components/reference#string-select */
export function checkSelect(select: Component, path: string, problem: Report): void {
  const min = typeof select.min_values === 'number' ? select.min_values : 1
  const max = typeof select.max_values === 'number' ? select.max_values : 1
  if (min > max) problem(`${path}.min_values`, 'BASE_TYPE_MAX', 'min_values must not exceed max_values')
  const options = Array.isArray(select.options) ? (select.options as { value: string; default?: boolean }[]) : []
  const defaults = Array.isArray(select.default_values) ? select.default_values : options.filter((o) => o.default)
  if (defaults.length > max || (defaults.length > 0 && defaults.length < min)) {
    problem(
      `${path}.${select.type === 3 ? 'options' : 'default_values'}`,
      'SELECT_COMPONENT_INVALID_NUMBER_OF_DEFAULT_VALUES',
      `Between ${min} and ${max} values can be chosen already`,
    )
  }
  if (select.type !== STRING_SELECT) return
  if (options.length === 0) problem(`${path}.options`, 'BASE_TYPE_REQUIRED', 'This field is required')
  if (max > options.length && options.length > 0 && select.max_values !== undefined) {
    problem(`${path}.options`, 'SELECT_COMPONENT_TOO_FEW_OPTIONS', 'There must be at least max_values options')
  }
  const values = options.map((option) => option.value)
  values.forEach((value, at) => {
    if (values.indexOf(value) !== at) {
      problem(
        `${path}.options.${at}.value`,
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      )
    }
  })
}
