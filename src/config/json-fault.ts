/** Where a text stops being JSON, 1-based. JSON.parse's own messages name the place only sometimes. */
export function jsonFault(text: string): { line: number; column: number; what: string } {
  const { at, what } = faultIn(text)
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1) as string).length + 1, what }
}

class Fault {
  readonly at: number
  readonly what: string
  constructor(at: number, what: string) {
    this.at = at
    this.what = what
  }
}

function faultIn(text: string): Fault {
  try {
    const end = space(text, value(text, space(text, 0)))
    return new Fault(end, end < text.length ? 'something stands after its end' : 'not JSON')
  } catch (fault) {
    if (fault instanceof Fault) return fault
    return new Fault(0, 'it is nested too deeply')
  }
}

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these inside a text.
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y

function value(text: string, at: number): number {
  if (text[at] === '{') return list(text, at, '}', (from) => entry(text, from))
  if (text[at] === '[') return list(text, at, ']', (from) => value(text, from))
  if (text[at] === '"') return string(text, at)
  SCALAR.lastIndex = at
  if (SCALAR.test(text)) return SCALAR.lastIndex
  if (at >= text.length) throw new Fault(at, 'it ends too early')
  if (text[at] === "'") throw new Fault(at, 'text takes double quotes')
  if (text.startsWith('//', at) || text.startsWith('/*', at))
    throw new Fault(at, 'comments are not allowed; use a "note" key')
  throw new Fault(at, `a value was expected, not ${JSON.stringify(text[at])}`)
}

function list(text: string, opening: number, close: string, item: (from: number) => number): number {
  let at = space(text, opening + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = space(text, item(at))
    if (text[at] === close) return at + 1
    if (text[at] !== ',')
      throw new Fault(at, at >= text.length ? `a ${close} is missing` : `a comma or ${close} was expected`)
    const comma = at
    at = space(text, at + 1)
    if (text[at] === close) throw new Fault(comma, `a comma too many before ${close}`)
  }
}

function entry(text: string, from: number): number {
  if (text[from] !== '"')
    throw new Fault(from, from >= text.length ? 'it ends too early' : 'a key in double quotes was expected')
  const at = space(text, string(text, from))
  if (text[at] !== ':') throw new Fault(at, 'a colon was expected')
  return value(text, space(text, at + 1))
}

function string(text: string, from: number): number {
  STRING.lastIndex = from
  if (STRING.test(text)) return STRING.lastIndex
  throw new Fault(from, 'a text that begins here is not closed on its line, or holds a bad escape')
}

function space(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at++
  return at
}
