import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import { Lines, type PassedOver } from './lines.ts'

export interface StdioOptions {
  command: string
  args: string[]
  env: Record<string, string>
  cwd: string
  /** Bytes of one message that are held; the rest of a longer one is passed over. */
  maxBytes: number
  onStderr(line: string): void
  /** A line on stdout that is no JSON-RPC message. */
  onGarbage(line: string): void
  /** A message was too long. `id`: of the request that it answers; null: nobody knows, and the process was ended. */
  onTooLarge(id: number | null): void
}

/** A line that is so many times as long as a message may be has no end. */
const ENDLESS = 16

/** How long a server may take to go when its stdin is closed, and again when it is told to (ms). */
const GRACE_MS = 1500
const STDERR_LINE = 2000

/**
 * MCP over a child's stdin and stdout, one JSON message a line (specification: "stdio transport"). In place of the SDK's, which copies
 * all it has buffered at every chunk, and says neither with which code the process ended nor what it wrote that was no message.
 * The child stays in our process group.
 */
export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #options: StdioOptions
  #child: ChildProcessByStdio<Writable, Readable, Readable> | null = null
  #ended: Promise<void> = Promise.resolve()
  #closed = false
  /** How the process ended: `code 1`, `signal SIGKILL`; null while it runs. */
  exit: string | null = null

  constructor(options: StdioOptions) {
    this.#options = options
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  async start(): Promise<void> {
    const { command, args, env, cwd, maxBytes, onStderr, onGarbage, onTooLarge } = this.#options
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
    this.#child = child
    const tooLarge = (id: number | null) => {
      if (this.#closed) return
      onTooLarge(id)
      if (id === null) child.kill('SIGKILL')
    }
    const stdout = new Lines(maxBytes, (line) => this.#take(line, onGarbage), {
      onPassed: (line) => tooLarge(answeredId(line)),
      most: ENDLESS * maxBytes,
    })
    const stderr = new Lines(STDERR_LINE, (line) => onStderr(line.toString('utf8')), 'cut')
    child.stdin.on('error', (error) => this.onerror?.(error))
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.#closed && !stdout.push(chunk)) tooLarge(null)
    })
    child.stdout.on('error', (error) => this.onerror?.(error))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = signal ? `signal ${signal}` : `code ${code}`
      })
      // After `exit`, when all it wrote has been read; a grandchild that keeps the pipes open must not hold that up for long.
      child.once('exit', () => setTimeout(() => this.#gone(), GRACE_MS).unref())
      child.once('close', () => {
        stderr.end()
        this.#gone()
        resolve()
      })
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.on('error', (error) => this.onerror?.(error))
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const child = this.#child
    if (!child || this.#closed || !child.stdin.writable) throw new Error('the process is gone')
    if (child.stdin.write(`${JSON.stringify(message)}\n`)) return
    await new Promise<void>((resolve) => {
      child.stdin.once('drain', resolve)
      child.once('close', () => resolve())
    })
  }

  async close(): Promise<void> {
    const child = this.#child
    this.#gone()
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    child.stdin.end()
    if (await this.#endsWithin(GRACE_MS)) return
    child.kill('SIGTERM')
    if (await this.#endsWithin(GRACE_MS)) return
    child.kill('SIGKILL')
    await this.#endsWithin(GRACE_MS)
  }

  /** For when the bot itself ends at once. */
  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  #take(line: Buffer, onGarbage: (line: string) => void): void {
    if (this.#closed) return
    const text = line.toString('utf8').trim()
    if (text === '') return
    let message: JSONRPCMessage
    try {
      message = JSONRPCMessageSchema.parse(JSON.parse(text))
    } catch {
      onGarbage(text.slice(0, STDERR_LINE))
      return
    }
    this.onmessage?.(message)
  }

  #gone(): void {
    if (this.#closed) return
    this.#closed = true
    this.onclose?.()
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms)
    })
    const ended = await Promise.race([this.#ended.then(() => true), late])
    clearTimeout(timer)
    return ended
  }
}

const VERSION = '"jsonrpc"\\s*:\\s*"2\\.0"'
const ID = '"id"\\s*:\\s*(\\d+)'
const OUTCOME = '"(?:result|error)"\\s*:'
const ID_FIRST = new RegExp(`^\\s*\\{\\s*(?:${VERSION}\\s*,\\s*)?${ID}\\s*,\\s*(?:${VERSION}\\s*,\\s*)?${OUTCOME}`)
const ANSWER = new RegExp(`^\\s*\\{\\s*(?:${VERSION}\\s*,\\s*)?${OUTCOME}`)
const ID_LAST = new RegExp(`,\\s*${ID}\\s*(?:,\\s*${VERSION}\\s*)?\\}\\s*$`)

/** The id of an answer of which only both ends are known: it stands before the result, or (as the SDKs write it) behind it. */
function answeredId({ head, tail }: PassedOver): number | null {
  const found = ID_FIRST.exec(head)?.[1] ?? (ANSWER.test(head) ? ID_LAST.exec(tail)?.[1] : undefined)
  return found === undefined ? null : Number(found)
}
