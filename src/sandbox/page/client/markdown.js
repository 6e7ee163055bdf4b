/**
 * Discord's markdown as a tree. Pure and the same in the browser and in Node, so that tests see what people see.
 *
 * Every node is one of
 *   { type: 'text', text }                              what is shown
 *   { type: 'mark', text }                              syntax that is not shown (a lone backslash)
 *   { type, children, source?, open?, close?, … }       something that holds others
 *   { type, source, … }                                 something that stands for itself (a mention, a timestamp)
 * Nothing is lost: `sourceOf(parse(text)) === text` for every string.
 *
 * What is recognised: https://docs.discord.com/developers/reference#message-formatting and
 * https://support.discord.com/hc/en-us/articles/210298617 (Markdown Text 101).
 */

/** Deeper nesting than anybody reads is left as plain text, so that no text can exhaust the stack. */
const MAX_DEPTH = 12

const FENCE = /```(?:([A-Za-z0-9_+\-.#]+)\n)?([\s\S]*?)```/y
const URL_ = /https?:\/\/[^\s<>]*[^\s<>.,:;"'\])}!?*_~|`]/y
const ANGLE_URL = /<(https?:\/\/[^\s<>]+)>/y
const MASKED =
  /\[((?:\[[^\][]*\]|[^\][])+)\]\(\s*<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\s*\)/y
const USER = /<@!?(\d{1,20})>/y
const ROLE = /<@&(\d{1,20})>/y
const CHANNEL = /<#(\d{1,20})>/y
const COMMAND = /<\/([^\s<>:][^<>:]{0,98}):(\d{1,20})>/y
const EMOJI = /<(a?):(\w{1,32}):(\d{1,20})>/y
const PLACE = /<id:(customize|browse|guide|linked-roles)(?::(\d{1,20}))?>/y
const TIME = /<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y
const EVERYONE = /@(everyone|here)\b/y
const HEADING = /(#{1,3})[ \t]+([^\n]*\S[^\n]*)(\n|$)/y
const SUBTEXT = /-#[ \t]+([^\n]*\S[^\n]*)(\n|$)/y
const QUOTE_LINE = />[ \t]([^\n]*)(\n|$)/y
const QUOTE_REST = />>>[ \t]([\s\S]*)$/y
const LIST_LINE = /([ \t]*)([-*]|\d{1,9}\.)[ \t]+(\S[^\n]*)(\n|$)/y
const MORE_OF_ITEM = /([ \t]{2,})(\S[^\n]*)(\n|$)/y

const at = (pattern, text, index) => {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** What links to a server's own pages are called. https://docs.discord.com/developers/reference#message-formatting-guild-navigation-types */
export const PLACES = {
  customize: 'Channels & Roles',
  browse: 'Browse Channels',
  guide: 'Server Guide',
  'linked-roles': 'Linked Roles',
}

export const parse = (text) => parseRange(String(text), { blocks: true, depth: 0 })

const parseRange = (text, context) => {
  const nodes = []
  let plainFrom = 0
  const take = (index, end, node) => {
    if (plainFrom < index) nodes.push({ type: 'text', text: text.slice(plainFrom, index) })
    if (node) nodes.push(node)
    plainFrom = end
    return end
  }
  let index = 0
  while (index < text.length) {
    const lineStart = index === 0 || text[index - 1] === '\n'
    const found =
      context.depth < MAX_DEPTH
        ? (lineStart && context.blocks && block(text, index, context)) || inline(text, index, context)
        : null
    if (!found) {
      index += 1
      continue
    }
    index = take(index, index + found.length, found.node)
  }
  take(text.length, text.length, null)
  return nodes
}

const deeper = (context, blocks = false) => ({ blocks, depth: context.depth + 1 })

const block = (text, index, context) => {
  switch (text[index]) {
    case '#': {
      const match = at(HEADING, text, index)
      if (!match) return null
      const open = match[0].slice(0, match[0].length - match[2].length - match[3].length)
      const children = parseRange(match[2], deeper(context))
      return {
        length: match[0].length,
        node: { type: 'heading', level: match[1].length, open, close: match[3], children },
      }
    }
    case '>':
      return quote(text, index, context)
    case '-': {
      const match = at(SUBTEXT, text, index)
      if (match) {
        const open = match[0].slice(0, match[0].length - match[1].length - match[2].length)
        const children = parseRange(match[1], deeper(context))
        return { length: match[0].length, node: { type: 'subtext', open, close: match[2], children } }
      }
      return list(text, index, context)
    }
    default:
      return /[ \t*\d]/.test(text[index]) ? list(text, index, context) : null
  }
}

const quote = (text, index, context) => {
  const rest = at(QUOTE_REST, text, index)
  if (rest) {
    const children = parseRange(rest[1], deeper(context, true))
    return { length: rest[0].length, node: { type: 'quote', open: rest[0].slice(0, 4), close: '', children } }
  }
  let end = index
  let inner = ''
  for (let line = at(QUOTE_LINE, text, end); line; line = end < text.length ? at(QUOTE_LINE, text, end) : null) {
    inner += line[1] + line[2]
    end += line[0].length
  }
  if (end === index) return null
  const children = parseRange(inner.replace(/\n$/, ''), deeper(context, true))
  return { length: end - index, node: { type: 'quote', source: text.slice(index, end), children } }
}

const indentOf = (space) => space.replaceAll('\t', '  ').length

const list = (text, index, context) => {
  const items = []
  let end = index
  while (end < text.length) {
    const line = at(LIST_LINE, text, end)
    if (line) {
      // Bullets after numbers at the same place are a list of their own.
      if (items.length > 0 && /\d/.test(line[2]) !== /\d/.test(items[0].marker) && indentOf(line[1]) <= items[0].indent)
        break
      items.push({ indent: indentOf(line[1]), marker: line[2], text: line[3] })
      end += line[0].length
      continue
    }
    const more = items.length > 0 ? at(MORE_OF_ITEM, text, end) : null
    if (!more) break
    items[items.length - 1].text += `\n${more[2]}`
    end += more[0].length
  }
  if (items.length === 0) return null
  return { length: end - index, node: { ...nest(items, context), source: text.slice(index, end) } }
}

/** Items with more indent than the first of a list belong to the item before them. */
const nest = (items, context) => {
  const ordered = /\d/.test(items[0].marker)
  const node = { type: 'list', ordered, start: ordered ? Number.parseInt(items[0].marker, 10) : 1, children: [] }
  for (let index = 0; index < items.length; ) {
    const item = items[index]
    let next = index + 1
    while (next < items.length && items[next].indent > items[0].indent) next += 1
    const children = parseRange(item.text, deeper(context))
    if (next > index + 1) {
      const inner = items.slice(index + 1, next)
      if (context.depth + 1 < MAX_DEPTH) children.push(nest(inner, deeper(context)))
      else children.push({ type: 'text', text: inner.map((each) => `\n${each.text}`).join('') })
    }
    node.children.push({ type: 'item', children })
    index = next
  }
  return node
}

const inline = (text, index, context) => {
  switch (text[index]) {
    case '\\':
      return escaped(text, index)
    case '`':
      return code(text, index)
    case '<':
      return angle(text, index)
    case 'h':
      return bareLink(text, index)
    case '[':
      return maskedLink(text, index, context)
    case '@': {
      const match = at(EVERYONE, text, index)
      return match && leaf(match, { type: 'everyone', name: match[1] })
    }
    case '*':
      return styled(text, index, context, '**', 'bold') ?? styled(text, index, context, '*', 'italic')
    case '_':
      return styled(text, index, context, '__', 'underline') ?? styled(text, index, context, '_', 'italic')
    case '~':
      return styled(text, index, context, '~~', 'strike')
    case '|':
      return styled(text, index, context, '||', 'spoiler')
    default:
      return null
  }
}

const leaf = (match, node) => ({ length: match[0].length, node: { ...node, source: match[0] } })

const escaped = (text, index) => {
  const next = text[index + 1]
  if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return null
  return { length: 2, node: { type: 'escape', open: '\\', close: '', children: [{ type: 'text', text: next }] } }
}

const code = (text, index) => {
  const fence = at(FENCE, text, index)
  if (fence && fence[2].trim() !== '') {
    // The line break after a closing fence belongs to the block: the block stands on lines of its own anyway.
    const tail = text[index + fence[0].length] === '\n' ? '\n' : ''
    const body = fence[2].replace(/^\n/, '').replace(/\n$/, '')
    const source = fence[0] + tail
    return { length: source.length, node: { type: 'code_block', lang: fence[1] ?? '', text: body, source } }
  }
  let run = 1
  while (text[index + run] === '`') run += 1
  if (run > 2) return null
  for (let close = index + run; close < text.length; ) {
    close = text.indexOf('`', close)
    if (close < 0) return null
    let length = 1
    while (text[close + length] === '`') length += 1
    if (length === run) {
      const source = text.slice(index, close + run)
      return { length: source.length, node: { type: 'code', text: source.slice(run, -run), source } }
    }
    close += length
  }
  return null
}

const angle = (text, index) => {
  let match = at(USER, text, index)
  if (match) return leaf(match, { type: 'user', id: match[1] })
  match = at(CHANNEL, text, index)
  if (match) return leaf(match, { type: 'channel', id: match[1] })
  match = at(ROLE, text, index)
  if (match) return leaf(match, { type: 'role', id: match[1] })
  match = at(EMOJI, text, index)
  if (match) return leaf(match, { type: 'emoji', animated: match[1] === 'a', name: match[2], id: match[3] })
  match = at(TIME, text, index)
  if (match) return leaf(match, { type: 'time', seconds: Number(match[1]), style: match[2] ?? 'f' })
  match = at(PLACE, text, index)
  if (match && (match[2] === undefined || match[1] === 'linked-roles'))
    return leaf(match, { type: 'place', name: match[1], ...(match[2] ? { id: match[2] } : {}) })
  match = at(COMMAND, text, index)
  if (match) return leaf(match, { type: 'command', name: match[1], id: match[2] })
  match = at(ANGLE_URL, text, index)
  return match && leaf(match, { type: 'link', url: match[1], children: [{ type: 'text', text: match[1] }] })
}

const bareLink = (text, index) => {
  const match = at(URL_, text, index)
  return match && leaf(match, { type: 'link', url: match[0], children: [{ type: 'text', text: match[0] }] })
}

const maskedLink = (text, index, context) => {
  const match = at(MASKED, text, index)
  // A label that is itself an address could show one place and lead to another.
  if (!match || /https?:\/\//.test(match[1])) return null
  const children = parseRange(match[1], deeper(context))
  return { length: match[0].length, node: { type: 'link', url: match[2], masked: true, source: match[0], children } }
}

const styled = (text, index, context, mark, type) => {
  if (!text.startsWith(mark, index)) return null
  const from = index + mark.length
  if (mark === '*' && (text[from] === undefined || /\s/.test(text[from]))) return null
  const close = closing(text, from, mark)
  if (close < 0) return null
  const children = parseRange(text.slice(from, close), deeper(context))
  return { length: close + mark.length - index, node: { type, open: mark, close: mark, children } }
}

/** Where `mark` ends what it began: behind at least one character, and not inside code or an escape. */
const closing = (text, from, mark) => {
  const char = mark[0]
  for (let index = from; index < text.length; ) {
    if (text[index] === '\\') {
      index += 2
      continue
    }
    if (text[index] === '`') {
      index += code(text, index)?.length ?? 1
      continue
    }
    if (text[index] !== char) {
      index += 1
      continue
    }
    let run = 1
    while (text[index + run] === char) run += 1
    if (run >= mark.length && (mark.length === 2 || run !== 2)) {
      // In `**a *b***` the outer mark is the last two of the three.
      const end = mark.length === 2 && run === 3 ? index + 1 : index
      const next = text[end + mark.length]
      const fits =
        mark === '*'
          ? !/\s/.test(text[end - 1] ?? ' ')
          : mark === '_'
            ? next === undefined || !/[\p{L}\p{N}_]/u.test(next)
            : true
      if (end > from && fits) return end
    }
    index += run
  }
  return -1
}

/** The text that `parse` was given. */
export const sourceOf = (nodes) =>
  nodes
    .map(
      (node) =>
        node.source ?? (node.children ? `${node.open ?? ''}${sourceOf(node.children)}${node.close ?? ''}` : node.text),
    )
    .join('')

/** What a reader sees, without any style: for previews, names of links, and tests. */
export const plainText = (nodes) =>
  nodes
    .map((node) => {
      if (node.type === 'code_block') return node.lang ? `${node.lang}\n${node.text}\n` : `${node.text}\n`
      if (node.type === 'heading' || node.type === 'subtext') return plainText(node.children) + node.close
      if (node.type === 'list') return node.children.map((item) => `${plainText([item])}\n`).join('')
      if (node.type === 'quote') return `${plainText(node.children)}\n`
      if (node.type === 'place') return PLACES[node.name]
      if (node.type === 'emoji') return `:${node.name}:`
      if (node.type === 'command') return `/${node.name}`
      return node.children ? plainText(node.children) : (node.text ?? node.source)
    })
    .join('')
