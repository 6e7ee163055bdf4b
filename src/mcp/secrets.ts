import { isObject } from '../config/fields.ts'
import type { McpServer } from '../config/servers.ts'

/** Takes a server's secrets out of whatever it says. */
export interface Scrubber {
  text(text: string): string
  /** The same for every text inside a JSON value. */
  json<T>(value: T): T
}

const SECRET_NAME = /key|token|secret|pass|auth|credential|cookie|session|private|dsn|signature/i
/** Values that are no secret whatever they stand for: taking them out would only garble messages. */
const PLAIN = [/^(true|false|yes|no|on|off|null|none)$/i, /^\d{1,5}$/]
const HARMLESS = [/^[a-z]{1,16}$/, /^\.{0,2}\/[\w./-]*$/, /^https?:\/\/[\w.:[\]-]+(\/[\w./-]*)?$/]
const SHAPES = [
  /\b(?:sk|pk|rk|xai|gsk|hf|ghp|gho|github_pat|glpat|xoxb|xoxp)[-_][\w-]{8,}/g,
  /\bBearer\s+[^\s"',;]{6,}/gi,
  /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+/g,
]
const HIDDEN = '***'

/** @param server with its `${NAME}` references resolved. */
export function scrubberOf(server: McpServer): Scrubber {
  const secrets = [...secretsOf(server)].sort((a, b) => b.length - a.length)
  const text = (said: string) => {
    let clean = said
    for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN)
    return clean
  }
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [text(key), json(each)]))
  }
  return {
    text: (said) => SHAPES.reduce((clean, shape) => clean.replace(shape, HIDDEN), text(said)),
    json: json as Scrubber['json'],
  }
}

function secretsOf(server: McpServer): Set<string> {
  const secrets = new Set<string>()
  const add = (value: string, isNamedSecret: boolean) => {
    if (value.length < 4 || PLAIN.some((shape) => shape.test(value))) return
    if (!isNamedSecret && HARMLESS.some((shape) => shape.test(value))) return
    const encoded = (['base64', 'base64url'] as const).map((how) => Buffer.from(value).toString(how).replace(/=+$/, ''))
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...encoded])
      secrets.add(form)
  }
  const named = server.type === 'stdio' ? server.env : server.headers
  for (const [name, value] of Object.entries(named)) {
    add(value, SECRET_NAME.test(name))
    const [, scheme, credentials] = /^(Bearer|Basic|Token)\s+(\S+)$/i.exec(value) ?? []
    if (credentials) add(credentials, true)
    // `user:password`, https://www.rfc-editor.org/rfc/rfc7617
    const basic = scheme?.toLowerCase() === 'basic' ? Buffer.from(credentials as string, 'base64').toString() : ''
    if (basic.includes(':')) add(basic.slice(basic.indexOf(':') + 1), true)
  }
  if (server.type === 'stdio') {
    for (const [i, arg] of server.args.entries()) {
      const [, flag, value] = /^-{1,2}([\w-]+)=(.+)$/.exec(arg) ?? []
      if (flag && value && SECRET_NAME.test(flag)) add(value, true)
      const before = server.args[i - 1]
      if (before?.startsWith('-') && !before.includes('=') && !arg.startsWith('-') && SECRET_NAME.test(before))
        add(arg, true)
    }
  } else {
    const url = new URL(server.url)
    for (const value of [decodeURIComponent(url.password), ...url.searchParams.values()]) add(value, true)
  }
  return secrets
}
