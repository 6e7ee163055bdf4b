/** Embeds. https://docs.discord.com/developers/resources/message#embed-object */
import { fill, h, link, safeUrl } from './dom.js'
import { markdown } from './markdown-view.js'
import { messageTime } from './time.js'

const hex = (colour) => `#${colour.toString(16).padStart(6, '0')}`

export const embedView = (embed, names) => {
  const box = h('article', { class: 'embed' })
  if (embed.color) box.style.setProperty('--accent', hex(embed.color))
  const title = embed.title && markdown(embed.title, names)
  fill(
    box,
    h(
      'div',
      { class: 'embed-grid' },
      h(
        'div',
        { class: 'embed-main' },
        embed.provider?.name && h('div', { class: 'embed-provider' }, embed.provider.name),
        embed.author && person('embed-author', embed.author.icon_url, linked(embed.author.url, embed.author.name)),
        title && h('div', { class: 'embed-title' }, linked(embed.url, title)),
        embed.description && h('div', { class: 'embed-description markup' }, markdown(embed.description, names)),
        embed.fields?.length > 0 && h('div', { class: 'embed-fields' }, fields(embed.fields, names)),
      ),
      embed.thumbnail?.url && picture(embed.thumbnail.url, 'embed-thumbnail', ''),
    ),
    embed.image?.url && picture(embed.image.url, 'embed-image', embed.title ?? 'Picture'),
    (embed.footer || embed.timestamp) && footer(embed),
  )
  return box
}

const linked = (url, ...children) => (url ? link(url, children) : children)

const person = (name, iconUrl, ...children) =>
  h('div', { class: name }, iconUrl && picture(iconUrl, 'embed-icon', ''), h('span', {}, children))

/** Up to three inline fields stand side by side. */
const fields = (list, names) => {
  const rows = []
  for (const field of list) {
    const row = rows[rows.length - 1]
    if (field.inline && row?.inline && row.cells.length < 3) row.cells.push(field)
    else rows.push({ inline: field.inline, cells: [field] })
  }
  return rows.map((row) =>
    h(
      'div',
      { class: 'embed-row', style: { '--columns': row.inline ? Math.max(row.cells.length, 2) : 1 } },
      row.cells.map((field) =>
        h(
          'div',
          { class: 'embed-field' },
          h('div', { class: 'embed-field-name markup' }, markdown(field.name, names)),
          h('div', { class: 'embed-field-value markup' }, markdown(field.value, names)),
        ),
      ),
    ),
  )
}

const footer = (embed) => {
  const parts = [embed.footer?.text, embed.timestamp && messageTime(new Date(embed.timestamp))].filter(Boolean)
  return person('embed-footer', embed.footer?.icon_url, parts.join(' • '))
}

const picture = (url, name, alt) => {
  const src = safeUrl(url)
  return src
    ? h(
        'a',
        { class: name, href: src, target: '_blank', rel: 'noopener noreferrer' },
        h('img', { src, alt, loading: 'lazy' }),
      )
    : null
}
