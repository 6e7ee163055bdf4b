/** Answers that are no one's fault but the fault's. */
import { STATUS_CODES } from 'node:http'
import type { Fault } from '../core/faults.ts'
import { type RateLimits, tooMany } from './rate-limits.ts'
import type { Route } from './route.ts'

interface FaultAnswer {
  status: number
  body?: unknown
  headers?: Record<string, string>
  raw?: { text: string; type: string }
}

const page = (title: string, text: string) =>
  `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>${text}</p><p>cloudflare</p></body>\n</html>\n`

/** https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans */
export const BANNED_PAGE = page(
  'Error 1015',
  'You are being rate limited. The owner of this website has banned you temporarily.',
)

/** @returns undefined for kinds that let the request through */
export function faultAnswer(fault: Fault, limits: RateLimits, route: Route | undefined): FaultAnswer | undefined {
  if (fault.kind === 'cloudflare') {
    const status = fault.status ?? 502
    return {
      status,
      raw: { text: page(nameOf(status), 'The origin did not answer.'), type: 'text/html; charset=UTF-8' },
      headers: { Server: 'cloudflare' },
    }
  }
  if (fault.kind !== 'status') return undefined
  const status = fault.status ?? 500
  if (status === 429) {
    const { scope = 'user', retry_after: seconds = 1 } = fault
    const { headers, body } = tooMany(scope, seconds)
    // All but the global limit's name their bucket. https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit-rate-limit-response-example
    const bucket = route && scope !== 'global' ? limits.usedUp(route, seconds) : {}
    return { status, headers: { ...bucket, ...headers }, body }
  }
  return { status, body: { message: nameOf(status).replace(' ', ': '), code: 0 } }
}

/** `503 Service Unavailable` */
const nameOf = (status: number) => `${status} ${STATUS_CODES[status] ?? 'Error'}`
