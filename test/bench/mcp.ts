import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMcp } from '../../src/mcp/servers.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const EVERYTHING = resolve(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const server = { command: 'node', args: [EVERYTHING, 'stdio'] }

/** A tool call over a connection that is kept, against one that starts its server each time, as the predecessor did; and what a connection costs. */
export async function mcpFigures(calls = 200, starts = 8, servers = 12) {
  const kept = mcpOf(['a'])
  await echo(kept, 'a')
  const keptMs = await times(calls, () => echo(kept, 'a'))
  await kept.close()

  const anewMs = await times(starts, async () => {
    const mcp = mcpOf(['a'])
    await echo(mcp, 'a')
    await mcp.close()
  })

  const names = Array.from({ length: servers }, (_, i) => `s${i}`)
  const many = mcpOf(names)
  // The first loads what all share.
  for (let i = 0; i < 2; i++) await echo(many, 's0')
  const before = heap()
  // Twice: this server changes its list of tools right after the start.
  for (const name of [...names.slice(1), ...names.slice(1)]) await echo(many, name)
  const each = (heap() - before) / (servers - 1)
  await many.close()
  return {
    call_kept_ms: round(median(keptMs)),
    call_starting_server_ms: round(median(anewMs)),
    kept_is_faster_by: Math.round(median(anewMs) / median(keptMs)),
    memory_per_server_kb: Math.round(each / 1024),
  }
}

function mcpOf(names: string[]) {
  const configFile = join(mkdtempSync(join(tmpdir(), 'bench-mcp-')), 'mcp.config.json')
  writeFileSync(configFile, JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, server])) }))
  return createMcp({ configFile, root: ROOT, env: { PATH: process.env.PATH ?? '' }, log: quiet })
}

const echo = (mcp: ReturnType<typeof mcpOf>, name: string) => mcp.call(name, 'echo', { message: 'x' })

async function times(n: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < n; i++) {
    const began = performance.now()
    await work()
    taken.push(performance.now() - began)
  }
  return taken
}

/** What the bot holds, buffers included; only what is still in use. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const round = (value: number): number => Math.round(value * 100) / 100

if (import.meta.main) console.log(await mcpFigures())
