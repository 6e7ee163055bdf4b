import { createInterface } from 'node:readline/promises'
import type { Mcp } from '../core/mcp.ts'
import type { CliIo } from './io.ts'
import type { Parts } from './parts.ts'

/** Colours and weights; each returns its text unchanged where colours are not wanted. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  /** The opening and closing codes of a colour, by number from 0: each actor has one of six. */
  actor(index: number): { on: string; off: string }
}

/** Where a command runs: what it sees of the person and the machine. */
export interface Terminal extends CliIo {
  /** stdout without a line's end. */
  write(text: string): void
  /** stdout is a terminal, which a person reads while it is written. */
  live: boolean
  paint: Paint
  /** The folder in which the person typed the command: paths are meant from there. */
  cwd: string
  /** Shows how far long work is: a bar on a terminal, plain lines in a pipe. On stderr. */
  progress: Progress
  /** Null when nobody is there to be asked. */
  confirm(question: string): Promise<boolean | null>
  /** While a listener is set, Ctrl-C is its to answer; else it ends the process. */
  onInterrupt(listener: (nth: number) => void): () => void
  /** Leaves at once, in order: what is going stays as it is in the store, and the exit code is 130. */
  leave(): void
  /** The program's parts, opened when first asked for. `paced`: the offline voice speaks slowly enough to be read. */
  parts(how?: { paced?: boolean }): Promise<Parts>
  /** The MCP servers of this file (absolute, or from the project's folder). Whoever opens it closes it. */
  mcp(configFile: string): Promise<Mcp>
}

export interface Progress {
  show(done: number, total: number | null, text: string): void
  /** Takes the bar away. */
  end(): void
}

/** npm and a terminal both pass Ctrl-C on, so the first may arrive twice; only one this much later (ms) is a second wish. */
const SAME_WISH = 300

/** Plain lines come at most this often (ms). */
const PLAIN_EVERY = 2000
const BAR = 24

export function processTerminal(
  given: Pick<Terminal, 'root' | 'mcpConfig' | 'cwd' | 'parts' | 'mcp' | 'leave'>,
): Terminal {
  const { stdout, stderr, stdin } = process
  const colour = wantsColour(stdout)
  let listener: ((nth: number) => void) | null = null
  let presses = 0
  let last = 0
  const told = () => {
    const now = performance.now()
    if (last !== 0 && now - last < SAME_WISH) return
    last = now
    if (listener) listener(++presses)
    else given.leave()
  }
  process.on('SIGINT', told)
  process.on('SIGTERM', () => given.leave())
  const progress = stderr.isTTY ? bar(stderr, wantsColour(stderr)) : plainLines(stderr)
  const line = (stream: NodeJS.WriteStream) => (text: string) => {
    if (stderr.isTTY) progress.end()
    stream.write(`${text}\n`)
  }
  return {
    ...given,
    out: line(stdout),
    err: line(stderr),
    write: (text) => void stdout.write(text),
    live: stdout.isTTY === true,
    paint: painter(colour),
    progress,
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) return null
      const reader = createInterface({ input: stdin, output: stderr })
      reader.once('SIGINT', () => given.leave())
      const answer = await reader.question(`${question} [y/N] `)
      reader.close()
      return /^y(es)?$/i.test(answer.trim())
    },
    onInterrupt(next) {
      listener = next
      presses = 0
      return () => {
        listener = null
      }
    },
  }
}

/** https://no-color.org and https://force-color.org. */
function wantsColour(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return stream.isTTY === true && process.env.TERM !== 'dumb'
}

const ACTORS = [36, 33, 35, 32, 34, 31]

export function painter(colour: boolean): Paint {
  const code = (on: number, off: number) => (text: string) => (colour ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    actor: (index) =>
      colour ? { on: `\u001b[${ACTORS[index % ACTORS.length]}m`, off: '\u001b[39m' } : { on: '', off: '' },
  }
}

function bar(stream: NodeJS.WriteStream, colour: boolean): Progress {
  let shown = false
  return {
    show(done, total, text) {
      const filled = total === null || total === 0 ? 0 : Math.round((BAR * done) / total)
      const drawn = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`
      const figures = total === null ? `${done}` : `${done}/${total}`
      const line = `${colour ? `\u001b[36m${drawn}\u001b[39m` : drawn} ${figures} ${text}`
      const room = (stream.columns || 80) - 1
      stream.write(`\r\u001b[2K${colour ? line.slice(0, room + 10) : line.slice(0, room)}`)
      shown = true
    },
    end() {
      if (shown) stream.write('\r\u001b[2K')
      shown = false
    },
  }
}

function plainLines(stream: NodeJS.WriteStream): Progress {
  let last = Number.NEGATIVE_INFINITY
  let said = ''
  return {
    show(done, total, text) {
      const line = `${total === null ? done : `${done}/${total}`} ${text}`.trimEnd()
      const finished = total !== null && done >= total
      const now = performance.now()
      if (line === said || (!finished && now - last < PLAIN_EVERY)) return
      last = now
      said = line
      stream.write(`${line}\n`)
    },
    end() {},
  }
}
