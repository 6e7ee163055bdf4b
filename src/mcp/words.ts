/** One line of somebody else's text, short enough for a sentence. */
export function oneLine(text: string, most = 200): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line
}

export const seconds = (ms: number): string => `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`

/** What an error says, without the prefixes of the SDK. `fetch failed` says nothing; its cause does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  const text = inner instanceof Error && /fetch failed|terminated/.test(error.message) ? inner.message : error.message
  return text.replace(/^(?:MCP error -?\d+|SSE error|Streamable HTTP error): /, '').replace(/[.\s]+$/, '')
}
