import { appendFileSync, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

// An MCP server over stdio that misbehaves in the one way it is told. Written against the wire format, without the SDK.

const how = process.argv[2] ?? ''
const note = process.env.NOTE_FILE

interface Message {
  id?: number
  method?: string
  params?: {
    name?: string
    arguments?: Record<string, unknown>
    cursor?: string
    requestId?: number
    _meta?: { progressToken?: unknown }
  }
}

const write = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const text = (words: string) => ({ content: [{ type: 'text', text: words }] })
const tool = (name: string, annotations = {}) => ({
  ...{ name, description: name, annotations },
  inputSchema: { type: 'object', properties: {} },
})
/** Of `crowd`: who looks, who has side effects, who says far too much, and who never ends. */
const CROWD = [tool('look', { readOnlyHint: true }), tool('paint'), tool('big'), tool('endless')]

if (how === 'exit') {
  process.stderr.write(`Error: the key ${process.env.API_KEY} was refused\n`)
  process.exit(3)
}
if (how === 'garbage') setInterval(() => process.stdout.write('Listening on port 3000\n'), 20)
if (how === 'babbling' || how === 'babbling-hang')
  setInterval(() => process.stdout.write('[debug] still here\n'), 20).unref()
if (how === 'chatty') process.stdout.write('Welcome to the server!\n')
if (how === 'stubborn') {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1000)
}

let pages = 0
createInterface({ input: process.stdin }).on('line', (line) => {
  if (how === 'silent' || how === 'garbage') return
  if (how === 'asleep' && !existsSync(note ?? '')) return
  const message = JSON.parse(line) as Message
  const { id, method, params } = message
  if (method === 'notifications/cancelled' && note) appendFileSync(note, `cancelled ${params?.requestId}\n`)
  if (id === undefined) return
  if (method === 'initialize')
    return write({
      id,
      result: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'misbehaving', version: '1' },
      },
    })
  if (method === 'ping') return how === 'deaf' ? undefined : write({ id, result: {} })
  if (method === 'tools/list') {
    if (how === 'crowd') return write({ id, result: { tools: CROWD } })
    if (how === 'hang') return write({ id, result: { tools: [tool('do'), tool('paint')] } })
    if (how !== 'pages') return write({ id, result: { tools: [tool('do')] } })
    pages++
    const cursor = Number(params?.cursor ?? 0)
    return write({
      id,
      result: { tools: [tool(`do${cursor}`)], ...(cursor < 2 ? { nextCursor: String(cursor + 1) } : {}) },
    })
  }
  if (method !== 'tools/call') return
  if (how === 'crowd') void inCrowd(id, params?.name ?? '')
  else if (how === 'slow') slowly(id, params?._meta?.progressToken)
  else answer(id)
})

let flooding: Promise<void> = Promise.resolve()

async function inCrowd(id: number, name: string): Promise<void> {
  if (note) appendFileSync(note, `${name}\n`)
  if (name === 'big') {
    flooding = flood(id, 'id last')
    return
  }
  if (name === 'endless') return setInterval(() => process.stdout.write('x'.repeat(1024 * 1024)), 1) && undefined
  await new Promise((later) => setTimeout(later, 200))
  await flooding
  write({ id, result: text(`${name} done`) })
}

function answer(id: number): void {
  if (how === 'hang' || how === 'deaf' || how === 'babbling-hang') return
  if (how === 'die') process.exit(9)
  if (how === 'refuse')
    return void write({ id, error: { code: -32603, message: `the key ${process.env.API_KEY} ran out` } })
  if (how === 'nonsense') return void write({ id, result: { content: 'not a list' } })
  if (how === 'failing') return void write({ id, result: { isError: true, ...text('the kiln is cold') } })
  if (how === 'huge') return void flood(id)
  if (how === 'secret') {
    process.stderr.write(`using ${process.env.API_KEY}\n`)
    return void write({
      id,
      result: { ...text(`key=${process.env.API_KEY}`), structuredContent: { env: [process.env.API_KEY] } },
    })
  }
  if (how === 'env') return void write({ id, result: text(JSON.stringify(process.env)) })
  write({ id, result: text(how === 'pages' ? `${pages} pages` : `${process.cwd()} ${process.pid}`) })
}

/** 50 MB in one answer, as fast as the reader takes it. */
async function flood(id: number, order: 'id first' | 'id last' = 'id first'): Promise<void> {
  process.stdout.write(
    `{${order === 'id first' ? `"jsonrpc":"2.0","id":${id},` : ''}"result":{"content":[{"type":"text","text":"`,
  )
  const piece = 'x'.repeat(1024 * 1024)
  for (let i = 0; i < 50; i++)
    if (!process.stdout.write(piece)) await new Promise((drained) => process.stdout.once('drain', drained))
  process.stdout.write(`"}]}${order === 'id last' ? `,"jsonrpc":"2.0","id":${id}` : ''}}\n`)
}

/** Tells ten times how far it is, then is done. */
function slowly(id: number, progressToken: unknown): void {
  let step = 0
  const timer = setInterval(() => {
    step++
    write({ method: 'notifications/progress', params: { progressToken, progress: step, total: 10 } })
    if (step < 10) return
    clearInterval(timer)
    write({ id, result: text('done slowly') })
  }, 60)
}
