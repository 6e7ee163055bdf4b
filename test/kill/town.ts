import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { messageEvents, ProviderServer, sse } from '../models/provider-server.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** A sandbox, a provider and a bot, each a process of its own (the provider lives in the test's). */
export interface Town {
  url: string
  dataDir: string
  provider: ProviderServer
  /** Starts the bot and resolves when it is ready, or when it was killed before. */
  startBot(): Promise<void>
  /** SIGKILL, at once. */
  killBot(): Promise<void>
  /** SIGTERM; resolves with its exit code. */
  endBot(): Promise<number | null>
  botErrors(): string
  /** Resident memory of the bot's process. */
  botResidentMb(): number
  /** `target`: the message of a message menu. */
  command(text: string, channel: string, target?: string): Promise<{ response: Message | null }>
  messages(channelId: string): Promise<Message[]>
  threads(): Promise<{ id: string; name: string; thread_metadata: { archived: boolean } }[]>
  get<T>(path: string): Promise<T>
  post(path: string, body: unknown): Promise<Response>
  close(): Promise<void>
}

export interface Message {
  id: string
  type: number
  content: string
  flags?: number
  webhook_id?: string
  author: { id: string; username: string }
  embeds: { fields?: { name: string; value: string }[]; footer?: { text: string } }[]
}

export interface TownOptions {
  limits?: 'on' | 'off'
  /** Added to the bot's environment. */
  env?: Record<string, string>
  /** The sandbox in the bot's own process, as `npm start` has it. */
  embedded?: boolean
  /** The bot's project folder; absent: this one. */
  root?: string
}

export async function startTown(options: TownOptions = {}): Promise<Town> {
  const dataDir = mkdtempSync(join(tmpdir(), 'backrooms-town-'))
  const [sandboxPort, botPort] = [await freePort(), await freePort()]
  const provider = await new ProviderServer().start()
  const url = `http://127.0.0.1:${options.embedded ? botPort : sandboxPort}`
  const clean = { PATH: process.env.PATH, HOME: process.env.HOME }
  let bot: ChildProcess | null = null
  const limits = { SANDBOX_LIMITS: options.limits ?? 'off' }
  const sandbox = options.embedded
    ? null
    : spawn(process.execPath, ['src/sandbox/main.ts'], {
        cwd: ROOT,
        env: { ...clean, DATA_DIR: dataDir, PORT: String(sandboxPort), ...limits },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
  // Nothing is left behind by a test that fails.
  process.once('exit', () => {
    for (const child of [bot, sandbox]) child?.kill('SIGKILL')
  })
  if (sandbox) await reachable(`${url}/sandbox`, sandbox)
  const discord = sandbox ? { DISCORD_TOKEN: await tokenOf(url), DISCORD_API_URL: `${url}/api` } : limits
  let errors = ''

  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const botEnv = {
    ...clean,
    DATA_DIR: dataDir,
    PORT: String(botPort),
    ...discord,
    ANTHROPIC_API_KEY: 'test-key',
    ANTHROPIC_BASE_URL: provider.url,
    LOG_LEVEL: 'error',
    ...options.env,
  }

  return {
    url,
    dataDir,
    provider,
    async startBot() {
      const child = spawn(process.execPath, ['src/main.ts'], {
        cwd: options.root ?? ROOT,
        env: botEnv,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child.stderr?.on('data', (chunk) => {
        errors += chunk
      })
      bot = child
      await reachable(`http://127.0.0.1:${botPort}/healthz`, child).catch((error) => {
        if (child.signalCode !== 'SIGKILL') throw new Error(`${error.message}\n${errors}`)
      })
    },
    async killBot() {
      if (!bot || bot.exitCode !== null || bot.signalCode !== null) return
      const gone = once(bot, 'exit')
      bot.kill('SIGKILL')
      await gone
    },
    async endBot() {
      if (!bot) return null
      const gone = once(bot, 'exit')
      bot.kill('SIGTERM')
      return ((await gone) as [number | null])[0]
    },
    botErrors: () => errors,
    botResidentMb() {
      const [, pages] = readFileSync(`/proc/${bot?.pid}/statm`, 'utf8').split(' ')
      return Math.round((Number(pages) * 4096) / 1024 / 1024)
    },
    async command(text, channel, target) {
      const response = await post('/sandbox/commands', { text, channel, user: 'ada', ...(target ? { target } : {}) })
      if (!response.ok) throw new Error(`${text}: ${response.status} ${await response.text()}`)
      return (await response.json()) as { response: Message | null }
    },
    messages: (channelId) => get(`${url}/sandbox/channels/${channelId}/messages?user=ada`),
    async threads() {
      const channels = await get<{ id: string; type: number; name: string; thread_metadata: { archived: boolean } }[]>(
        `${url}/sandbox/channels`,
      )
      return channels.filter((channel) => channel.type === 11)
    },
    get: (path) => get(`${url}${path}`),
    post,
    async close() {
      for (const child of [bot, sandbox]) {
        if (!child || child.exitCode !== null || child.signalCode !== null) continue
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
      await provider.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Every answer is its own: numbered, of a length that needs one to three messages, written in pieces. */
export function uniqueAnswers(provider: ProviderServer, paceMs: number): void {
  let nth = 0
  provider.respond = async (response, request) => {
    const number = nth++
    const lines = Array.from(
      { length: 3 + ((number * 7) % 40) },
      (_, line) => `answer ${number}, line ${line}: ${'lorem ipsum '.repeat(6)}`,
    )
    const pieces = lines.map((line) => `${line}\n`)
    pieces.push(`the end of answer ${number}`)
    const events = messageEvents(pieces)
    const half = Math.floor(events.length / 2)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events.slice(0, half).join(''))
    await new Promise((done) => setTimeout(done, paceMs))
    if (response.destroyed) return
    await sse(events.slice(half))(withoutHead(response), request)
  }
}

/** The head is out already. */
function withoutHead(response: Parameters<ReturnType<typeof sse>>[0]) {
  response.writeHead = () => response
  return response
}

async function tokenOf(url: string): Promise<string> {
  return (await get<{ token: string }>(`${url}/sandbox`)).token
}

async function get<T>(address: string): Promise<T> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

async function reachable(address: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${address} never answered: its process ended.`)
    const response = await fetch(address).catch(() => null)
    if (response?.ok) return
    await new Promise((done) => setTimeout(done, 50))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
