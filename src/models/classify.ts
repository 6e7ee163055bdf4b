import type { ModelFailure } from '../core/model.ts'

/** What is known of a request that failed: the HTTP status where there was one, and the provider's own words. */
export interface Trouble {
  status: number | undefined
  /** Machine-readable names: `error.type`, `error.code`, in lower case. */
  codes: readonly string[]
  text: string
}

/**
 * Sorts a provider's complaint. Wording is looked at before the status, because providers put
 * different things under 400, 403 and 429. Sources: the error pages of platform.claude.com/docs,
 * platform.openai.com/docs/guides/error-codes, openrouter.ai/docs/api-reference/errors, and the
 * messages of llama.cpp's, Ollama's and vLLM's servers.
 */
export function classify(trouble: Trouble): ModelFailure {
  for (const [failure, wording] of BY_WORDING) if (wording.test(trouble.text)) return failure
  for (const code of trouble.codes) {
    const failure = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
    if (failure !== undefined) return failure
  }
  const status = trouble.status ?? statusIn(trouble.codes)
  return status === undefined ? 'server' : byStatus(status)
}

const BY_WORDING: readonly (readonly [ModelFailure, RegExp])[] = [
  [
    'context',
    /context[ _](?:length|window|size|limit)|maximum (?:context|prompt) length|prompt is too long|(?:prompt|input) (?:is )?too (?:long|large)|too many (?:input )?tokens|input token count|exceeds? the (?:available )?context|input length/i,
  ],
  [
    'credit',
    /credit balance|insufficient (?:credit|fund|balance|quota)|exceeded your current quota|out of credits?|more credits|billing|key limit exceeded|spend(?:ing)? limit|payment required/i,
  ],
  [
    'refusal',
    /content (?:filter|policy|management)|usage polic|flagged|moderation|safety (?:system|filter)|blocked by/i,
  ],
  ['overloaded', /\boverloaded\b|server busy|at capacity|no instances? available/i],
  [
    'gone',
    /not a valid model|model.{0,80}(?:not found|does not exist|deprecated|decommissioned|retired|no longer)|unknown model|no endpoints found for/i,
  ],
  ['auth', /(?:invalid|incorrect|missing|no) (?:x-)?api[ -]?key|no auth credentials|user not found/i],
]

const BY_CODE: Readonly<Record<string, ModelFailure>> = {
  context_length_exceeded: 'context',
  exceed_context_size_error: 'context',
  request_too_large: 'context',
  string_above_max_length: 'context',
  insufficient_quota: 'credit',
  billing_error: 'credit',
  billing_hard_limit_reached: 'credit',
  content_filter: 'refusal',
  content_policy_violation: 'refusal',
  invalid_api_key: 'auth',
  authentication_error: 'auth',
  permission_error: 'auth',
  model_not_found: 'gone',
  not_found_error: 'gone',
  rate_limit_error: 'rate_limited',
  rate_limit_exceeded: 'rate_limited',
  tokens: 'rate_limited',
  requests: 'rate_limited',
  overloaded_error: 'overloaded',
  timeout_error: 'timeout',
  api_error: 'server',
  server_error: 'server',
  invalid_request_error: 'bad_request',
}

function byStatus(status: number): ModelFailure {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402) return 'credit'
  if (status === 404 || status === 410) return 'gone'
  if (status === 408 || status === 504 || status === 524) return 'timeout'
  if (status === 413) return 'context'
  if (status === 429) return 'rate_limited'
  if (status === 503 || status === 529) return 'overloaded'
  if (status >= 500 || status === 409 || status === 425) return 'server'
  return 'bad_request'
}

/** OpenRouter names a status as the error's code when the trouble comes inside a stream. */
function statusIn(codes: readonly string[]): number | undefined {
  const status = codes.map(Number).find((code) => code >= 400 && code < 600)
  return status
}
