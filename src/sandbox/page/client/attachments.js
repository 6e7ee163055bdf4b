/** Attached files. https://docs.discord.com/developers/resources/message#attachment-object */
import { button, h, link } from './dom.js'
import { icon } from './icons.js'

const UNITS = ['bytes', 'KB', 'MB', 'GB']

const fileSize = (bytes) => {
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 2 : 1)} ${UNITS[unit]}`
}

export const attachmentView = (file) => {
  const kind = (file.content_type ?? '').split('/')[0]
  const view = kind === 'image' ? image(file) : kind === 'video' || kind === 'audio' ? player(kind, file) : card(file)
  return file.filename.startsWith('SPOILER_') ? hidden(view) : view
}

const image = (file) =>
  link(
    file.url,
    h('img', {
      class: 'attached-image',
      src: file.url,
      alt: file.description ?? file.filename,
      title: file.description ?? file.filename,
      width: file.width ?? undefined,
      height: file.height ?? undefined,
      loading: 'lazy',
    }),
  )

const player = (kind, file) =>
  h('div', { class: 'attached-player' }, h(kind, { src: file.url, controls: true, preload: 'metadata' }), card(file))

const card = (file) =>
  h(
    'div',
    { class: 'attached-file' },
    icon('file', 32),
    h(
      'div',
      { class: 'attached-name' },
      link(file.url, file.title ?? file.filename),
      h('small', {}, fileSize(file.size)),
    ),
    h(
      'a',
      { class: 'icon-button', href: file.url, download: file.filename, 'aria-label': `Download ${file.filename}` },
      icon('download'),
    ),
  )

const hidden = (view) => {
  const cover = button({ class: 'attached-cover' }, 'SPOILER')
  cover.addEventListener('click', () => cover.replaceWith(view))
  return cover
}
