/** Reads one response header; null when it is not there. */
export type Header = (name: string) => string | null

/**
 * How long the provider asks to wait, ms; undefined when it does not say. `retry-after` is in seconds or a date
 * (RFC 9110), `retry-after-ms` in ms; OpenAI's `x-ratelimit-reset-*` are durations (`6m0s`), Anthropic's
 * `anthropic-ratelimit-*-reset` are dates, OpenRouter's `x-ratelimit-reset` is a time in ms.
 */
export function retryAfterMs(header: Header, now: number): number | undefined {
  const milliseconds = Number(header('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds
  const asked = header('retry-after')
  if (asked !== null) return /^\s*[\d.]+\s*$/.test(asked) ? Number(asked) * 1000 : until(asked, now)
  const resets = RESETS.flatMap(({ reset, remaining }) => {
    const at = header(reset)
    const spent = remaining === null || Number(header(remaining) ?? 0) <= 0
    const wait = at === null || !spent ? undefined : durationOrDate(at, now)
    return wait === undefined ? [] : [wait]
  })
  return resets.length === 0 ? undefined : Math.max(...resets)
}

const RESETS = [
  { reset: 'x-ratelimit-reset-requests', remaining: 'x-ratelimit-remaining-requests' },
  { reset: 'x-ratelimit-reset-tokens', remaining: 'x-ratelimit-remaining-tokens' },
  { reset: 'anthropic-ratelimit-requests-reset', remaining: 'anthropic-ratelimit-requests-remaining' },
  { reset: 'anthropic-ratelimit-tokens-reset', remaining: 'anthropic-ratelimit-tokens-remaining' },
  { reset: 'x-ratelimit-reset', remaining: null },
]

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function durationOrDate(text: string, now: number): number | undefined {
  if (/^\d+$/.test(text)) return sinceEpoch(Number(text), now)
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)]
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text) {
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit as string] ?? 0), 0)
  }
  return until(text, now)
}

/** A bare number is a time in ms, a time in s, or a duration in s, whichever makes sense. */
function sinceEpoch(value: number, now: number): number {
  if (value > 1e11) return Math.max(0, value - now)
  if (value > 1e9) return Math.max(0, value * 1000 - now)
  return value * 1000
}

function until(date: string, now: number): number | undefined {
  const at = Date.parse(date)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
