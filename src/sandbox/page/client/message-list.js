/**
 * The messages of the open channel. Only a window of them is held and drawn: at most WINDOW messages around what is being read, more fetched
 * as the reader nears an end, the far end let go. So a channel of ten thousand costs what a channel of two hundred does.
 */
import { api } from './api.js'
import { Dividers } from './dividers.js'
import { button, fill, h } from './dom.js'
import { continues, messageView } from './message.js'
import { isOpen, isOwn } from './message-menu.js'

const PAGE = 50
const WINDOW = 200
const NEAR = 600
const FRAME_MS = 16

export class MessageList {
  #context
  #scroller
  #list
  #present
  #channel = null
  #views = []
  #byId = new Map()
  #atStart = true
  #atEnd = true
  #loading = false
  #generation = 0
  #dividers = new Dividers()
  #pending = []
  #drawing = false
  #greeting

  /** context: that of messageView, and { seen(channelId, messageId), greeting(channel) } */
  constructor(context) {
    this.#context = context
    this.#greeting = h('div', { class: 'greeting' })
    this.#list = h('ol', {
      class: 'messages',
      role: 'log',
      'aria-live': 'polite',
      'aria-relevant': 'additions',
      'aria-label': 'Messages',
    })
    this.#scroller = h(
      'div',
      { class: 'scroller', tabindex: '0', 'aria-label': 'Messages of this channel' },
      this.#greeting,
      this.#list,
    )
    this.#present = button({ class: 'present', hidden: true, onclick: () => this.toPresent() }, '')
    this.element = h('div', { class: 'message-pane' }, this.#scroller, this.#present)
    this.#scroller.addEventListener('keydown', (event) => this.#move(event))
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    context.server.addEventListener('change', () => this.greet())
    new ResizeObserver(() => this.#sticky && this.#toEnd()).observe(this.#list)
    new ResizeObserver(() => this.#sticky && this.#toEnd()).observe(this.#scroller)
  }

  #sticky = true

  /** Shows a channel from its end, or around a message. */
  async open(channel, around) {
    this.#generation += 1
    const generation = this.#generation
    this.#channel = channel
    this.#clear()
    this.#loading = true
    this.element.classList.add('loading')
    const query = { channel: channel.id, user: this.#context.server.me.id, limit: PAGE, ...(around ? { around } : {}) }
    try {
      const page = await api.messages(query)
      if (generation !== this.#generation) return
      const unreadFrom = around ? null : this.#context.unreadFrom(channel)
      this.#dividers.newFrom =
        unreadFrom &&
        page.messages.find(
          (each) => BigInt(each.id) > BigInt(unreadFrom) && each.author.id !== this.#context.server.me.id,
        )?.id
      this.#atStart = page.at_start
      this.#atEnd = page.at_end
      this.#insert(page.messages, 'end')
      // What was said while the page was under way comes on top of it.
      this.#loading = false
      this.#drawPending()
      if (around) this.reveal(around)
      else if (this.#dividers.newFrom)
        this.#views
          .find((view) => view.message.id === this.#dividers.newFrom)
          ?.element.scrollIntoView({ block: 'center' })
      else this.#toEnd()
      this.#sticky = this.#nearEnd()
      this.#markSeen()
    } finally {
      if (generation === this.#generation) {
        this.#loading = false
        this.element.classList.remove('loading')
      }
    }
  }

  get last() {
    return this.#views.at(-1)?.message
  }

  /** The newest message that one can change. */
  get ownLast() {
    return this.#views.findLast(({ message }) => isOwn(message, this.#context.server) && isOpen(message))?.message
  }

  /** Takes in an event about this channel; drawn a frame later, so that a flood costs one drawing a frame. */
  take(event) {
    this.#pending.push(event)
    if (this.#loading || this.#drawing) return
    this.#drawing = true
    // Not an animation frame: a tab in the background gets none, and would hoard events.
    setTimeout(() => {
      this.#drawing = false
      if (!this.#loading) this.#drawPending()
    }, FRAME_MS)
  }

  #drawPending() {
    for (const event of this.#pending.splice(0)) this.#apply(event)
    this.#afterChange()
  }

  /** Puts the reader's eye on a message, fetching its surroundings if it is not at hand. */
  reveal(id) {
    const view = this.#byId.get(id)
    if (!view) return this.open(this.#channel, id)
    view.element.scrollIntoView({ block: 'center' })
    view.element.classList.remove('found')
    void view.element.offsetWidth
    view.element.classList.add('found')
  }

  async toPresent() {
    if (!this.#atEnd) await this.open(this.#channel)
    this.#toEnd()
    this.#sticky = true
    this.#scrolled()
  }

  remove(id) {
    const view = this.#byId.get(id)
    if (!view) return
    this.#drop(view)
    this.#views.splice(this.#views.indexOf(view), 1)
    this.#afterChange()
  }

  #clear() {
    this.#views = []
    this.#byId.clear()
    this.#dividers.clear()
    this.#list.replaceChildren()
    this.#greeting.replaceChildren()
    this.#greeting.dataset.key = ''
    this.#pending = []
    this.#sticky = true
    this.#present.hidden = true
  }

  #apply({ t, d }) {
    if (t === 'MESSAGE_CREATE') {
      if (this.#byId.has(d.id) || !this.#atEnd || this.#context.hidden(d.id)) return
      this.#insert([d], 'end')
      return
    }
    if (t === 'MESSAGE_UPDATE' || t === 'SANDBOX_REACTIONS') {
      const view = this.#byId.get(d.id)
      if (view) view.update({ ...view.message, ...d }, view.element.classList.contains('grouped'))
      return
    }
    for (const id of t === 'MESSAGE_DELETE' ? [d.id] : (d.ids ?? [])) {
      const view = this.#byId.get(id)
      if (!view) continue
      this.#drop(view)
      this.#views.splice(this.#views.indexOf(view), 1)
    }
  }

  /** Draws messages at an end of the window, in their order. */
  #insert(messages, where) {
    const views = messages
      .filter((message) => !this.#byId.has(message.id) && !this.#context.hidden(message.id))
      .map((message) => {
        const view = messageView(message, this.#context)
        this.#byId.set(message.id, view)
        return view
      })
    this.#views = where === 'end' ? [...this.#views, ...views] : [...views, ...this.#views]
    for (const view of views) view.fresh = true
    const elements = views.map((view) => view.element)
    if (where === 'end') this.#list.append(...elements)
    else this.#list.prepend(...elements)
  }

  #drop(view) {
    this.#dividers.remove(view.message.id)
    view.element.remove()
    this.#byId.delete(view.message.id)
  }

  /** Grouping, dividers and the reader's place, once messages have come or gone. */
  #afterChange() {
    if (this.#sticky && this.#atEnd) this.#trim('start')
    let before = null
    for (const view of this.#views) {
      const { message } = view
      const divider = this.#dividers.before(message, before, this.#atStart)
      const grouped = !divider && continues(message, before)
      if (view.fresh || view.element.classList.contains('grouped') !== grouped) view.update(message, grouped)
      view.fresh = false
      this.#dividers.place(view, divider)
      before = message
    }
    this.greet()
    if (this.#sticky) this.#toEnd()
    this.#showPresent()
    this.#markSeen()
  }

  /** The head of the channel, drawn anew only when something about it has changed. */
  greet() {
    if (!this.#channel || !this.#context.server.me) return
    const empty = this.#views.length === 0
    const channel = this.#context.server.channels.get(this.#channel.id) ?? this.#channel
    const commands = this.#context.server.commands.length > 0
    const key = JSON.stringify([
      this.#atStart && !this.#loading,
      channel.id,
      channel.name,
      channel.topic,
      empty,
      empty && commands,
    ])
    if (this.#greeting.dataset.key === key) return
    this.#greeting.dataset.key = key
    fill(this.#greeting, this.#atStart && !this.#loading && this.#context.greeting(channel, empty))
  }

  #trim(from) {
    const extra = this.#views.length - WINDOW
    if (extra <= 0) return
    const gone = from === 'start' ? this.#views.splice(0, extra) : this.#views.splice(-extra)
    for (const view of gone) this.#drop(view)
    if (from === 'start') this.#atStart = false
    else this.#atEnd = false
  }

  #scrolled() {
    this.#sticky = this.#nearEnd()
    this.#showPresent()
    this.#markSeen()
    if (this.#loading || !this.#channel) return
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    if (scrollTop < NEAR && !this.#atStart) this.#more('start')
    else if (scrollHeight - scrollTop - clientHeight < NEAR && !this.#atEnd) this.#more('end')
  }

  async #more(where) {
    this.#loading = true
    const generation = this.#generation
    const edge = (where === 'start' ? this.#views[0] : this.#views.at(-1))?.message.id
    if (!edge) {
      this.#loading = false
      return
    }
    try {
      const query = {
        channel: this.#channel.id,
        user: this.#context.server.me.id,
        limit: PAGE,
        [where === 'start' ? 'before' : 'after']: edge,
      }
      const page = await api.messages(query)
      if (generation !== this.#generation) return
      this.#keepingPlace(() => {
        if (where === 'start') this.#atStart = page.at_start
        else this.#atEnd = page.at_end
        this.#insert(page.messages, where)
        this.#trim(where === 'start' ? 'end' : 'start')
        this.#loading = false
        this.#drawPending()
      })
    } finally {
      if (generation === this.#generation) this.#loading = false
    }
    this.#scrolled()
  }

  /** Changes the list while what the reader looks at stays where it is. */
  #keepingPlace(change) {
    const top = this.#scroller.getBoundingClientRect().top
    const anchor = this.#views.find((view) => view.element.getBoundingClientRect().bottom > top)?.element
    const was = anchor?.getBoundingClientRect().top
    this.#sticky = false
    change()
    if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - was
  }

  /** Arrow keys go from message to message, Enter opens the menu of one. */
  #move(event) {
    const at = document.activeElement
    if (at !== this.#scroller && !at?.classList.contains('message')) return
    if (event.key === 'Enter' || event.key === 'ContextMenu') {
      event.preventDefault()
      at.querySelector('.message-tools button')?.click()
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault()
      const index = this.#views.findIndex((view) => view.element === at)
      const to = index < 0 ? this.#views.length - 1 : index + (event.key === 'ArrowUp' ? -1 : 1)
      const view = this.#views[to]
      view?.element.focus({ preventScroll: true })
      view?.element.scrollIntoView({ block: 'nearest' })
    }
  }

  #nearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    return this.#atEnd && scrollHeight - scrollTop - clientHeight < 60
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  #showPresent() {
    const away =
      !this.#sticky &&
      (!this.#atEnd || this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight > 900)
    this.#present.hidden = !away
    if (away) this.#present.textContent = 'Jump to present ↓'
  }

  #markSeen() {
    if (this.#sticky && this.#atEnd && !document.hidden && this.last) this.#context.seen(this.#channel.id, this.last.id)
  }
}
