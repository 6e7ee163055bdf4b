import { UserError } from './errors.ts'

/**
 * Fills the placeholders of a system prompt or a history: Python's `str.format` with names, as the predecessor's files use it.
 * `{NAME}` becomes the value, `{{` and `}}` become single braces. Values are inserted literally: what looks like a placeholder
 * in a value stays as it is.
 *
 * @param where names the file in errors.
 * @throws UserError on an unknown name (with the known ones) and on a brace that stands alone.
 */
export function formatTemplate(text: string, values: Readonly<Record<string, string>>, where: string): string {
  let out = ''
  let from = 0
  for (;;) {
    const at = nextBrace(text, from)
    if (at === -1) return out + text.slice(from)
    out += text.slice(from, at)
    const brace = text[at] as string
    if (text[at + 1] === brace) {
      out += brace
      from = at + 2
      continue
    }
    const end = brace === '{' ? nextBrace(text, at + 1) : -1
    if (end === -1 || text[end] === '{') {
      throw new UserError(
        `${where}, line ${lineOf(text, at)}: a single \`${brace}\` stands alone. Write \`${brace}${brace}\` for a literal brace, \`{NAME}\` for a placeholder.`,
      )
    }
    const name = text.slice(at + 1, end)
    if (!Object.hasOwn(values, name)) throw unknownName(name, values, `${where}, line ${lineOf(text, at)}`)
    out += values[name]
    from = end + 1
  }
}

/** The names of a text's placeholders, each once. */
export function placeholdersOf(text: string): string[] {
  const found = text.replaceAll(/\{\{|\}\}/g, '').matchAll(/\{([^{}]+)\}/g)
  return [...new Set([...found].map(([, name]) => name as string))]
}

function unknownName(name: string, values: Readonly<Record<string, string>>, where: string): UserError {
  const known = Object.keys(values)
    .map((each) => `{${each}}`)
    .join(', ')
  return new UserError(
    `${where}: unknown placeholder {${name}}. Known: ${known || 'none'}. Set it in vars.json or with vars, or write {{ and }} for literal braces.`,
  )
}

function nextBrace(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '{' || text[i] === '}') return i
  return -1
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
