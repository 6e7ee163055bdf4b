/** Channels with their threads, and at the foot the person who speaks. */
import { avatar } from './avatar.js'
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'

const THREADS_SHOWN = 12
const LIVE_FOR = 6000
const ICONS = { 0: 'hash', 5: 'megaphone', 15: 'forum' }

export class Sidebar {
  #context
  #server
  #list
  #person
  #live = new Map()
  #expanded = new Set()
  #frame = 0

  /** context: { server, unread(), current(), speakAs(user) } */
  constructor(context) {
    this.#context = context
    this.#server = context.server
    this.#list = h('ul', { class: 'channels' })
    this.#person = h('div', { class: 'person' })
    this.#title = h('span', {})
    this.element = h(
      'aside',
      { class: 'sidebar', id: 'sidebar', 'aria-label': 'Channels' },
      h('div', { class: 'server-name' }, this.#title),
      h('nav', { class: 'channel-scroll', 'aria-label': 'Channels and threads' }, this.#list),
      this.#person,
    )
    this.#server.addEventListener('change', () => this.draw())
    this.#list.addEventListener('keydown', (event) => this.#move(event))
  }

  #title

  draw() {
    if (this.#frame) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  /** Somebody is speaking there: a dot beats for a few seconds. */
  touch(channelId) {
    clearTimeout(this.#live.get(channelId))
    const fresh = !this.#live.has(channelId)
    const end = () => {
      this.#live.delete(channelId)
      this.draw()
    }
    this.#live.set(channelId, setTimeout(end, LIVE_FOR))
    if (fresh) this.draw()
  }

  /** Opens the next or previous place of the list. */
  step(by) {
    const rows = [...this.#list.querySelectorAll('a.channel')]
    const index = rows.findIndex((row) => row.classList.contains('current'))
    rows[(index + by + rows.length) % rows.length]?.click()
  }

  #draw() {
    if (!this.#server.me) return
    this.#title.textContent = this.#server.guild.name
    const focused = document.activeElement?.dataset?.channel
    const scroll = this.#list.parentElement.scrollTop
    fill(
      this.#list,
      this.#server.listed().map((channel) => this.#channel(channel)),
    )
    this.#list.parentElement.scrollTop = scroll
    if (focused && this.#list.contains(document.activeElement) === false && document.activeElement === document.body)
      this.#list.querySelector(`a[data-channel="${focused}"]`)?.focus()
    this.#drawPerson()
  }

  #channel(channel) {
    const threads = this.#server.threadsOf(channel.id).filter((thread) => this.#shown(thread))
    const all = this.#expanded.has(channel.id)
    const more = threads.length - THREADS_SHOWN
    return h(
      'li',
      {},
      this.#row(channel, icon(ICONS[channel.type] ?? 'hash', 20)),
      threads.length > 0 &&
        h(
          'ul',
          { class: 'threads', 'aria-label': `Threads of ${channel.name}` },
          threads.slice(0, all ? undefined : THREADS_SHOWN).map((thread) => h('li', {}, this.#row(thread))),
          more > 0 &&
            h(
              'li',
              {},
              button(
                { class: 'more-threads', onclick: () => this.#expand(channel.id) },
                all ? 'Show fewer' : `${more} more`,
              ),
            ),
        ),
    )
  }

  /** Threads that are over are found through their channel, except the one being read. */
  #shown(thread) {
    return !thread.thread_metadata?.archived || thread.id === this.#context.current()?.id || this.#live.has(thread.id)
  }

  #expand(id) {
    if (!this.#expanded.delete(id)) this.#expanded.add(id)
    this.draw()
  }

  #row(channel, drawing) {
    const unread = this.#context.unread()
    const current = this.#context.current()?.id === channel.id
    const isUnread = !current && unread.isUnread(channel)
    const mentions = current ? 0 : unread.mentions(channel.id)
    const live = this.#live.has(channel.id)
    return h(
      'a',
      {
        class: `channel${current ? ' current' : ''}${isUnread ? ' unread' : ''}${channel.thread_metadata?.archived ? ' archived' : ''}`,
        href: `#/${channel.id}`,
        'data-channel': channel.id,
        'aria-current': current ? 'page' : undefined,
        title: channel.name,
      },
      drawing,
      h('span', { class: 'channel-name' }, channel.name),
      isUnread && h('span', { class: 'visually-hidden' }, '(unread)'),
      live &&
        h(
          'span',
          { class: 'live', title: 'Somebody is speaking here' },
          h('span', { class: 'visually-hidden' }, '(live)'),
        ),
      mentions > 0 && h('span', { class: 'badge', 'aria-label': `${mentions} mentions` }, String(mentions)),
    )
  }

  #move(event) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const rows = [...this.#list.querySelectorAll('a.channel')]
    const next = rows[rows.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)]
    if (!next) return
    event.preventDefault()
    next.focus()
  }

  #drawPerson() {
    const { me } = this.#server
    if (this.#person.dataset.id === me.id) return
    this.#person.dataset.id = me.id
    const opener = button(
      { class: 'person-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', title: 'Speak as somebody else' },
      avatar(this.#server.nameOfUser(me), me.avatar_url, 32),
      h('span', { class: 'person-names' }, h('b', {}, this.#server.nameOfUser(me)), h('small', {}, 'You speak as')),
      icon('people', 20),
    )
    opener.addEventListener('click', () => this.#choosePerson(opener))
    fill(this.#person, opener)
  }

  #choosePerson(opener) {
    const items = this.#server.people.map((user) =>
      button(
        {
          class: 'menu-item',
          role: 'menuitemradio',
          'aria-checked': String(user.id === this.#server.me.id),
          onclick: () => this.#context.speakAs(user),
        },
        avatar(this.#server.nameOfUser(user), user.avatar_url, 24),
        h('span', {}, this.#server.nameOfUser(user)),
        h('small', {}, user.id === this.#server.guild.owner_id ? 'owner' : user.username),
      ),
    )
    this.#context.popMenu(opener, [h('div', { class: 'menu-title' }, 'Speak as'), items])
  }
}
