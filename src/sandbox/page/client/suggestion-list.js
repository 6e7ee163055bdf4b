/** The list above the bar. The field keeps the focus; the list tells it which row is meant. */
import { fill, h } from './dom.js'

export class SuggestionList {
  #field
  #pick
  #items = []
  #active = -1
  #text = null
  /** whether a row was chosen on purpose, so that Enter takes it instead of sending the line */
  chosen = false

  /** `pick(item)` is called for a row that was clicked. */
  constructor(field, pick) {
    this.#field = field
    this.#pick = pick
    this.element = h('div', {
      class: 'suggestions',
      id: 'suggestions',
      role: 'listbox',
      'aria-label': 'Suggestions',
      hidden: true,
    })
    // A press must not take the focus from the field.
    this.element.addEventListener('pointerdown', (event) => event.preventDefault())
  }

  get hidden() {
    return this.element.hidden
  }

  /** The row meant now, if the list is for the text that stands in the field. */
  get active() {
    return this.#text === this.#field.value ? this.#items[this.#active] : undefined
  }

  show(found) {
    if (!found) return this.hide()
    this.#items = found.items
    this.#text = this.#field.value
    this.#active = found.items.length > 0 ? 0 : -1
    // The list behind an @ is there to choose from.
    this.chosen = found.choosing ?? false
    const rows = found.items.map((item, index) =>
      h(
        'div',
        { class: 'suggestion', role: 'option', id: `suggestion-${index}`, onclick: () => this.#pick(item) },
        h('span', { class: 'suggestion-label' }, item.label),
        item.detail && h('span', { class: 'suggestion-detail' }, item.detail),
      ),
    )
    fill(this.element, h('div', { class: 'suggestions-title' }, found.title), rows)
    this.element.hidden = false
    this.element.scrollTop = 0
    this.#field.setAttribute('aria-expanded', String(rows.length > 0))
    this.#mark()
  }

  hide() {
    this.#items = []
    this.#active = -1
    this.#text = null
    this.chosen = false
    this.element.hidden = true
    this.#field.setAttribute('aria-expanded', 'false')
    this.#field.removeAttribute('aria-activedescendant')
  }

  move(step) {
    this.#active = (this.#active + step + this.#items.length) % this.#items.length
    this.chosen = true
    this.#mark()
  }

  #mark() {
    const rows = this.element.querySelectorAll('.suggestion')
    rows.forEach((row, index) => {
      row.setAttribute('aria-selected', String(index === this.#active))
    })
    const row = rows[this.#active]
    if (!row) return
    row.scrollIntoView({ block: 'nearest' })
    this.#field.setAttribute('aria-activedescendant', row.id)
  }
}
