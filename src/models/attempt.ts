import { type ModelAnswer, type ModelCall, ModelError } from '../core/model.ts'
import { classify } from './classify.ts'
import { Draft } from './draft.ts'
import { failed } from './failure.ts'
import type { Timeouts } from './provider.ts'
import { retryAfterMs } from './retry-after.ts'
import { scrub } from './scrub.ts'
import { Watch } from './watch.ts'

export interface Attempt {
  call: ModelCall
  timeouts: Timeouts
  /** Never to be repeated in a message. */
  secrets: readonly string[]
  stream: (draft: Draft, watch: Watch) => Promise<ModelAnswer>
}

/**
 * Asks once. Nothing below this retries (the SDKs are told not to): what to do about a failure is decided in one
 * place, by the engine. Whatever goes wrong becomes a ModelError here.
 */
export async function attempt({ call, timeouts, secrets, stream }: Attempt): Promise<ModelAnswer> {
  if (call.signal.aborted) throw failed(call.model, 'aborted')
  const watch = new Watch(within(timeouts, call.patience), call.signal)
  const draft = new Draft(call)
  try {
    const answer = await stream(draft, watch)
    if (call.signal.aborted) throw failed(call.model, 'aborted', { usage: answer.usage })
    return answer
  } catch (error) {
    throw explain(error, { call, secrets, draft, watch })
  } finally {
    watch.stop()
  }
}

function within({ headers, idle, total }: Timeouts, patience = Number.POSITIVE_INFINITY): Timeouts {
  return { headers: Math.min(headers, patience), idle: Math.min(idle, patience), total }
}

interface Circumstances {
  call: ModelCall
  secrets: readonly string[]
  draft: Draft
  watch: Watch
}

function explain(error: unknown, { call, secrets, draft, watch }: Circumstances): ModelError {
  const usage = draft.begun ? draft.usage() : undefined
  if (call.signal.aborted) return failed(call.model, 'aborted', { usage, cause: error })
  if (watch.expired !== null) {
    return failed(call.model, 'timeout', { detail: watch.expired, usage, cause: withoutSecrets(error, secrets) })
  }
  if (error instanceof ModelError) return error
  const complaint = complaintOf(error)
  const cause = withoutSecrets(error, secrets)
  if (complaint === null) {
    const detail = scrub(networkReason(error), secrets)
    return failed(call.model, draft.begun ? 'cut' : 'connection', { detail, usage, cause })
  }
  const { status, text, codes, headers } = complaint
  return failed(call.model, classify({ status, codes, text }), {
    detail: scrub(text, secrets),
    status,
    retryAfterMs: retryAfterMs((name) => headers?.get(name) ?? null, Date.now()),
    usage,
    cause,
  })
}

interface Complaint {
  status: number | undefined
  codes: string[]
  text: string
  headers: Headers | undefined
}

/** What both SDKs' APIError carries; null for an error that no server sent. */
function complaintOf(error: unknown): Complaint | null {
  if (!(error instanceof Error) || !('status' in error)) return null
  const { status, headers, error: body } = error as { status?: unknown; headers?: unknown; error?: unknown }
  if (status === undefined && body === undefined) return null
  // Anthropic's SDK keeps the whole body, OpenAI's what is under `error`.
  const inner = fieldsOf(fieldsOf(body).error ?? body)
  const names = [inner.code, inner.type, fieldsOf(body).type]
  return {
    status: typeof status === 'number' ? status : undefined,
    codes: names.filter((name) => name !== undefined && name !== null).map((name) => String(name).toLowerCase()),
    text: typeof inner.message === 'string' ? inner.message : textOf(body),
    headers: headers instanceof Headers ? headers : undefined,
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  return body === undefined || body === null ? '' : JSON.stringify(body)
}

/** `ECONNREFUSED` and the like sit a few causes down. */
function networkReason(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return error instanceof SyntaxError ? 'its stream was not readable' : ''
}

/** The original error, for the log: with its stack, without the key that a server may have repeated. */
function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  return error instanceof Error ? scrub(`${error.name}: ${error.message}`, secrets) : undefined
}
