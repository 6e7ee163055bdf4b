/** Ctrl+K: to any channel or thread by a few letters of its name. */
import { fill, h } from './dom.js'
import { icon } from './icons.js'

const SHOWN = 12

export const openSwitcher = (server) => {
  if (document.querySelector('dialog[open]')) return
  const opener = document.activeElement
  const field = h('input', {
    class: 'switcher-field',
    placeholder: 'Where to?',
    'aria-label': 'Channel or thread',
    role: 'combobox',
    'aria-controls': 'places',
    'aria-expanded': 'true',
  })
  const list = h('div', { class: 'switcher-list', id: 'places', role: 'listbox' })
  const dialog = h('dialog', { class: 'modal switcher', 'aria-label': 'Go to a channel' }, field, list)
  let places = []
  let active = 0

  const go = (place) => {
    dialog.close()
    if (place) location.hash = `#/${place.id}`
  }
  const draw = () => {
    const wanted = field.value.trim().toLowerCase()
    places = [...server.channels.values()]
      .filter((channel) => channel.type !== 4 && channel.name?.toLowerCase().includes(wanted))
      .sort((a, b) => rank(a, wanted) - rank(b, wanted))
      .slice(0, SHOWN)
    active = Math.min(active, Math.max(places.length - 1, 0))
    fill(
      list,
      places.length === 0 && h('p', { class: 'switcher-none' }, 'Nothing here is called that.'),
      places.map((place, index) => {
        const parent = server.isThread(place) ? server.channels.get(place.parent_id)?.name : ''
        const props = {
          class: 'suggestion',
          role: 'option',
          id: `place-${index}`,
          'aria-selected': String(index === active),
          onclick: () => go(place),
        }
        return h(
          'div',
          props,
          icon(parent ? 'thread' : place.type === 15 ? 'forum' : 'hash', 18),
          h('span', { class: 'suggestion-label' }, place.name),
          h('span', { class: 'suggestion-detail' }, parent),
        )
      }),
    )
    field.setAttribute('aria-activedescendant', `place-${active}`)
  }
  field.addEventListener('input', () => {
    active = 0
    draw()
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      go(places[active])
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + places.length) % Math.max(places.length, 1)
      draw()
    }
  })
  dialog.addEventListener('pointerdown', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    opener?.focus?.()
  })
  document.body.append(dialog)
  dialog.showModal()
  draw()
  field.focus()
}

const rank = (channel, wanted) =>
  (channel.name.toLowerCase().startsWith(wanted) ? 0 : 1) + (channel.thread_metadata?.archived ? 2 : 0)
