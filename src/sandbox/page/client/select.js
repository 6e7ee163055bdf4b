/** Select menus: a button that opens a list with a search field. Used in messages and in modals. */
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'

const SEARCH_FROM = 8

/** What can be picked: the menu's own options, or people, roles and channels of the server. */
const optionsOf = (component, { server }) => {
  const defaults = new Set((component.default_values ?? []).map((each) => each.id))
  const people = () =>
    [...server.users.values()].map((user) => ({
      value: user.id,
      label: server.nameOfUser(user),
      description: user.username,
      default: defaults.has(user.id),
    }))
  const roles = () =>
    [...server.roles.values()].map((role) => ({
      value: role.id,
      label: `@${role.name.replace(/^@/, '')}`,
      default: defaults.has(role.id),
    }))
  const channels = () =>
    [...server.channels.values()]
      .filter((each) => !component.channel_types?.length || component.channel_types.includes(each.type))
      .map((each) => ({ value: each.id, label: `# ${each.name}`, default: defaults.has(each.id) }))
  switch (component.type) {
    case 5:
      return people()
    case 6:
      return roles()
    case 7:
      return [...people(), ...roles()]
    case 8:
      return channels()
    default:
      return component.options ?? []
  }
}

/** `context.use(component, values)` is called with what was picked, once the list is closed. */
export const selectView = (component, context) => {
  const options = optionsOf(component, context)
  const least = component.min_values ?? 1
  const most = Math.min(component.max_values ?? 1, Math.max(options.length, 1))
  let picked = options.filter((option) => option.default).map((option) => option.value)
  const shown = h('span', { class: 'select-shown' })
  const opener = button(
    { class: 'select', disabled: component.disabled, 'aria-haspopup': 'listbox', 'aria-expanded': 'false' },
    shown,
    icon('chevron'),
  )
  const box = h('div', { class: 'select-box' }, opener)

  const show = () => {
    const labels = picked.map((value) => options.find((option) => option.value === value)?.label ?? value)
    fill(
      shown,
      labels.length > 0
        ? labels.join(', ')
        : h('span', { class: 'placeholder' }, component.placeholder ?? 'Make a selection'),
    )
  }
  show()

  let list = null
  const close = (settle) => {
    if (!list) return
    const values = list.values()
    list.element.remove()
    list = null
    opener.setAttribute('aria-expanded', 'false')
    document.removeEventListener('pointerdown', outside, true)
    if (settle && values.length >= least && values.join() !== picked.join()) {
      picked = values
      show()
      context.use(component, values)
    }
  }
  const outside = (event) => !box.contains(event.target) && close(most > 1)
  const open = () => {
    list = optionList(options, picked, most, close)
    opener.setAttribute('aria-expanded', 'true')
    box.append(list.element)
    list.focus()
    document.addEventListener('pointerdown', outside, true)
  }
  opener.addEventListener('click', () => (list ? close(most > 1) : open()))
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !list) return
    event.preventDefault()
    event.stopPropagation()
    // As a click elsewhere does: however the list is closed, what was ticked counts.
    close(most > 1)
    opener.focus()
  })
  return box
}

const optionList = (options, picked, most, close) => {
  const chosen = new Set(picked)
  const rows = options.map((option) => {
    const row = h(
      'div',
      { class: 'option', role: 'option', tabindex: '-1', 'aria-selected': String(chosen.has(option.value)) },
      option.emoji?.name && !option.emoji.id && h('span', { class: 'emoji-text' }, option.emoji.name),
      h(
        'span',
        { class: 'option-text' },
        h('span', {}, option.label),
        option.description && h('small', {}, option.description),
      ),
      icon('check', 18),
    )
    row.addEventListener('click', () => pick(option, row))
    return { row, text: `${option.label} ${option.description ?? ''}`.toLowerCase() }
  })
  const pick = (option, row) => {
    if (most === 1) {
      chosen.clear()
      chosen.add(option.value)
      return close(true)
    }
    if (chosen.has(option.value)) chosen.delete(option.value)
    else if (chosen.size < most) chosen.add(option.value)
    row.setAttribute('aria-selected', String(chosen.has(option.value)))
  }
  const search =
    options.length >= SEARCH_FROM
      ? h('input', { class: 'select-search', placeholder: 'Search', 'aria-label': 'Search' })
      : null
  const items = h(
    'div',
    { class: 'options', role: 'listbox', 'aria-multiselectable': most > 1 ? 'true' : undefined },
    rows.map((each) => each.row),
  )
  const done = most > 1 ? button({ class: 'button primary', onclick: () => close(true) }, 'Done') : null
  const element = h('div', { class: 'select-list' }, search, items, done)
  const visible = () => rows.filter((each) => !each.row.hidden).map((each) => each.row)

  search?.addEventListener('input', () => {
    for (const each of rows) each.row.hidden = !each.text.includes(search.value.trim().toLowerCase())
  })
  element.addEventListener('keydown', (event) => {
    const list = visible()
    const index = list.indexOf(document.activeElement)
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: list.length - 1 }[event.key]
    if (to !== undefined && !(event.target === search && (event.key === 'Home' || event.key === 'End'))) {
      event.preventDefault()
      ;(to < 0 ? (search ?? list[list.length - 1]) : list[to % list.length])?.focus()
    } else if ((event.key === 'Enter' || event.key === ' ') && index >= 0) {
      event.preventDefault()
      list[index].click()
    }
  })
  return {
    element,
    focus: () =>
      (search ?? rows.find((each) => each.row.getAttribute('aria-selected') === 'true')?.row ?? rows[0]?.row)?.focus(),
    values: () => options.map((option) => option.value).filter((value) => chosen.has(value)),
  }
}
