import { h, safeUrl } from './dom.js'

const COLOURS = ['#5865f2', '#3ba55d', '#c9862b', '#d6477a', '#8a5cd1', '#2f8fa8', '#b5533c']

const colourOf = (text) => {
  let sum = 0
  for (const char of text) sum = (sum * 31 + char.codePointAt(0)) >>> 0
  return COLOURS[sum % COLOURS.length]
}

/** A face: the picture that the message or person has, else the first letter on a colour of their own. */
export const avatar = (name, url, size = 40) => {
  const letter = h(
    'span',
    { class: 'letter', style: { background: colourOf(name) } },
    [...name.trim()][0]?.toUpperCase() ?? '?',
  )
  const face = h('span', { class: 'avatar', 'aria-hidden': 'true', style: { '--size': `${size}px` } })
  const src = url && safeUrl(url)
  if (!src) face.append(letter)
  else {
    const image = h('img', { src, alt: '', loading: 'lazy', draggable: 'false' })
    image.addEventListener('error', () => image.replaceWith(letter))
    face.append(image)
  }
  return face
}
