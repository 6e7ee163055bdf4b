import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export type Respond = (response: ServerResponse, request: Received) => void | Promise<void>

/** A provider's HTTP side whose every answer a test writes by hand, byte for byte. */
export class ProviderServer {
  readonly received: Received[] = []
  respond: Respond = (response) => void response.writeHead(500).end()
  readonly #server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = JSON.parse(Buffer.concat(pieces).toString() || '{}')
    const received = { path: request.url ?? '', headers: request.headers, body }
    this.received.push(received)
    await this.respond(response, received)
  })

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** An answer that is no stream. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Respond {
  return (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Events, and then the end; with `cut` the connection breaks instead, with `hang` nothing more comes. */
export function sse(events: readonly string[], then: 'end' | 'cut' | 'hang' = 'end'): Respond {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events.join(''), () => {
      if (then === 'end') response.end()
      if (then === 'cut') response.socket?.destroy()
    })
  }
}

const named = (event: { type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

export interface MessageParts {
  thinking?: string
  stop?: string
  input?: Record<string, number>
  output?: number
  tool?: { id: string; name: string; json: string[] }
}

/** A stream of Anthropic's Messages API. */
export function messageEvents(pieces: readonly string[], parts: MessageParts = {}): string[] {
  const { thinking, stop = 'end_turn', input = { input_tokens: 10 }, output = 5, tool } = parts
  const usage = { cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 1, ...input }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage }
  const events: { type: string; [key: string]: unknown }[] = [{ type: 'message_start', message }, { type: 'ping' }]
  let index = 0
  if (thinking !== undefined) {
    events.push({
      type: 'content_block_start',
      index,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    })
    events.push({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking } })
    events.push({ type: 'content_block_stop', index: index++ })
  }
  if (pieces.length > 0) {
    events.push({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } })
    for (const text of pieces) events.push({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } })
    events.push({ type: 'content_block_stop', index: index++ })
  }
  if (tool !== undefined) {
    const { id, name } = tool
    events.push({ type: 'content_block_start', index, content_block: { type: 'tool_use', id, name, input: {} } })
    for (const partial_json of tool.json) {
      events.push({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } })
    }
    events.push({ type: 'content_block_stop', index })
  }
  events.push({
    type: 'message_delta',
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: output },
  })
  events.push({ type: 'message_stop' })
  return events.map(named)
}

export const errorEvent = (type: string, message: string) => named({ type: 'error', error: { type, message } } as never)

/** Chunks of a Chat Completions stream from their deltas. `finish: null` leaves the end out, `usage: null` the figures. */
export function chatChunks(
  deltas: readonly Record<string, unknown>[],
  more: { finish?: string | null; usage?: Record<string, unknown> | null } = {},
): string[] {
  const { finish = 'stop', usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } } = more
  const base = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' }
  const chunks: object[] = deltas.map((delta) => ({ ...base, choices: [{ index: 0, delta, finish_reason: null }] }))
  if (finish !== null) chunks.push({ ...base, choices: [{ index: 0, delta: {}, finish_reason: finish }] })
  if (usage !== null) chunks.push({ ...base, choices: [], usage })
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  return finish === null ? events : [...events, 'data: [DONE]\n\n']
}

export const says = (...pieces: string[]) => pieces.map((content) => ({ content }))
