/** The line above the messages: where one is. */
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'

const ICONS = { 0: 'hash', 5: 'megaphone', 15: 'forum', 10: 'thread', 11: 'thread', 12: 'thread' }

export class Topbar {
  #server
  #place = h('div', { class: 'place' })
  #state = h('span', { class: 'connection', role: 'status' })
  #current = null

  /** context: { server, toggleSidebar(), popMenu(opener, children), startThread(channel) } */
  constructor(context) {
    this.#server = context.server
    const open = button(
      {
        class: 'icon-button menu-button',
        'aria-label': 'Channels',
        'aria-controls': 'sidebar',
        onclick: context.toggleSidebar,
      },
      icon('menu', 24),
    )
    this.threads = button(
      {
        class: 'icon-button',
        'aria-label': 'Threads of this channel',
        title: 'Threads',
        'aria-haspopup': 'menu',
        onclick: (event) => this.#threadMenu(event.currentTarget, context),
      },
      icon('thread', 22),
    )
    this.element = h('header', { class: 'topbar' }, open, this.#place, this.#state, this.threads)
    this.#server.addEventListener('change', () => this.#draw())
  }

  show(channel) {
    this.#current = channel.id
    this.#draw()
  }

  connected(yes) {
    this.#state.textContent = yes ? '' : 'Reconnecting…'
  }

  #draw() {
    const channel = this.#server.channels.get(this.#current)
    if (!channel) return
    const parent = this.#server.isThread(channel) ? this.#server.channels.get(channel.parent_id) : null
    const state = channel.thread_metadata
    const key = JSON.stringify([channel.name, channel.topic, parent?.name, state?.archived, state?.locked])
    if (this.#place.dataset.key === key && this.#place.dataset.id === channel.id) return
    Object.assign(this.#place.dataset, { key, id: channel.id })
    document.title = `${parent ? '' : '#'}${channel.name} | ${this.#server.guild.name}`
    fill(
      this.#place,
      parent &&
        h(
          'a',
          { class: 'place-parent', href: `#/${parent.id}`, 'data-channel': parent.id },
          icon(ICONS[parent.type] ?? 'hash', 20),
          h('span', {}, parent.name),
        ),
      parent && h('span', { class: 'place-step', 'aria-hidden': 'true' }, '›'),
      icon(ICONS[channel.type] ?? 'hash', 22),
      h('h1', {}, channel.name),
      state?.locked && h('span', { class: 'place-tag' }, icon('lock', 14), 'locked'),
      state?.archived && h('span', { class: 'place-tag' }, 'archived'),
      channel.topic && h('span', { class: 'topic', title: channel.topic }, channel.topic),
    )
  }

  #threadMenu(opener, context) {
    const channel = this.#server.channels.get(this.#current)
    const threads = this.#server.threadsOf(this.#server.isThread(channel) ? channel.parent_id : channel.id).slice(0, 50)
    const rows = threads.map((thread) =>
      h(
        'a',
        { class: 'menu-item', role: 'menuitem', href: `#/${thread.id}`, 'data-channel': thread.id },
        icon('thread', 16),
        h('span', {}, thread.name),
        thread.thread_metadata?.archived && h('small', {}, 'archived'),
      ),
    )
    const place = this.#server.isThread(channel) ? this.#server.channels.get(channel.parent_id) : channel
    const start = button(
      { class: 'menu-item', role: 'menuitem', onclick: () => context.startThread(place) },
      icon('thread', 16),
      h('span', {}, place.type === 15 ? 'New post' : 'New thread'),
    )
    context.popMenu(opener, [
      start,
      h('div', { class: 'menu-title' }, threads.length > 0 ? 'Threads' : 'No threads here yet'),
      rows,
    ])
  }
}
