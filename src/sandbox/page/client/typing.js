/** Who is typing in the open channel. A notice lives ten seconds, or until its author speaks. https://docs.discord.com/developers/resources/channel#trigger-typing-indicator */
import { fill, h } from './dom.js'

const LIFE = 10_000

export class Typing {
  #server
  #people = new Map()
  #channel = null
  element = h('div', { class: 'typing', 'aria-live': 'polite' })

  constructor(server) {
    this.#server = server
  }

  open(channelId) {
    this.#channel = channelId
    this.#draw()
  }

  started(channelId, userId) {
    const key = `${channelId}:${userId}`
    clearTimeout(this.#people.get(key)?.timer)
    const timer = setTimeout(() => this.ended(channelId, userId), LIFE)
    this.#people.set(key, { channelId, userId, timer })
    this.#draw()
  }

  ended(channelId, userId) {
    const key = `${channelId}:${userId}`
    clearTimeout(this.#people.get(key)?.timer)
    if (this.#people.delete(key)) this.#draw()
  }

  #draw() {
    const names = [...this.#people.values()]
      .filter((each) => each.channelId === this.#channel && each.userId !== this.#server.me?.id)
      .map((each) => this.#server.names.user(each.userId) ?? 'Somebody')
    if (names.length === 0) return fill(this.element)
    const who = names.length > 3 ? 'Several people' : names.join(', ')
    fill(
      this.element,
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      h('b', {}, who),
      names.length > 1 ? ' are typing…' : ' is typing…',
    )
  }
}
