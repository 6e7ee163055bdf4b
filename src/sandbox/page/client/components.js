/**
 * Message components, of both generations. https://docs.discord.com/developers/components/reference
 * `use(component, values?)` is called when a person presses or picks; it returns a promise that ends with the answer.
 */
import { attachmentView } from './attachments.js'
import { button, h, link, safeUrl } from './dom.js'
import { icon } from './icons.js'
import { markdown } from './markdown-view.js'
import { selectView } from './select.js'

const STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'secondary', 6: 'primary' }

/** context: { names, use, server, attachments } */
export const componentViews = (components, context) =>
  components.map((component) => (VIEWS[component.type] ?? unknown)(component, context))

const unknown = (component) => h('div', { class: 'component-unknown' }, `A component of type ${component.type}`)

const VIEWS = {
  1: (row, context) => h('div', { class: 'action-row' }, componentViews(row.components, context)),
  2: (component, context) => buttonView(component, context),
  3: (component, context) => selectView(component, context),
  5: (component, context) => selectView(component, context),
  6: (component, context) => selectView(component, context),
  7: (component, context) => selectView(component, context),
  8: (component, context) => selectView(component, context),
  9: (section, context) =>
    h(
      'div',
      { class: 'section' },
      h('div', { class: 'section-text' }, componentViews(section.components, context)),
      section.accessory && componentViews([section.accessory], context),
    ),
  10: (text, context) => h('div', { class: 'text-display markup' }, markdown(text.content, context.names)),
  11: (thumbnail, context) => {
    const src = mediaUrl(thumbnail.media, context)
    return (
      src &&
      covered(
        thumbnail.spoiler,
        h('img', { class: 'thumbnail', src, alt: thumbnail.description ?? '', loading: 'lazy' }),
      )
    )
  },
  12: (gallery, context) =>
    h(
      'div',
      { class: 'gallery', 'data-count': Math.min(gallery.items.length, 10) },
      gallery.items.map((item) => {
        const src = mediaUrl(item.media, context)
        const alt = item.description ?? 'Picture'
        return src && covered(item.spoiler, link(src, h('img', { src, alt, title: item.description, loading: 'lazy' })))
      }),
    ),
  13: (file, context) => {
    const name = file.file.url.replace(/^attachment:\/\//, '')
    const attached = context.attachments.find((each) => each.filename === name || each.url === file.file.url)
    const url = mediaUrl(file.file, context)
    return attachmentView(attached ?? { filename: file.name ?? name, size: file.size ?? 0, url: url ?? '' })
  },
  14: (separator) =>
    h('div', {
      class: `separator${separator.spacing === 2 ? ' large' : ''}${separator.divider === false ? ' blank' : ''}`,
      role: 'separator',
    }),
  17: (container, context) => {
    const box = h('div', { class: 'container' }, componentViews(container.components, context))
    if (container.accent_color !== null && container.accent_color !== undefined) {
      box.classList.add('accented')
      box.style.setProperty('--accent', `#${container.accent_color.toString(16).padStart(6, '0')}`)
    }
    return covered(container.spoiler, box)
  },
}

const mediaUrl = (media, context) => {
  const name = /^attachment:\/\/(.+)$/.exec(media?.url ?? '')?.[1]
  const url = name ? context.attachments.find((each) => each.filename === name)?.url : media?.url
  return url ? safeUrl(url) : undefined
}

const covered = (spoiler, view) => {
  if (!spoiler) return view
  const cover = button({ class: 'attached-cover' }, 'SPOILER')
  cover.addEventListener('click', () => cover.replaceWith(view))
  return cover
}

const emojiView = (emoji, context) =>
  emoji.id
    ? h('img', { class: 'emoji', src: context.names.emoji(emoji.id), alt: emoji.name ?? '' })
    : h('span', { class: 'emoji-text' }, emoji.name)

const buttonView = (component, context) => {
  const inner = [
    component.emoji && emojiView(component.emoji, context),
    component.label && h('span', {}, component.label),
  ]
  if (component.style === 5) {
    const href = safeUrl(component.url)
    const props = {
      class: 'button secondary',
      href: component.disabled ? undefined : href,
      target: '_blank',
      rel: 'noopener noreferrer',
    }
    return h('a', props, inner, icon('external', 16))
  }
  const view = button(
    { class: `button ${STYLES[component.style] ?? 'secondary'}`, disabled: component.disabled },
    inner,
  )
  view.addEventListener('click', () => busyWhile(view, context.use(component)))
  return view
}

const busyWhile = async (view, work) => {
  view.classList.add('busy')
  view.setAttribute('aria-busy', 'true')
  await work
  view.classList.remove('busy')
  view.removeAttribute('aria-busy')
}
