/** One line of somebody else's text, short enough for a sentence. */
export function oneLine(text: string, most = 200): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line
}

export const seconds = (ms: number): string => `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`
