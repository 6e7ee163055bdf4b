/** Modals: a form that the bot asked for. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal */
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'
import { markdown } from './markdown-view.js'
import { isCheckbox, specialField } from './modal-fields.js'
import { selectView } from './select.js'

const TEXT_INPUT = 4
const LABEL = 18

/** `send(customId, fields)` posts what was filled in and throws an Error with the reason when that was refused. */
export const openModal = (modal, { server, send, submit: word = 'Submit' }) => {
  const opener = document.activeElement
  const fields = new Map()
  const problem = h('p', { class: 'modal-problem', role: 'alert', hidden: true })
  const submit = h('button', { class: 'button primary', type: 'submit' }, word)
  const close = () => dialog.close()
  const form = h(
    'form',
    { method: 'dialog', novalidate: true },
    h(
      'div',
      { class: 'modal-fields' },
      modal.components.map((component) => partView(component, fields, server)),
      problem,
    ),
    h('footer', {}, button({ class: 'button plain', onclick: close }, 'Cancel'), submit),
  )
  const dialog = h(
    'dialog',
    { class: 'modal', 'aria-label': modal.title },
    h(
      'header',
      {},
      h('h2', {}, modal.title),
      button({ class: 'icon-button', 'aria-label': 'Close', onclick: close }, icon('close')),
    ),
    form,
  )
  const complain = (text) => {
    problem.hidden = !text
    fill(problem, text)
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const missing = [...fields.values()].find((field) => field.problem())
    complain(missing?.problem())
    if (missing) return missing.focus()
    submit.disabled = true
    try {
      await send(modal.custom_id, Object.fromEntries([...fields].map(([id, field]) => [id, field.value()])))
      dialog.close()
    } catch (error) {
      complain(error.message)
    }
    submit.disabled = false
  })
  dialog.addEventListener('pointerdown', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    opener?.focus?.()
  })
  document.body.append(dialog)
  dialog.showModal()
  ;(dialog.querySelector('input, textarea, .select') ?? submit).focus()
}

const partView = (component, fields, server) => {
  if (component.type === 1) return component.components.map((inner) => partView(inner, fields, server))
  if (component.type === 10) return h('div', { class: 'markup' }, markdown(component.content, server.names))
  if (component.type === LABEL)
    return labelled(component.label, component.description, component.component, fields, server)
  if (component.type === TEXT_INPUT) return labelled(component.label ?? '', undefined, component, fields, server)
  return h('p', { class: 'component-unknown' }, `A component of type ${component.type}`)
}

const labelled = (label, description, component, fields, server) => {
  const id = `field-${component.custom_id}`
  const required = component.required !== false && !isCheckbox(component)
  const field =
    component.type === TEXT_INPUT
      ? textField(component, id, label, required)
      : (specialField(component, id, label, required) ?? choiceField(component, label, required, server))
  fields.set(component.custom_id, field)
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label, required && h('span', { class: 'required', title: 'required' }, ' *')),
    description && h('small', {}, description),
    field.element,
  )
}

const textField = (component, id, label, required) => {
  const paragraph = component.style === 2
  const element = h(paragraph ? 'textarea' : 'input', {
    id,
    placeholder: component.placeholder,
    maxlength: component.max_length,
    required,
    rows: paragraph ? '4' : undefined,
  })
  element.value = component.value ?? ''
  const problem = () => {
    if (required && element.value === '') return `“${label}” has to be filled in.`
    if (element.value && component.min_length && element.value.length < component.min_length)
      return `“${label}” has to be at least ${component.min_length} characters long.`
    return null
  }
  return { element, value: () => element.value, problem, focus: () => element.focus() }
}

const choiceField = (component, label, required, server) => {
  let picked = [
    ...(component.options ?? []).filter((option) => option.default).map((option) => option.value),
    ...(component.default_values ?? []).map((each) => each.id),
  ]
  const use = (_, values) => {
    picked = values
  }
  const element =
    component.type >= 3 && component.type <= 8
      ? selectView(component, { server, use })
      : h('p', { class: 'component-unknown' }, `A component of type ${component.type}`)
  return {
    element,
    value: () => picked,
    problem: () => (required && picked.length === 0 ? `“${label}” needs a choice.` : null),
    focus: () => element.querySelector('button')?.focus(),
  }
}
