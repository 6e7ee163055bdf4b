import { UserError } from './errors.ts'

const NAME = '[\\p{L}_][\\p{L}\\p{N}_]*'
const FIRST = new RegExp(`^\\s*(${NAME})=`, 'u')
const NEXT = new RegExp(`;\\s*(${NAME})=`, 'gu')

/**
 * The `vars` option: `TOPIC=alchemy; TONE=dry, or worse; or both`. A `;` separates only where `NAME=` follows, so that values may hold
 * any text; they are taken as they are.
 *
 * @throws UserError when the text does not start with `NAME=`.
 */
export function parseVars(text: string): Record<string, string> {
  if (text.trim() === '') return {}
  const first = FIRST.exec(text)
  if (!first) {
    throw new UserError(
      `vars: "${shorten(text)}" should be NAME=value, several separated by ; as in TOPIC=alchemy; TONE=dry.`,
    )
  }
  const vars: [string, string][] = []
  let name = first[1] as string
  let from = first[0].length
  for (const next of text.slice(from).matchAll(NEXT)) {
    const at = first[0].length + next.index
    vars.push([name, text.slice(from, at)])
    name = next[1] as string
    from = at + next[0].length
  }
  vars.push([name, text.slice(from)])
  return Object.fromEntries(vars)
}

/** `--var NAME=value` of the terminal: one variable, split at the first `=`. */
export function parseVar(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UserError(`--var: "${shorten(text)}" should be NAME=value.`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}

/** A value as Python prints it, since that is what the predecessor inserted: `True`, not `true`. */
export function varText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** `query` sets QUERY and DREAM_TEXT, unless they were set. */
export function withQuery(vars: Record<string, string>, query: string | null): Record<string, string> {
  return query === null ? vars : { QUERY: query, DREAM_TEXT: query, ...vars }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
