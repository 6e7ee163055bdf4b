/** A markdown tree as elements. `names` says what ids stand for: { user(id), channel(id), role(id) }. */
import { button, h, link } from './dom.js'
import { PLACES, parse } from './markdown.js'
import { fullTime, styledTime } from './time.js'

export const markdown = (text, names) => view(parse(text ?? ''), names)

const view = (nodes, names) => nodes.map((node) => (VIEWS[node.type] ?? VIEWS.text)(node, names))

const wrap = (tag, name) => (node, names) => h(tag, name ? { class: name } : {}, view(node.children, names))

const VIEWS = {
  text: (node) => node.text ?? '',
  escape: (node, names) => view(node.children, names),
  bold: wrap('strong'),
  italic: wrap('em'),
  underline: wrap('u'),
  strike: wrap('s'),
  quote: (node, names) => h('blockquote', { class: 'quote' }, h('div', {}, view(node.children, names))),
  subtext: wrap('small', 'subtext'),
  heading: (node, names) =>
    h(`h${node.level + 2}`, { class: `heading heading-${node.level}` }, view(node.children, names)),
  list: (node, names) =>
    h(
      node.ordered ? 'ol' : 'ul',
      { class: 'list', start: node.ordered ? node.start : undefined },
      view(node.children, names),
    ),
  item: wrap('li'),
  code: (node) => h('code', { class: 'code' }, node.text),
  code_block: (node) =>
    h('pre', { class: 'code-block', 'data-lang': node.lang || undefined, tabindex: '0' }, h('code', {}, node.text)),
  spoiler: (node, names) => spoiler(view(node.children, names)),
  link: (node, names) => link(node.url, view(node.children, names)),
  user: (node, names) => h('span', { class: 'mention' }, `@${names.user(node.id) ?? 'unknown-user'}`),
  role: (node, names) => h('span', { class: 'mention' }, `@${names.role(node.id) ?? 'unknown-role'}`),
  everyone: (node) => h('span', { class: 'mention' }, `@${node.name}`),
  channel: (node, names) => {
    const name = names.channel(node.id)
    if (name === undefined) return h('span', { class: 'mention' }, '# unknown')
    return h('a', { class: 'mention', href: `#/${node.id}`, 'data-channel': node.id }, `# ${name}`)
  },
  // The places themselves are none of the sandbox's; a linked role is shown by its name.
  place: (node, names) =>
    h('span', { class: 'mention', title: node.source }, (node.id && names.role(node.id)) ?? PLACES[node.name]),
  command: (node) =>
    button({ class: 'mention', 'data-command': node.name, title: 'Put this command into the bar' }, `/${node.name}`),
  emoji: (node, names) => {
    const image = h('img', {
      class: 'emoji',
      src: names.emoji(node.id),
      alt: `:${node.name}:`,
      title: `:${node.name}:`,
      loading: 'lazy',
    })
    image.addEventListener('error', () => image.replaceWith(`:${node.name}:`))
    return image
  },
  time: (node) => {
    const date = new Date(node.seconds * 1000)
    if (Number.isNaN(date.getTime())) return node.source
    const shown = styledTime(node.seconds, node.style)
    const relative = node.style === 'R' ? node.seconds : undefined
    return h(
      'time',
      { class: 'timestamp', datetime: date.toISOString(), title: fullTime(date), 'data-relative': relative },
      shown,
    )
  },
}

const spoiler = (children) => {
  const inner = h('span', { class: 'spoiler-text' }, children)
  const cover = h(
    'span',
    { class: 'spoiler', role: 'button', tabindex: '0', 'aria-expanded': 'false', 'aria-label': 'Spoiler' },
    inner,
  )
  const open = (event) => {
    if (cover.classList.contains('open') || (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' '))
      return
    event.preventDefault()
    cover.classList.add('open')
    for (const name of ['role', 'tabindex', 'aria-label', 'aria-expanded']) cover.removeAttribute(name)
  }
  cover.addEventListener('click', open)
  cover.addEventListener('keydown', open)
  return cover
}
