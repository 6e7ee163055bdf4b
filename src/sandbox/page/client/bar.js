/**
 * The bar at the bottom: plain words are said, a slash begins a command. It is a plain text field with a picture of the same text behind
 * it, in which the values of options stand on pills.
 */
import { api } from './api.js'
import { button, fill, h } from './dom.js'
import { FileTray } from './file-tray.js'
import { icon } from './icons.js'
import { mentionSuggestions, named, withIds } from './mentions.js'
import { drawHints, pills } from './pills.js'
import { suggestions, understand } from './suggest.js'
import { SuggestionList } from './suggestion-list.js'

const PAUSE = 70
/** ms; a notice lives ten seconds. https://docs.discord.com/developers/resources/channel#trigger-typing-indicator */
const TYPING_EVERY = 8000
const REMEMBERED = 50

export class Bar {
  #context
  #field = h('textarea', {
    class: 'bar-field',
    rows: '1',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-label': 'Message or command',
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': 'suggestions',
    'aria-autocomplete': 'list',
  })
  #mirror = h('div', { class: 'bar-mirror', 'aria-hidden': 'true' })
  #hints = h('div', { class: 'hints', hidden: true })
  #notice = h('div', { class: 'notice', role: 'alert', hidden: true })
  #replyRow = h('div', { class: 'bar-reply', hidden: true })
  #tray = new FileTray()
  #list = new SuggestionList(this.#field, (item) => this.#accept(item))
  #answered = null
  /** the own message whose words are being changed */
  #edited = null
  #toldTyping = 0
  #asked = 0
  #timer = 0
  /** Tab was pressed before the list for the newest text had come: its first row is taken when it does */
  #awaited = false
  #history = []
  #recalled = -1

  /** context: { server, channel(), modal(modal), sent(), ownLast() } */
  constructor(context) {
    this.#context = context
    const attach = { class: 'icon-button bar-plus', 'aria-label': 'Attach a file', title: 'Attach a file' }
    const send = { class: 'icon-button bar-send', 'aria-label': 'Send' }
    const row = h(
      'div',
      { class: 'bar-row' },
      button({ ...attach, onclick: () => this.#tray.choose() }, icon('plus', 22)),
      h('div', { class: 'bar-text' }, this.#mirror, this.#field),
      button({ ...send, onclick: () => this.#send() }, icon('send', 22)),
    )
    const box = h('div', { class: 'bar-box' }, this.#replyRow, this.#hints, this.#tray.element, row)
    this.element = h('div', { class: 'bar' }, this.#notice, this.#list.element, box)
    const on = (name, listener) => this.#field.addEventListener(name, listener)
    on('input', () => this.#typed())
    on('keydown', (event) => this.#key(event))
    on('click', () => this.#refresh())
    on('focus', () => this.#refresh())
    on('blur', () => this.#hide())
    on('scroll', () => {
      this.#mirror.scrollTop = this.#field.scrollTop
    })
    on('paste', (event) => {
      if (event.clipboardData.files.length === 0) return
      event.preventDefault()
      this.#tray.add([...event.clipboardData.files])
    })
  }

  focus() {
    this.#field.focus({ preventScroll: true })
  }

  /** Puts a text into the bar, as if it had been typed. */
  put(text) {
    this.#field.value = text
    this.#field.setSelectionRange(text.length, text.length)
    this.focus()
    this.#typed()
  }

  /** Fits the bar to the open channel. */
  placed(placeholder, closed) {
    this.#field.placeholder = placeholder
    this.#field.disabled = closed
    this.element.classList.toggle('closed', closed)
    this.say(null)
    this.answer(null)
    this.#hide()
    if (matchMedia('(pointer: fine)').matches && !closed) this.focus()
  }

  /** The next words answer this message; null: nobody's. */
  answer(message) {
    if (this.#edited) this.edit(null)
    this.#answered = message
    this.#replyRow.hidden = !message
    if (!message) return
    const cancel = { class: 'icon-button', 'aria-label': 'Do not reply', onclick: () => this.answer(null) }
    const name = this.#context.server.nameOfUser(message.author)
    fill(this.#replyRow, 'Replying to ', h('b', {}, name), button(cancel, icon('close', 16)))
    this.focus()
  }

  /** The next words take the place of those of one's own message; null: they are said anew. */
  edit(message) {
    if (message) this.answer(null)
    const begun = this.#edited !== null
    this.#edited = message
    if (!message) {
      this.#replyRow.hidden = true
      if (begun) this.put('')
      return
    }
    const cancel = { class: 'icon-button', 'aria-label': 'Do not edit', onclick: () => this.edit(null) }
    this.#replyRow.hidden = false
    fill(this.#replyRow, 'Editing your message', button(cancel, icon('close', 16)))
    this.put(named(message.content, this.#context.server))
    this.#hide()
  }

  /** Tells the person why something did not work; null takes it back. */
  say(text) {
    this.#notice.hidden = !text
    const dismiss = { class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => this.say(null) }
    fill(this.#notice, text, text && button(dismiss, icon('close', 16)))
  }

  #typed() {
    this.#recalled = -1
    this.#awaited = false
    this.say(null)
    this.#draw()
    this.#refresh()
    this.#tellTyping()
  }

  /** Others see who is typing words, for about as long as they see it of one notice. */
  #tellTyping() {
    const { value } = this.#field
    const channel = this.#context.channel()
    if (!value || value.startsWith('/') || this.#edited || !channel || Date.now() - this.#toldTyping < TYPING_EVERY)
      return
    this.#toldTyping = Date.now()
    api.typing(channel.id, this.#context.server.me.username).catch(() => {})
  }

  #understood(caret = this.#field.selectionStart) {
    return understand(this.#field.value, caret, this.#context.server)
  }

  #draw() {
    const { style, value } = this.#field
    style.setProperty('height', 'auto')
    style.setProperty('height', `${Math.min(this.#field.scrollHeight, innerHeight * 0.4)}px`)
    const line = this.#understood(Number.POSITIVE_INFINITY)
    // The last character keeps the height of a line that ends with a break.
    fill(this.#mirror, line ? pills(value, line) : value, '\u200b')
    this.#mirror.scrollTop = this.#field.scrollTop
    this.element.classList.toggle('has-text', value.trim() !== '')
  }

  #refresh() {
    clearTimeout(this.#timer)
    this.#asked += 1
    const asked = this.#asked
    const { server } = this.#context
    const { value, selectionStart: caret, selectionEnd } = this.#field
    const line = this.#understood()
    drawHints(this.#hints, line, (option) => this.#goTo(option, line))
    if (caret !== selectionEnd || document.activeElement !== this.#field) return this.#hide()
    if (!value.startsWith('/')) return this.#list.show(mentionSuggestions(value, caret, server))
    const ask = async () => {
      const found = await suggestions(value, caret, { server, channel: this.#context.channel() }).catch(() => null)
      if (asked !== this.#asked) return
      this.#list.show(found)
      if (this.#awaited && this.#list.active) this.#accept(this.#list.active)
    }
    // Names are at hand at once; values are asked for when the typing pauses.
    if (line) this.#timer = setTimeout(ask, PAUSE)
    else ask()
  }

  #hide() {
    this.#asked += 1
    this.#list.hide()
  }

  /** To an option: to its value if it has one, else it is added at the end. */
  #goTo(option, line) {
    const value = line.values.find((each) => each.option === option)
    if (!value) return this.put(`${this.#field.value.trimEnd()} ${option.name}:`)
    this.focus()
    this.#field.setSelectionRange(value.valueFrom, value.valueFrom + value.value.length)
  }

  #accept(item) {
    const { from, to, text } = item.insert
    const { value } = this.#field
    this.#field.value = value.slice(0, from) + text + value.slice(to).replace(/^\s+/, '')
    this.#field.setSelectionRange(from + text.length, from + text.length)
    this.focus()
    this.#typed()
  }

  #key(event) {
    if (event.isComposing) return
    const item = this.#list.active
    const act = (work) => {
      event.preventDefault()
      event.stopPropagation()
      work()
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1
      if (event.altKey) return
      if (item) act(() => this.#list.move(step))
      else if (step < 0 && this.#ownToEdit) act(() => this.edit(this.#ownToEdit))
      else if (this.#field.value === '' || this.#recalled >= 0) act(() => this.#recall(-step))
    } else if (event.key === 'Tab' && !event.shiftKey) {
      if (item) act(() => this.#accept(item))
      else if (this.#understood()?.typing.value) act(() => (this.#awaited = true))
    } else if (event.key === 'Escape') {
      if (!this.#list.hidden) act(() => this.#hide())
      else if (this.#answered) act(() => this.answer(null))
      else if (this.#edited) act(() => this.edit(null))
    } else if (event.key === 'Enter' && !event.shiftKey) {
      act(() => (item && this.#takes(item) ? this.#accept(item) : this.#send()))
    }
  }

  /** Whether Enter completes: a name that is still being typed, or a row chosen on purpose. A line typed straight through is sent. */
  #takes(item) {
    const naming = this.#field.value.startsWith('/') && !this.#understood()
    return this.#list.chosen || (naming && !item.complete)
  }

  /** What one said last, for an empty line that awaits nothing else; after a command the arrow recalls that instead. */
  get #ownToEdit() {
    const awaits = this.#field.value !== '' || this.#answered || this.#edited || this.#tray.files.length > 0
    return awaits || this.#history[0]?.startsWith('/') ? undefined : this.#context.ownLast()
  }

  #recall(step) {
    const at = Math.min(Math.max(this.#recalled + step, -1), this.#history.length - 1)
    const text = at < 0 ? '' : this.#history[at]
    this.#field.value = text
    this.#field.setSelectionRange(text.length, text.length)
    this.#typed()
    this.#hide()
    this.#recalled = at
  }

  async #send() {
    const text = this.#field.value.trim()
    const channel = this.#context.channel()
    const answered = this.#answered
    const edited = this.#edited
    const files = this.#tray.take()
    if ((!text && files.length === 0) || !channel) return
    if (text) this.#history = [text, ...this.#history.filter((each) => each !== text)].slice(0, REMEMBERED)
    this.#field.value = ''
    this.answer(null)
    this.#toldTyping = 0
    this.#typed()
    this.#hide()
    try {
      await this.#deliver(text, channel, files, { answered, edited })
      if (!edited) this.#context.sent()
    } catch (error) {
      // What could not be sent comes back, unless something new has been begun.
      if (this.#field.value === '' && this.#context.channel() === channel) {
        this.#field.value = text
        this.#tray.putBack(files)
        if (edited) this.edit(edited)
        else this.answer(answered)
        this.#field.value = text
        this.#typed()
        this.#hide()
      }
      this.say(error.message)
    }
  }

  async #deliver(text, channel, files, { answered, edited }) {
    const { server, modal } = this.#context
    const user = server.me.username
    const attachments = files.length > 0 ? { attachments: files } : {}
    if (edited) return api.edit(edited, { content: withIds(text, server), user })
    if (text.startsWith('/')) {
      const done = await api.command({ text, channel: channel.id, user, ...attachments })
      if (done?.modal) modal(done.modal)
      return
    }
    const reply = answered ? { reply_to: answered.id } : {}
    await api.say(channel.id, { content: withIds(text, server), user, ...attachments, ...reply })
  }
}
