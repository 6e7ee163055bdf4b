/** Lines between messages: where a day begins, and where what is new begins. */
import { h } from './dom.js'
import { dayOf } from './time.js'

const dayKey = (message) => new Date(message.timestamp).toDateString()

export class Dividers {
  #lines = new Map()
  /** id of the first message that the reader has not seen */
  newFrom = null

  clear() {
    this.#lines.clear()
    this.newFrom = null
  }

  /** What stands before a message: '' for nothing. `first`: whether a message without one before it is the channel's first. */
  before(message, previous, first) {
    const newDay = previous ? dayKey(previous) !== dayKey(message) : first
    const fresh = message.id === this.newFrom
    return newDay || fresh ? `${newDay ? dayOf(new Date(message.timestamp)) : ''}|${fresh ? 'NEW' : ''}` : ''
  }

  place(view, key) {
    const old = this.#lines.get(view.message.id)
    if ((old?.dataset.key ?? '') === key) return
    this.remove(view.message.id)
    if (!key) return
    const [day, fresh] = key.split('|')
    const props = { class: `divider${fresh ? ' fresh' : ''}`, role: 'separator', 'data-key': key }
    const line = h('li', props, day && h('span', {}, day), fresh && h('b', {}, fresh))
    view.element.before(line)
    this.#lines.set(view.message.id, line)
  }

  remove(messageId) {
    this.#lines.get(messageId)?.remove()
    this.#lines.delete(messageId)
  }
}
