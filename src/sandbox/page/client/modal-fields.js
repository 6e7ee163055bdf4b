/** Fields of a modal besides text and selects: files, radio buttons, checkboxes. https://docs.discord.com/developers/components/reference#label */
import { h } from './dom.js'
import { FileTray } from './file-tray.js'

const FILE_UPLOAD = 19
const RADIO_GROUP = 21
const CHECKBOX_GROUP = 22
const CHECKBOX = 23

/** @returns { element, value(), problem(), focus() }, or null for a kind that is none of these */
export const specialField = (component, id, label, required) => {
  if (component.type === FILE_UPLOAD) return fileField(component, label, required)
  if (component.type === RADIO_GROUP || component.type === CHECKBOX_GROUP) return groupField(component, label, required)
  if (component.type === CHECKBOX) return checkbox(component, id)
  return null
}

/** Whether a checkbox may be left as it is: it cannot be required. */
export const isCheckbox = (component) => component.type === CHECKBOX

const checkbox = (component, id) => {
  const element = h('input', { type: 'checkbox', id, class: 'field-check' })
  element.checked = !!component.default
  return { element, value: () => element.checked, problem: () => null, focus: () => element.focus() }
}

const groupField = (component, label, required) => {
  const single = component.type === RADIO_GROUP
  const inputs = component.options.map((option) => {
    const input = h('input', { type: single ? 'radio' : 'checkbox', name: component.custom_id, value: option.value })
    input.checked = !!option.default
    return { input, option }
  })
  const element = h(
    'div',
    { class: 'field-group', role: single ? 'radiogroup' : 'group', 'aria-label': label },
    inputs.map(({ input, option }) =>
      h(
        'label',
        { class: 'field-option' },
        input,
        h('span', { class: 'option-text' }, option.label, option.description && h('small', {}, option.description)),
      ),
    ),
  )
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ option }) => option.value)
  const least = single ? 1 : (component.min_values ?? 1)
  const most = single ? 1 : (component.max_values ?? inputs.length)
  return {
    element,
    value: chosen,
    problem: () => countProblem(chosen().length, { label, required, least, most }),
    focus: () => inputs[0]?.input.focus(),
  }
}

const fileField = (component, label, required) => {
  const tray = new FileTray()
  const pick = h('button', { type: 'button', class: 'button secondary' }, 'Choose files')
  pick.addEventListener('click', () => tray.choose())
  const bounds = { label, required, least: component.min_values ?? 1, most: component.max_values ?? 1 }
  return {
    element: h('div', { class: 'field-files' }, tray.element, pick),
    value: () => tray.files,
    problem: () => countProblem(tray.files.length, bounds),
    focus: () => pick.focus(),
  }
}

const countProblem = (count, { label, required, least, most }) => {
  if (count === 0) return required ? `“${label}” needs a choice.` : null
  if (count < least) return `“${label}” needs at least ${least}.`
  return count > most ? `“${label}” takes at most ${most}.` : null
}
