/**
 * Small servers answer in one piece of JSON although a stream was asked for. Turns such a response into the stream
 * that it stands for; leaves every other response alone.
 */
export async function asStream(response: Response): Promise<Response> {
  if (!response.ok || !/^application\/json/i.test(response.headers.get('content-type') ?? '')) return response
  const text = await response.text()
  const chunk = chunkOf(text)
  if (chunk === null) return new Response(text, { status: response.status, headers: response.headers })
  return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  })
}

function chunkOf(text: string): Record<string, unknown> | null {
  let body: { choices?: { message?: unknown; finish_reason?: unknown }[] }
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  if (!Array.isArray(body.choices)) return body as Record<string, unknown>
  const choices = body.choices.map(({ message, finish_reason }, index) => ({
    index,
    delta: message,
    finish_reason: finish_reason ?? 'stop',
  }))
  return { ...body, object: 'chat.completion.chunk', choices }
}
