import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { choice, inspect, isObject, mapping, object, type Problems, text, texts } from './fields.ts'
import type { Files } from './files.ts'

/** An MCP server as its file describes it, `${NAME}` references not yet resolved. */
export type McpServer = { name: string } & (
  | { type: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd: string | null }
  | { type: 'http' | 'sse'; url: string; headers: Record<string, string> }
)

const strings = () => z.record(z.string(), text(), { error: 'an object of texts' }).default({})
const type = choice(['stdio', 'http', 'sse', 'streamable-http', 'streamableHttp'])
const address = () =>
  text().refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), { error: 'an http(s) address' })

const local = object({
  name: text().optional(),
  type: type.optional(),
  command: text(),
  args: texts().default([]),
  env: strings(),
  cwd: text().optional(),
})
const remote = object({ name: text().optional(), type: type.optional(), url: address(), headers: strings() })

const mapShape = object({ mcpServers: mapping() })
const listShape = object({ servers: z.array(z.unknown(), { error: 'a list of servers' }).default([]) })

export interface ReadServers extends Problems {
  /** Those that are described well; a bad one spoils only itself. */
  servers: McpServer[]
}

/** Reads the MCP servers' file in either shape. No file means no servers; a file that is no JSON throws UserError. */
export function readServers(files: Files, path: string): ReadServers {
  if (!files.exists(path)) return { servers: [], errors: [], warnings: [] }
  return parseServers(files.json(path), files.shown(path))
}

export function parseServers(raw: unknown, file: string): ReadServers {
  const listed = isObject(raw) && Array.isArray(raw.servers)
  const outer = inspect(listed ? listShape : mapShape, raw, file)
  const found: ReadServers = { servers: [], errors: outer.errors, warnings: outer.warnings }
  const entries = (raw as { mcpServers?: unknown; servers?: unknown } | null) ?? {}
  if (listed) {
    for (const [i, each] of (entries.servers as unknown[]).entries()) {
      const name = isObject(each) && typeof each.name === 'string' ? each.name : ''
      if (name === '') found.errors.push(`${file}: server ${i + 1}: name is missing; it must be text.`)
      else add(found, name, each, `${file}: server ${i + 1}`)
    }
  } else if (isObject(entries.mcpServers)) {
    for (const [name, each] of Object.entries(entries.mcpServers)) add(found, name, each, `${file}: mcpServers.${name}`)
  }
  return found
}

function add(found: ReadServers, name: string, raw: unknown, where: string): void {
  if (found.servers.some((server) => server.name === name)) {
    found.errors.push(`${where}: there are two servers "${name}"; rename one.`)
    return
  }
  const isRemote =
    isObject(raw) && (typeof raw.url === 'string' || (typeof raw.type === 'string' && raw.type !== 'stdio'))
  if (isRemote) {
    const { value, errors, warnings } = inspect(remote, raw, where)
    found.errors.push(...errors)
    found.warnings.push(...warnings)
    if (value)
      found.servers.push({ name, type: value.type === 'sse' ? 'sse' : 'http', url: value.url, headers: value.headers })
    return
  }
  const { value, errors, warnings } = inspect(local, raw, where)
  found.errors.push(...errors)
  found.warnings.push(...warnings)
  if (!value) return
  const { command, args, env, cwd } = value
  found.servers.push({ name, type: 'stdio', command, args, env, cwd: cwd ?? null })
}

/**
 * The server with each `${NAME}` of its `env` and `headers` replaced by that variable of the bot's environment. Holds secrets from then on.
 * @throws UserError naming a variable that is not set.
 */
export function withSecrets<S extends McpServer>(
  server: S,
  variables: Readonly<Record<string, string | undefined>>,
): S {
  const fill = (key: string, values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
          const set = Object.hasOwn(variables, variable) ? variables[variable] : undefined
          if (set !== undefined && set !== '') return set
          throw new UserError(
            `The MCP server "${server.name}" needs ${variable} (its ${key}.${name} refers to it); set it in .env.`,
          )
        }),
      ]),
    )
  return server.type === 'stdio'
    ? { ...server, env: fill('env', server.env) }
    : { ...server, headers: fill('headers', server.headers) }
}
