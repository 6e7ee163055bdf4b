/** Answers that are no one's fault but the fault's. */
import type { Fault } from '../core/faults.ts'
import { tooMany } from './rate-limits.ts'

interface FaultAnswer {
  status: number
  body?: unknown
  headers?: Record<string, string>
  raw?: { text: string; type: string }
}

const page = (title: string, text: string) =>
  `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>${text}</p><p>cloudflare</p></body>\n</html>\n`

export const BANNED_PAGE = page(
  'Error 1015',
  'You are being rate limited. The owner of this website has banned you temporarily.',
)

/** @returns undefined for kinds that let the request through */
export function faultAnswer(fault: Fault): FaultAnswer | undefined {
  if (fault.kind === 'cloudflare') {
    return {
      status: fault.status ?? 502,
      raw: { text: page('502 Bad Gateway', 'The origin did not answer.'), type: 'text/html; charset=UTF-8' },
      headers: { Server: 'cloudflare' },
    }
  }
  if (fault.kind !== 'status') return undefined
  const status = fault.status ?? 500
  if (status === 429) {
    const { headers, body } = tooMany(fault.scope ?? 'user', fault.retry_after ?? 1)
    return { status, headers, body }
  }
  return { status, body: { message: `${status}: ${NAMES[status] ?? 'Error'}`, code: 0 } }
}

const NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
