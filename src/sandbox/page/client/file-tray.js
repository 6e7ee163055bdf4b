/** Files that go with the next message or command: { name, base64 } as the doors take them. */
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'

export class FileTray {
  #files = []
  #picker = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-label': 'Files' })
  #row = h('div', { class: 'bar-files' })

  constructor() {
    this.element = h('div', {}, this.#row, this.#picker)
    this.#picker.addEventListener('change', () => this.add([...this.#picker.files]))
    this.#draw()
  }

  choose() {
    this.#picker.click()
  }

  async add(files) {
    for (const file of files) this.#files.push({ name: file.name, base64: await base64(file) })
    this.#picker.value = ''
    this.#draw()
  }

  get files() {
    return this.#files
  }

  /** All of them; the tray is empty then. */
  take() {
    const taken = this.#files
    this.putBack([])
    return taken
  }

  putBack(files) {
    this.#files = files
    this.#draw()
  }

  #draw() {
    this.#row.hidden = this.#files.length === 0
    fill(
      this.#row,
      this.#files.map((file) => {
        const remove = () => this.putBack(this.#files.filter((each) => each !== file))
        return h(
          'span',
          { class: 'bar-file' },
          icon('file', 16),
          file.name,
          button({ class: 'icon-button', 'aria-label': `Remove ${file.name}`, onclick: remove }, icon('close', 14)),
        )
      }),
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
