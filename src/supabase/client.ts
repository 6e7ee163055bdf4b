import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Log } from '../engine/ports.ts'

export type Client = SupabaseClient

/** How often a request that was refused for its pace, or failed on Supabase's side, is made again, and the first wait (ms). */
const TRIES = 3
const FIRST_WAIT = 500
/** Longest wait (ms) that is taken because the server asks for it; how long one request may take. */
const LONGEST_WAIT = 20_000
const TIME_LIMIT = 30_000

/** The person's Supabase, or null where the environment names none. */
export function supabaseOf(
  env: { SUPABASE_URL?: string; SUPABASE_KEY?: string },
  log?: Pick<Log, 'warn'>,
): Client | null {
  const { SUPABASE_URL: url, SUPABASE_KEY: key } = env
  if (url !== undefined && key === undefined)
    log?.warn({}, 'SUPABASE_URL is set and SUPABASE_KEY is not: dreams and archive stay on this machine')
  return url === undefined || key === undefined ? null : supabase(url, key)
}

/** Nothing is kept or refreshed: a key is all there is. */
export function supabase(url: string, key: string): Client {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // Its own retries know no 429 and no upserts.
    db: { retry: false },
    global: { fetch: patientFetch },
  })
}

/** Waits and tries again on 429 and 5xx; reads and upserts may be repeated safely, and nothing else is sent. */
async function patientFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const limit = AbortSignal.timeout(TIME_LIMIT)
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
    const response = await fetch(input, { ...init, signal })
    if ((response.status !== 429 && response.status < 500) || attempt === TRIES) return response
    const asked = Number(response.headers.get('retry-after')) * 1000
    const wait = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT * 2 ** (attempt - 1), asked || 0))
    await response.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
