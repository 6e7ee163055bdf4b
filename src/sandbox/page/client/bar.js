/**
 * The bar at the bottom: plain words are said, a slash begins a command. It is a plain text field with a picture of the same text behind
 * it, in which the values of options stand on pills.
 */
import { api } from './api.js'
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'
import { mentionSuggestions, withIds } from './mentions.js'
import { suggestions, understand } from './suggest.js'

const WAIT = 70

export class Bar {
  #context
  #field
  #mirror
  #list
  #hints
  #notice
  #items = []
  #active = -1
  #moved = false
  #asked = 0
  #timer = 0
  #history = []
  #recalled = -1
  #files = []
  #fileRow
  #answered = null
  #replyRow
  #picker

  /** context: { server, channel(), modal(modal), sent() } */
  constructor(context) {
    this.#context = context
    this.#field = h('textarea', {
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
    this.#mirror = h('div', { class: 'bar-mirror', 'aria-hidden': 'true' })
    this.#list = h('div', {
      class: 'suggestions',
      id: 'suggestions',
      role: 'listbox',
      'aria-label': 'Suggestions',
      hidden: true,
    })
    this.#hints = h('div', { class: 'hints', hidden: true })
    this.#notice = h('div', { class: 'notice', role: 'alert', hidden: true })
    this.#replyRow = h('div', { class: 'bar-reply', hidden: true })
    this.#fileRow = h('div', { class: 'bar-files', hidden: true })
    this.#picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: '-1' })
    this.element = h(
      'div',
      { class: 'bar' },
      this.#notice,
      this.#list,
      h(
        'div',
        { class: 'bar-box' },
        this.#replyRow,
        this.#hints,
        this.#fileRow,
        h(
          'div',
          { class: 'bar-row' },
          button(
            {
              class: 'icon-button bar-plus',
              'aria-label': 'Attach a file',
              title: 'Attach a file',
              onclick: () => this.#picker.click(),
            },
            icon('plus', 22),
          ),
          h('div', { class: 'bar-text' }, this.#mirror, this.#field),
          button(
            { class: 'icon-button bar-send', 'aria-label': 'Send', onclick: () => this.#send() },
            icon('send', 22),
          ),
        ),
        this.#picker,
      ),
    )
    this.#field.addEventListener('input', () => this.#typed())
    this.#field.addEventListener('keydown', (event) => this.#key(event))
    this.#field.addEventListener('click', () => this.#refresh())
    this.#field.addEventListener('blur', () => this.#hide())
    this.#field.addEventListener('focus', () => this.#refresh())
    this.#field.addEventListener('scroll', () => {
      this.#mirror.scrollTop = this.#field.scrollTop
    })
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault())
    this.#picker.addEventListener('change', () => this.#attach([...this.#picker.files]))
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
    this.#say(null)
    this.answer(null)
    this.#hide()
    if (matchMedia('(pointer: fine)').matches && !closed) this.focus()
  }

  /** The next words answer this message; null: nobody's. */
  answer(message) {
    this.#answered = message
    this.#replyRow.hidden = !message
    if (!message) return
    fill(
      this.#replyRow,
      'Replying to ',
      h('b', {}, this.#context.server.nameOfUser(message.author)),
      button(
        { class: 'icon-button', 'aria-label': 'Do not reply', onclick: () => this.answer(null) },
        icon('close', 16),
      ),
    )
    this.focus()
  }

  say(text) {
    this.#say(text)
  }

  #say(text) {
    this.#notice.hidden = !text
    fill(
      this.#notice,
      text,
      text &&
        button({ class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => this.#say(null) }, icon('close', 16)),
    )
  }

  #typed() {
    this.#say(null)
    this.#draw()
    this.#refresh()
  }

  #draw() {
    const field = this.#field
    field.style.setProperty('height', 'auto')
    field.style.setProperty('height', `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`)
    const line = understand(field.value, Number.POSITIVE_INFINITY, this.#context.server)
    fill(this.#mirror, line ? this.#pills(field.value, line) : field.value, '\u200b')
    this.#mirror.scrollTop = field.scrollTop
    this.element.classList.toggle('has-text', field.value.trim() !== '')
  }

  #pills(text, line) {
    const nodes = [h('span', { class: 'pill-command' }, text.slice(0, line.end))]
    let at = line.end
    for (const value of line.values) {
      nodes.push(text.slice(at, value.from))
      const shown = text.slice(value.from, value.to)
      const end = value.from + shown.trimEnd().length
      const name = text.slice(value.from, value.valueFrom)
      nodes.push(
        h(
          'span',
          { class: `pill${value.option ? '' : ' stray'}` },
          name && h('span', { class: 'pill-name' }, name),
          text.slice(value.valueFrom, end),
        ),
      )
      at = Math.max(end, value.valueFrom)
    }
    nodes.push(text.slice(at))
    return nodes
  }

  #refresh() {
    clearTimeout(this.#timer)
    this.#asked += 1
    const asked = this.#asked
    const { value, selectionStart, selectionEnd } = this.#field
    this.#drawHints()
    if (selectionStart !== selectionEnd || document.activeElement !== this.#field) return this.#hide()
    if (!value.startsWith('/')) return this.#show(mentionSuggestions(value, selectionStart, this.#context.server))
    const ask = async () => {
      const found = await suggestions(value, selectionStart, {
        server: this.#context.server,
        channel: this.#context.channel(),
      }).catch(() => null)
      if (asked === this.#asked) this.#show(found)
    }
    // Names are at hand at once; values are asked for when the typing pauses.
    if (understand(value, selectionStart, this.#context.server)) this.#timer = setTimeout(ask, WAIT)
    else ask()
  }

  #drawHints() {
    const { value, selectionStart } = this.#field
    const line = understand(value, Math.max(selectionStart, 0), this.#context.server)
    this.#hints.hidden = !line || line.command.options.length === 0
    if (this.#hints.hidden) return
    const current = line.typing.value?.option ?? line.typing.next
    const filled = new Map(line.values.filter((each) => each.option).map((each) => [each.option.name, each.value]))
    const hints = line.command.options.map((option) => {
      const state = option === current ? ' current' : filled.has(option.name) ? ' filled' : ''
      return button(
        {
          class: `hint${state}${option.required ? ' required' : ''}`,
          title: option.description,
          tabindex: '-1',
          onpointerdown: (event) => event.preventDefault(),
          onclick: () => this.#goTo(option, line),
        },
        option.name,
      )
    })
    fill(this.#hints, hints)
    this.#hints.querySelector('.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  /** To an option: to its value if it has one, else it is added at the end. */
  #goTo(option, line) {
    const value = line.values.find((each) => each.option === option)
    if (!value) return this.put(`${this.#field.value.trimEnd()} ${option.name}:`)
    this.focus()
    this.#field.setSelectionRange(value.valueFrom, value.valueFrom + value.value.length)
  }

  #show(found) {
    this.#items = found?.items ?? []
    this.#active = this.#items.length > 0 ? 0 : -1
    // The list behind an @ is there to choose from: Enter takes its first row.
    this.#moved = found?.choosing ?? false
    if (!found || (this.#items.length === 0 && !found.title)) return this.#hide()
    const rows = this.#items.map((item, index) =>
      h(
        'div',
        { class: 'suggestion', role: 'option', id: `suggestion-${index}`, onclick: () => this.#accept(index) },
        h('span', { class: 'suggestion-label' }, item.label),
        item.detail && h('span', { class: 'suggestion-detail' }, item.detail),
      ),
    )
    fill(this.#list, h('div', { class: 'suggestions-title' }, found.title), rows)
    this.#list.hidden = false
    this.#list.scrollTop = 0
    this.#field.setAttribute('aria-expanded', String(rows.length > 0))
    this.#mark()
  }

  #hide() {
    this.#asked += 1
    this.#items = []
    this.#active = -1
    this.#list.hidden = true
    this.#field.setAttribute('aria-expanded', 'false')
    this.#field.removeAttribute('aria-activedescendant')
  }

  #mark() {
    const rows = this.#list.querySelectorAll('.suggestion')
    rows.forEach((row, index) => {
      row.setAttribute('aria-selected', String(index === this.#active))
    })
    const row = rows[this.#active]
    if (!row) return
    row.scrollIntoView({ block: 'nearest' })
    this.#field.setAttribute('aria-activedescendant', row.id)
  }

  #accept(index) {
    const { from, to, text } = this.#items[index].insert
    const { value } = this.#field
    const rest = value.slice(to)
    this.#field.value = value.slice(0, from) + text + rest.replace(/^\s+/, '')
    this.#field.setSelectionRange(from + text.length, from + text.length)
    this.focus()
    this.#typed()
  }

  #key(event) {
    if (event.isComposing) return
    const open = this.#items.length > 0
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const step = event.key === 'ArrowDown' ? 1 : -1
        if (open) {
          event.preventDefault()
          this.#active = (this.#active + step + this.#items.length) % this.#items.length
          this.#moved = true
          this.#mark()
        } else if (this.#field.value === '' || this.#recalled >= 0) {
          event.preventDefault()
          this.#recall(-step)
        }
        return
      }
      case 'Tab':
        if (!open || event.shiftKey) return
        event.preventDefault()
        return this.#accept(Math.max(this.#active, 0))
      case 'Escape':
        if (this.#list.hidden && !this.#answered) return
        event.preventDefault()
        event.stopPropagation()
        return this.#list.hidden ? this.answer(null) : this.#hide()
      case 'Enter': {
        if (event.shiftKey) return
        event.preventDefault()
        const item = this.#items[this.#active]
        // A name still being typed is completed; a line typed straight through is sent, unless a row was chosen with the arrows.
        const naming =
          open &&
          this.#field.value.startsWith('/') &&
          !understand(this.#field.value, this.#field.selectionStart, this.#context.server) &&
          !item.complete
        return naming || (open && this.#moved) ? this.#accept(this.#active) : this.#send()
      }
    }
  }

  #recall(step) {
    const at = Math.min(Math.max(this.#recalled + step, -1), this.#history.length - 1)
    this.#recalled = at
    const text = at < 0 ? '' : this.#history[at]
    this.#field.value = text
    this.#field.setSelectionRange(text.length, text.length)
    this.#draw()
    this.#drawHints()
  }

  async #send() {
    const text = this.#field.value.trim()
    const channel = this.#context.channel()
    const files = this.#files
    const answered = this.#answered
    if ((!text && files.length === 0) || !channel) return
    const { server } = this.#context
    if (text) this.#history = [text, ...this.#history.filter((each) => each !== text)].slice(0, 50)
    this.#recalled = -1
    this.#field.value = ''
    this.#attach(null)
    this.answer(null)
    this.#typed()
    this.#hide()
    try {
      const attachments = files.length > 0 ? { attachments: files } : {}
      const user = server.me.username
      if (text.startsWith('/')) {
        const done = await api.command({ text, channel: channel.id, user, ...attachments })
        if (done?.modal) this.#context.modal(done.modal)
      } else {
        const replied = answered ? { reply_to: answered.id } : {}
        await api.say(channel.id, { content: withIds(text, server), user, ...attachments, ...replied })
      }
      this.#context.sent()
    } catch (error) {
      if (this.#field.value === '' && this.#context.channel() === channel) {
        this.#field.value = text
        this.#files = files
        this.#attach([])
        this.answer(answered)
        this.#draw()
        this.#drawHints()
      }
      this.#say(error.message)
    }
  }

  /** Adds files to the next command; null lets go of all. */
  async #attach(list) {
    if (!list) this.#files = []
    for (const file of list ?? []) this.#files.push({ name: file.name, base64: await base64(file) })
    this.#picker.value = ''
    this.#fileRow.hidden = this.#files.length === 0
    fill(
      this.#fileRow,
      this.#files.map((file) =>
        h(
          'span',
          { class: 'bar-file' },
          icon('file', 16),
          file.name,
          button(
            {
              class: 'icon-button',
              'aria-label': `Remove ${file.name}`,
              onclick: () => {
                this.#files = this.#files.filter((each) => each !== file)
                this.#attach([])
              },
            },
            icon('close', 14),
          ),
        ),
      ),
    )
  }
}

const base64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
