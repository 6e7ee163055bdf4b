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
  #rows = new Map()
  #structure = ''
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
    const places = this.#server.listed().map((channel) => {
      const threads = this.#server.threadsOf(channel.id).filter((thread) => this.#shown(thread))
      const shown = this.#expanded.has(channel.id) ? threads : threads.slice(0, THREADS_SHOWN)
      return { channel, shown, more: threads.length - THREADS_SHOWN }
    })
    const structure = JSON.stringify(
      places.map(({ channel, shown, more }) => [channel.id, more, shown.map((each) => each.id)]),
    )
    // Rows stay in place while only their looks change: a row that is taken out and put back swallows the click on it.
    if (structure !== this.#structure) this.#arrange(places)
    this.#structure = structure
    for (const { channel, shown } of places) for (const each of [channel, ...shown]) this.#dress(each)
    this.#drawPerson()
  }

  #arrange(places) {
    const focused = document.activeElement?.dataset?.channel
    const ids = new Set(places.flatMap(({ channel, shown }) => [channel.id, ...shown.map((each) => each.id)]))
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id)
    fill(
      this.#list,
      places.map(({ channel, shown, more }) =>
        h(
          'li',
          {},
          this.#row(channel),
          shown.length > 0 &&
            h(
              'ul',
              { class: 'threads', 'aria-label': `Threads of ${channel.name}` },
              shown.map((thread) => h('li', {}, this.#row(thread))),
              more > 0 &&
                h(
                  'li',
                  {},
                  button(
                    { class: 'more-threads', onclick: () => this.#expand(channel.id) },
                    this.#expanded.has(channel.id) ? 'Show fewer' : `${more} more`,
                  ),
                ),
            ),
        ),
      ),
    )
    if (focused && document.activeElement === document.body) this.#rows.get(focused)?.element.focus()
  }

  /** Threads that are over are found through their channel, except the one being read. */
  #shown(thread) {
    return !thread.thread_metadata?.archived || thread.id === this.#context.current()?.id || this.#live.has(thread.id)
  }

  #expand(id) {
    if (!this.#expanded.delete(id)) this.#expanded.add(id)
    this.draw()
  }

  #row(channel) {
    const known = this.#rows.get(channel.id)
    if (known) return known.element
    const element = h('a', { href: `#/${channel.id}`, 'data-channel': channel.id })
    this.#rows.set(channel.id, { element, looks: '' })
    return element
  }

  #dress(channel) {
    const unread = this.#context.unread()
    const current = this.#context.current()?.id === channel.id
    const isUnread = !current && unread.isUnread(channel)
    const mentions = current ? 0 : unread.mentions(channel.id)
    const live = this.#live.has(channel.id)
    const archived = !!channel.thread_metadata?.archived
    const row = this.#rows.get(channel.id)
    const looks = JSON.stringify([channel.name, channel.type, current, isUnread, mentions, live, archived])
    if (row.looks === looks) return
    row.looks = looks
    const { element } = row
    element.className = ['channel', current && 'current', isUnread && 'unread', archived && 'archived']
      .filter(Boolean)
      .join(' ')
    element.title = channel.name
    if (current) element.setAttribute('aria-current', 'page')
    else element.removeAttribute('aria-current')
    fill(
      element,
      !this.#server.isThread(channel) && icon(ICONS[channel.type] ?? 'hash', 20),
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
