import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { dispatch } from '../../src/cli/dispatch.ts'
import { EXIT, WrongUse } from '../../src/cli/io.ts'
import { openMcp, openTerminalParts } from '../../src/cli/open.ts'
import type { Parts } from '../../src/cli/parts.ts'
import { painter, type Terminal } from '../../src/cli/terminal.ts'
import { UserError } from '../../src/core/errors.ts'
import { readEnv } from '../../src/env.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Nothing of the person who runs the tests: an empty variable counts as absent, even where .env has one. */
const NOBODY: Record<string, string> = Object.fromEntries(
  [
    ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY', 'WORLD_INTERFACE_KEY', 'DISCORD_TOKEN'],
    ...['SUPABASE_URL', 'SUPABASE_KEY', 'SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_ANON_KEY', 'BACKROOMS_AUTO_SYNC'],
    ...['MCP_CONFIG', 'MCP_SERVERS_CONFIG', 'LOG_LEVEL', 'NO_COLOR', 'FORCE_COLOR', 'DATABASE_URL', 'NODE_OPTIONS'],
    ...['npm_lifecycle_event', 'BACKROOMS_MCP_TOKEN'],
  ].map((name) => [name, '']),
)

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** A folder of this test's own, removed after it. */
export function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backrooms-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))
  return folder
}

interface Begun {
  child: ChildProcess
  /** Resolves when this was written to stderr or stdout. */
  says(text: string): Promise<void>
  ended: Promise<Ended>
}

/** Starts the program in a process of its own, with its data in this folder, nobody's keys, and both outputs as pipes. */
export function begin(dataDir: string, line: string, more: Record<string, string> = {}): Begun {
  const child = spawn(process.execPath, [join(ROOT, 'src/cli.ts'), ...wordsOf(line)], {
    cwd: dataDir,
    env: { ...process.env, ...NOBODY, DATA_DIR: dataDir, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  const waiting = new Set<() => void>()
  for (const name of ['out', 'err'] as const)
    child[name === 'out' ? 'stdout' : 'stderr'].on('data', (chunk) => {
      said[name] += chunk
      for (const look of waiting) look()
    })
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, ...said })))
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    ended,
    says: (text) =>
      new Promise((done, fail) => {
        const look = () => {
          if (!said.out.includes(text) && !said.err.includes(text)) return
          waiting.delete(look)
          done()
        }
        waiting.add(look)
        look()
        ended.then(() => fail(new Error(`It ended without saying "${text}":\n${said.out}\n${said.err}`)))
      }),
  }
}

/** What the program does with this line, within this process: the same parts and the same pipes, without a process's start. */
export async function typed(
  dataDir: string,
  line: string,
  more: Record<string, string> = {},
  /** Called when Ctrl-C would be answered. */
  beforeCtrlC?: (parts: Parts, press: () => void) => void,
): Promise<Ended> {
  const said = { out: '', err: '' }
  const env = readEnv(ROOT, { ...process.env, ...NOBODY, DATA_DIR: dataDir, ...more })
  let opened: ReturnType<typeof openTerminalParts> | null = null
  const terminal: Terminal = {
    root: ROOT,
    mcpConfig: env.MCP_CONFIG,
    cwd: dataDir,
    live: false,
    paint: painter(more.FORCE_COLOR === '1'),
    out: (text) => {
      said.out += `${text}\n`
    },
    err: (text) => {
      said.err += `${text}\n`
    },
    write: (text) => {
      said.out += text
    },
    progress: {
      show: (done, total, text) => {
        said.err += `${done}/${total} ${text}\n`
      },
      end: () => {},
    },
    confirm: async () => null,
    onInterrupt(listener) {
      void opened?.then(({ parts }) => beforeCtrlC?.(parts, () => listener(1)))
      return () => {}
    },
    leave: () => {
      throw new Error('Nobody pressed Ctrl-C.')
    },
    async parts() {
      opened ??= openTerminalParts(env, { root: ROOT, paced: false, tell: terminal.err })
      return (await opened).parts
    },
    mcp: async (file) => openMcp(env, ROOT, file),
  }
  let code: number
  try {
    code = await dispatch(wordsOf(line), terminal)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    terminal.err(error.message)
    code = error instanceof WrongUse ? EXIT.wrong_use : EXIT.failed
  }
  await (opened as ReturnType<typeof openTerminalParts> | null)?.then(
    ({ close }) => close(),
    () => {},
  )
  return { code, ...said }
}

/** As a shell would take the line apart; only single quotes. */
const wordsOf = (line: string): string[] =>
  (line.match(/'[^']*'|\S+/g) ?? []).map((word) => (word.startsWith("'") ? word.slice(1, -1) : word))
