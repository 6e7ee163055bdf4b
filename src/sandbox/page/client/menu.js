/** A small menu beside the button that opened it. Arrow keys move, Escape and a click elsewhere close it. */
import { h } from './dom.js'

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/** `at`: where, if not beside the opener: { left, top, bottom } in the window. */
export const popMenu = (opener, children, at = opener.getBoundingClientRect()) => {
  const menu = h('div', { class: 'menu', role: 'menu' }, children)
  document.body.append(menu)
  opener.setAttribute('aria-expanded', 'true')
  const size = menu.getBoundingClientRect()
  const above = at.bottom + size.height + 8 > innerHeight
  menu.style.setProperty('left', `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`)
  menu.style.setProperty('top', `${above ? Math.max(8, at.top - size.height - 6) : at.bottom + 6}px`)
  const items = [...menu.querySelectorAll('[role^=menuitem]')]
  ;(
    items.find((item) => item.getAttribute('aria-checked') === 'true') ??
    items.find((item) => item.classList.contains('menu-item')) ??
    items[0]
  )?.focus()

  const close = (refocus) => {
    menu.remove()
    opener.setAttribute('aria-expanded', 'false')
    document.removeEventListener('pointerdown', outside, true)
    if (refocus) opener.focus()
  }
  const outside = (event) => !menu.contains(event.target) && close(false)
  document.addEventListener('pointerdown', outside, true)
  menu.addEventListener('click', (event) => event.target.closest('[role^=menuitem]') && close(false))
  menu.addEventListener('keydown', (event) => {
    const index = items.indexOf(document.activeElement)
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      close(true)
    } else if (STEPS[event.key]) {
      event.preventDefault()
      items[(index + STEPS[event.key] + items.length) % items.length]?.focus()
    }
  })
}
