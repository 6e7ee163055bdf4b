import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import type { Mcp } from '../../src/core/mcp.ts'
import { createMcp, type McpOptions } from '../../src/mcp/servers.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
const EVERYTHING = join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')

const tidy: (() => unknown)[] = []
const tidyLast: (() => unknown)[] = []
afterEach(() => undo(tidy))
afterAll(() => undo(tidyLast))

/** What was made so far, in a `beforeAll`, stays until the file's last test has run. */
export function keepForAll(): void {
  tidyLast.push(...tidy.splice(0))
}

async function undo(steps: (() => unknown)[]): Promise<void> {
  for (const each of steps.splice(0).reverse()) await each()
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backrooms-mcp-'))
  tidy.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Logged {
  level: string
  text: string
}

/** MCP servers as a file describes them; closed after the test. Everything that is logged is kept as text. */
export function mcpWith(file: unknown, more: Partial<McpOptions> = {}): Mcp & { logged: Logged[]; file: string } {
  const path = join(temporaryFolder(), 'mcp.config.json')
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file))
  const logged: Logged[] = []
  const keep = (level: string) => (data: object, message: string) =>
    void logged.push({ level, text: `${JSON.stringify(data)} ${message}` })
  const log = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
  const mcp = createMcp({ configFile: path, root: ROOT, env: { PATH: process.env.PATH ?? '' }, log, ...more })
  tidy.push(() => mcp.close())
  return Object.assign(mcp, { logged, file: path })
}

/** A server that misbehaves in one way (`misbehaving.ts`), as a file names it. */
export const misbehaving = (how: string, more: object = {}) => ({
  command: 'node',
  args: ['test/mcp/misbehaving.ts', how],
  ...more,
})

export const everything = { command: 'node', args: [EVERYTHING, 'stdio'] }

export interface Remote {
  url: string
  /** Ends the process at once, and starts another on the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** server-everything over HTTP on a port of its own. */
export async function everythingOverHttp(transport: 'streamableHttp' | 'sse'): Promise<Remote> {
  const port = await freePort()
  let child: ChildProcess
  const start = async () => {
    child = spawn(process.execPath, [EVERYTHING, transport], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr?.resume()
    await answers(port)
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await ended
  }
  await start()
  tidy.push(stop)
  return {
    url: `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`,
    stop,
    async restart() {
      await stop()
      await start()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/nothing`)
      return
    } catch {
      await new Promise((again) => setTimeout(again, 50))
    }
  }
  throw new Error('server-everything does not answer')
}

/** What a call that must fail says. */
export async function failure(call: Promise<unknown>): Promise<{ failure: string; message: string }> {
  try {
    await call
  } catch (error) {
    const { failure, message } = error as { failure: string; message: string }
    return { failure, message }
  }
  throw new Error('it should have failed')
}
