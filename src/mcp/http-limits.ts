/**
 * A `fetch` whose answers are cut off when they grow too large: a whole JSON answer, or one event of an event stream, which as a
 * stream may go on for ever. The SDK's transports buffer both without a limit.
 *
 * @param onTooLarge is told to which request the answer was, by its id; null: a stream that carries answers to several.
 */
export function boundedFetch(maxBytes: number, onTooLarge: (id: number | null) => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.body) return response
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    let size = 0
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          size = isStream ? sinceLastEvent(chunk, size) : size + chunk.length
          if (size <= maxBytes) return controller.enqueue(chunk)
          const id = requestId(init)
          onTooLarge(id)
          if (!isStream || id === null) return controller.error(new Error('the answer is too large'))
          // As if it had been answered: the transport would otherwise ask for the rest of the stream again.
          controller.enqueue(encoder.encode(`\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n\n`))
          controller.terminate()
        },
      }),
    )
    return new Response(counted, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }
}

const encoder = new TextEncoder()

/** The id of the one JSON-RPC request that was posted; null when there was none. */
function requestId(init: RequestInit | undefined): number | null {
  if (typeof init?.body !== 'string') return null
  const { id } = JSON.parse(init.body) as { id?: unknown }
  return typeof id === 'number' ? id : null
}

/** Bytes since the last blank line, which ends an event. */
function sinceLastEvent(chunk: Uint8Array, before: number): number {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
  const end = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\r\n\r\n'))
  return end < 0 ? before + chunk.length : chunk.length - end
}
