import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isObject } from '../config/fields.ts'
import { jsonFault } from '../config/json-fault.ts'
import { UserError } from '../core/errors.ts'
import type { ContentBlock, Mcp, ToolAnswer, ToolInfo } from '../core/mcp.ts'
import { nearestSentence } from '../core/nearest.ts'
import { strangeArguments } from '../core/strange-arguments.ts'
import type { Command } from './command.ts'
import type { Given } from './flags.ts'
import { EXIT, WrongUse } from './io.ts'
import { plain } from './screen.ts'
import type { Terminal } from './terminal.ts'

const VERBS = ['list-tools', 'call-tool']
/** The name of a server that `--cmd` describes. */
const TYPED = 'cmd'

export const mcp: Command = {
  summary: 'What MCP servers can do, and a tool called by hand',
  usage: [
    'list-tools [--server name] [--config file] [--json]',
    'call-tool <tool> [--json \'{"prompt": "a door"}\'] [--server name] [--config file] [--wrap-params] [--raw]',
    '--cmd program --args a b -- list-tools',
  ],
  about:
    'Ends with 1 when the tool says that it failed. Pictures and sounds of an answer are written into the folder you are in, and their paths printed.',
  flags: {
    server: { kind: 'text', value: 'name', help: 'Which server of the file; needed where it has several' },
    config: { kind: 'text', value: 'file', help: 'The servers’ file; MCP_CONFIG or mcp.config.json by default' },
    json: {
      kind: 'optional',
      value: 'object',
      help: 'call-tool: the arguments; list-tools: names, descriptions and schemas as JSON',
    },
    'wrap-params': { kind: 'switch', help: 'Send the arguments as {"params": …}, as many FastMCP servers want them' },
    raw: { kind: 'switch', help: 'call-tool: the whole answer as JSON' },
    cmd: { kind: 'text', value: 'program', help: 'A server that stands in no file: the program' },
    args: { kind: 'list', value: 'text', help: 'and its arguments' },
  },
  examples: [
    ['mcp list-tools', 'what the only server of mcp.config.json can do'],
    ['mcp call-tool paint --server demo --json \'{"prompt": "a door"}\'', 'a tool, once'],
    ['mcp --config mcp_servers.json --server comfyui list-tools', 'the predecessor’s order of words'],
    ['mcp --cmd node --args server.js -- list-tools', 'without a file'],
  ],
  async run(given, terminal) {
    const [verb, tool, ...more] = given.words
    if (verb === undefined || !VERBS.includes(verb))
      throw new WrongUse(`mcp is followed by ${VERBS.join(' or ')}${verb === undefined ? '' : `, not "${verb}"`}.`)
    if (verb === 'list-tools' && tool !== undefined)
      throw new WrongUse(`list-tools takes no name, and "${tool}" was given: --server ${tool}?`)
    if (verb === 'call-tool' && tool === undefined)
      throw new WrongUse('call-tool needs the name of a tool: mcp call-tool paint')
    if (more.length > 0)
      throw new WrongUse(`call-tool takes one tool, not also "${more[0]}". Arguments are given as --json '{…}'.`)
    const args = verb === 'call-tool' ? argumentsOf(given) : {}
    return onServer(given, terminal, async (servers, server, signal) =>
      tool === undefined
        ? listTools(await servers.tools(server, { signal }), given, terminal)
        : callTool({ servers, server, tool, args, signal }, given, terminal),
    )
  },
}

/** Opens the servers, picks one, works with it, closes. Ctrl-C cancels the call at the server too. */
async function onServer(
  given: Given,
  terminal: Terminal,
  work: (servers: Mcp, server: string, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const typed = given.text('cmd')
  if (typed === undefined && given.has('args'))
    throw new WrongUse('--args are the arguments of --cmd, which is missing.')
  const folder = typed === undefined ? null : await mkdtemp(join(tmpdir(), 'backrooms-mcp-'))
  const file = folder === null ? fileOf(given, terminal) : join(folder, 'servers.json')
  if (folder !== null) {
    const server = { name: TYPED, command: typed, args: given.list('args'), cwd: terminal.cwd }
    await writeFile(file, JSON.stringify({ servers: [server] }))
  }
  const servers = await terminal.mcp(file)
  const abort = new AbortController()
  const ignore = terminal.onInterrupt((nth) => (nth > 1 ? terminal.leave() : abort.abort()))
  try {
    return await work(servers, folder === null ? serverOf(given, servers, file) : TYPED, abort.signal)
  } catch (error) {
    if (!abort.signal.aborted) throw error
    return EXIT.interrupted
  } finally {
    ignore()
    await servers.close()
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }
}

function fileOf(given: Given, terminal: Terminal): string {
  const named = given.text('config')
  const file = named === undefined ? resolve(terminal.root, terminal.mcpConfig) : resolve(terminal.cwd, named)
  if (existsSync(file)) return file
  const said = `There is no file ${named ?? file} that describes MCP servers.`
  throw named === undefined ? new UserError(said) : new WrongUse(said)
}

function serverOf(given: Given, servers: Mcp, file: string): string {
  const names = servers.names()
  const wanted = given.text('server')
  const [problem] = servers.problems()
  if (wanted !== undefined) {
    if (names.includes(wanted) || problem !== undefined) return wanted
    throw new WrongUse(`There is no MCP server "${wanted}" in ${file}. ${nearestSentence(wanted, names)}`)
  }
  const [only, other] = names
  if (only === undefined) throw new UserError(problem ?? `There is no MCP server in ${file}.`)
  if (other !== undefined) throw new WrongUse(`--server is needed: there are ${names.join(', ')}.`)
  return only
}

function argumentsOf(given: Given): Record<string, unknown> {
  const typed = given.text('json') || '{}'
  let value: unknown
  try {
    value = JSON.parse(typed)
  } catch {
    const { column, what } = jsonFault(typed)
    throw new WrongUse(`--json is broken at character ${column}: ${what}. It should be like '{"prompt": "a door"}'.`)
  }
  if (!isObject(value)) throw new WrongUse('--json must be an object, like \'{"prompt": "a door"}\'.')
  return given.has('wrap-params') ? { params: value } : value
}

function listTools(tools: ToolInfo[], given: Given, terminal: Terminal): number {
  if (given.has('json')) terminal.out(JSON.stringify(tools, null, 2))
  else if (tools.length === 0) terminal.err('It has no tools.')
  else
    for (const { name, description, inputSchema } of tools) {
      terminal.out(`${terminal.paint.bold(name)}(${parameters(inputSchema)})`)
      if (description.trim() !== '') terminal.out(plain(description.trim()).replaceAll(/^/gm, '    '))
    }
  return EXIT.done
}

/** `prompt, steps?`. */
function parameters(schema: Record<string, unknown>): string {
  const required = Array.isArray(schema.required) ? schema.required : []
  const names = isObject(schema.properties) ? Object.keys(schema.properties) : []
  return names.map((name) => (required.includes(name) ? name : `${name}?`)).join(', ')
}

async function callTool(
  call: { servers: Mcp; server: string; tool: string; args: Record<string, unknown>; signal: AbortSignal },
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const { servers, server, tool, args, signal } = call
  const answer = await servers.call(server, tool, args, { signal })
  const tools = await servers.tools(server, { signal }).catch(() => [])
  const schema = tools.find(({ name }) => name === tool)?.inputSchema ?? {}
  for (const note of strangeArguments(schema, args)) terminal.err(plain(note))
  return show(answer, given, terminal)
}

async function show(answer: ToolAnswer, given: Given, terminal: Terminal): Promise<number> {
  if (given.has('raw')) terminal.out(JSON.stringify(answer, null, 2))
  else for (const block of answer.content) terminal.out(await shown(block, terminal))
  if (!given.has('raw') && answer.content.length === 0 && answer.structured)
    terminal.out(JSON.stringify(answer.structured, null, 2))
  if (answer.isError) terminal.err('The tool says that it failed.')
  return answer.isError ? EXIT.failed : EXIT.done
}

async function shown(block: ContentBlock, { cwd }: Terminal): Promise<string> {
  if (block.type === 'text') return plain(block.text)
  if (block.type === 'resource_link') return plain(`${block.name}: ${block.uri}`)
  if (block.type === 'resource' && 'text' in block.resource)
    return plain(`${block.resource.uri}\n${block.resource.text}`)
  const { data, type = '' } =
    block.type === 'resource'
      ? { data: (block.resource as { blob: string }).blob, type: block.resource.mimeType }
      : { data: block.data, type: block.mimeType }
  const ending = /^\w+\/([\w.-]+?)(?:\+\w+)?$/.exec(type)?.[1] ?? 'bin'
  const path = join(cwd, `answer-${randomBytes(4).toString('hex')}.${ending}`)
  await mkdir(cwd, { recursive: true })
  await writeFile(path, Buffer.from(data, 'base64'))
  return path
}
