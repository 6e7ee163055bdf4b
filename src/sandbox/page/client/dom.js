/**
 * Making elements. Whatever is passed as a child becomes a text node: nothing that somebody said is ever parsed as HTML.
 * Properties: `class`, `on…` listeners, `style` custom properties by name, booleans, and attributes as they are.
 */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'style') for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each)
    else element.setAttribute(name, value === true ? '' : value)
  }
  append(element, children)
  return element
}

const append = (element, children) => {
  for (const child of children.flat(Number.POSITIVE_INFINITY)) {
    if (child === undefined || child === null || typeof child === 'boolean') continue
    element.append(child)
  }
}

/** `h` for what takes the place of an element's children. */
export const fill = (element, ...children) => {
  element.replaceChildren()
  append(element, children)
  return element
}

/** An address that a link or picture may have, or undefined. */
export const safeUrl = (url) => {
  try {
    const parsed = new URL(url, location.origin)
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined
  } catch {
    return undefined
  }
}

export const link = (url, ...children) => {
  const href = safeUrl(url)
  return href
    ? h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, children)
    : h('span', {}, children)
}

/** A button that is not a form's. */
export const button = (props, ...children) => h('button', { type: 'button', ...props }, children)
