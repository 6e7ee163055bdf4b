import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelFailure, ModelInfo } from '../../src/core/model.ts'
import { ModelError } from '../../src/core/model.ts'
import { createModels } from '../../src/models/models.ts'
import { modelCall, modelInfo } from './calls.ts'
import {
  chatChunks,
  errorEvent,
  json,
  messageEvents,
  ProviderServer,
  type Respond,
  says,
  sse,
} from './provider-server.ts'

const SECRET = 'sk-test-0123456789abcdef'
const IMPATIENT = { headers: 150, idle: 150, total: 2000 }
let server: ProviderServer

beforeAll(async () => {
  server = await new ProviderServer().start()
})
beforeEach(() => {
  server.received.length = 0
})
afterAll(() => server.stop())

function models(env: Record<string, string> = {}, timeouts = {}) {
  const local = `${server.url}/v1`
  return createModels({
    env: {
      ANTHROPIC_API_KEY: SECRET,
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_API_KEY: SECRET,
      OPENAI_BASE_URL: local,
      OPENROUTER_API_KEY: SECRET,
      OPENROUTER_BASE_URL: local,
      OLLAMA_BASE_URL: local,
      ...env,
    },
    timeouts,
  })
}

async function failureOf(model: ModelInfo, respond: Respond, timeouts = {}): Promise<ModelError> {
  server.respond = respond
  const error = await models({}, timeouts)
    .call(modelCall(model))
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ModelError)
  return error as ModelError
}

const anthropic = modelInfo('anthropic')
const openai = modelInfo('openai')
const openrouter = modelInfo('openrouter')
const ollama = modelInfo('ollama', { api_name: 'llama3.2' })

const ofAnthropic = (status: number, type: string, message: string, headers = {}) =>
  json(status, { type: 'error', error: { type, message } }, headers)
const ofOpenAi = (status: number, message: string, more: { code?: string | null; type?: string } = {}, headers = {}) =>
  json(status, { error: { message, param: null, code: null, type: 'invalid_request_error', ...more } }, headers)
const ofRouter = (code: number, message: string, metadata = {}) => json(code, { error: { code, message, metadata } })

type Case = [what: string, expected: ModelFailure, model: ModelInfo, respond: Respond]

const REFUSED_REQUESTS: Case[] = [
  [
    'too many requests',
    'rate_limited',
    anthropic,
    ofAnthropic(429, 'rate_limit_error', 'Number of request tokens has exceeded your per-minute limit'),
  ],
  ['overload', 'overloaded', anthropic, ofAnthropic(529, 'overloaded_error', 'Overloaded')],
  ['an error of its own', 'server', anthropic, ofAnthropic(500, 'api_error', 'Internal server error')],
  ['a wrong key', 'auth', anthropic, ofAnthropic(401, 'authentication_error', 'invalid x-api-key')],
  [
    'no credit',
    'credit',
    anthropic,
    ofAnthropic(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
  ],
  ['a model that is gone', 'gone', anthropic, ofAnthropic(404, 'not_found_error', 'model: claude-2')],
  [
    'an over-long context',
    'context',
    anthropic,
    ofAnthropic(400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'),
  ],
  [
    'an over-long request',
    'context',
    anthropic,
    ofAnthropic(413, 'request_too_large', 'Request exceeds the maximum size'),
  ],
  [
    'a bad request',
    'bad_request',
    anthropic,
    ofAnthropic(
      400,
      'invalid_request_error',
      'max_tokens: 9000 > 8192, which is the maximum allowed number of output tokens',
    ),
  ],
  [
    'too many requests',
    'rate_limited',
    openai,
    ofOpenAi(429, 'Rate limit reached for gpt-4o', { code: 'rate_limit_exceeded', type: 'requests' }),
  ],
  [
    'no quota',
    'credit',
    openai,
    ofOpenAi(429, 'You exceeded your current quota, please check your plan.', {
      code: 'insufficient_quota',
      type: 'insufficient_quota',
    }),
  ],
  ['a wrong key', 'auth', openai, ofOpenAi(401, `Incorrect API key provided: ${SECRET}.`, { code: 'invalid_api_key' })],
  [
    'a model that is gone',
    'gone',
    openai,
    ofOpenAi(404, 'The model `gpt-0` does not exist or you do not have access to it.', { code: 'model_not_found' }),
  ],
  [
    'an over-long context',
    'context',
    openai,
    ofOpenAi(400, "This model's maximum context length is 128000 tokens.", { code: 'context_length_exceeded' }),
  ],
  [
    'a refused prompt',
    'refusal',
    openai,
    ofOpenAi(400, 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.', {
      code: 'invalid_prompt',
    }),
  ],
  [
    'a bad request',
    'bad_request',
    openai,
    ofOpenAi(400, "Unsupported value: 'temperature' does not support 0.5 with this model.", {
      code: 'unsupported_value',
    }),
  ],
  [
    'trouble behind a gateway',
    'server',
    openai,
    (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>'),
  ],
  ['no answer behind a gateway', 'timeout', openai, (response) => void response.writeHead(504).end()],
  [
    'no credit',
    'credit',
    openrouter,
    ofRouter(402, 'Insufficient credits. Add more using https://openrouter.ai/settings/credits'),
  ],
  ['a model that is gone', 'gone', openrouter, ofRouter(400, 'nous/hermes-0 is not a valid model ID')],
  ['nobody to route to', 'overloaded', openrouter, ofRouter(503, 'No provider is available')],
  ['moderation', 'refusal', openrouter, ofRouter(403, 'Your input was flagged', { reasons: ['violence'] })],
  [
    'an over-long context',
    'context',
    openrouter,
    ofRouter(400, "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens."),
  ],
  [
    'a model not fetched',
    'gone',
    ollama,
    ofOpenAi(404, 'model "llama3.2" not found, try pulling it first', { type: 'api_error' }),
  ],
  [
    'an over-long context',
    'context',
    ollama,
    ofOpenAi(400, 'the request exceeds the available context size, try increasing it', {
      type: 'exceed_context_size_error',
    }),
  ],
]

describe('a request that is refused', () => {
  it.each(REFUSED_REQUESTS)('%s is %s', async (_what, expected, model, respond) => {
    const error = await failureOf(model, respond)
    expect(error.failure).toBe(expected)
    expect(error.message).toMatch(/^[^\n]{40,400}\.$/)
    expect(`${error.message}${error.cause}`).not.toContain(SECRET)
    expect(server.received).toHaveLength(1)
  })

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after-ms': '350', 'retry-after': '1' }, 350],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m2s' }, 62_000],
    [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '20ms' }, undefined],
  ])('says how long to wait, as in %j', async (headers, expected) => {
    const error = await failureOf(openai, ofOpenAi(429, 'Rate limit reached', {}, headers))
    expect(error.retryAfterMs).toBe(expected)
  })

  it('names the model, the provider and what to do', async () => {
    const error = await failureOf(ollama, ofOpenAi(404, 'model "llama3.2" not found'))
    expect(error.message).toContain('local model server')
    expect(error.message).toContain('ollama pull llama3.2')
  })
})

describe('a stream that fails', () => {
  it.each([
    ['Anthropic', anthropic, messageEvents(['Half of ', 'it']).slice(0, 4)],
    ['OpenAI', openai, chatChunks(says('Half of ', 'it'), { finish: null, usage: null })],
  ])('is cut when %s ends it without an end', async (_name, model, events) => {
    for (const then of ['end', 'cut'] as const) {
      const error = await failureOf(model, sse(events, then))
      expect(error.failure).toBe('cut')
      expect(error.usage?.cost).toBeGreaterThan(0)
    }
  })

  it.each([
    ['Anthropic', anthropic, messageEvents(['One ', 'word']).slice(0, 4)],
    ['OpenAI', openai, chatChunks(says('One ', 'word'), { finish: null })],
  ])('times out when %s falls silent', async (_name, model, events) => {
    expect((await failureOf(model, sse(events, 'hang'), IMPATIENT)).failure).toBe('timeout')
  })

  it('times out when no response comes', async () => {
    expect((await failureOf(openai, () => {}, IMPATIENT)).failure).toBe('timeout')
  })

  it.each([
    ['Anthropic', anthropic],
    ['OpenAI', openai],
  ])('waits for %s no longer than a call asks', async (_name, model) => {
    server.respond = () => {}
    const failure = models({}, { headers: 60_000, idle: 60_000, total: 60_000 }).call(
      modelCall(model, { patience: 100 }),
    )
    await expect(failure).rejects.toMatchObject({ failure: 'timeout' })
  })

  it('waits as long as pings come', async () => {
    server.respond = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let i = 0; i < 6; i++) {
        response.write('event: ping\ndata: {"type": "ping"}\n\n')
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      response.end(messageEvents(['At last.']).join(''))
    }
    expect((await models({}, IMPATIENT).call(modelCall(anthropic))).text).toBe('At last.')
  })

  it('tells an overload inside the stream from a cut', async () => {
    const events = [...messageEvents(['Well']).slice(0, 4), errorEvent('overloaded_error', 'Overloaded')]
    expect((await failureOf(anthropic, sse(events))).failure).toBe('overloaded')
  })

  it('reads the error that OpenRouter puts into a chunk', async () => {
    const events = [
      `data: ${JSON.stringify({ error: { code: 429, message: 'Rate limited upstream' }, choices: [] })}\n\n`,
    ]
    expect((await failureOf(openrouter, sse(events))).failure).toBe('rate_limited')
  })

  it('keeps an answer whose figures alone are lost', async () => {
    server.respond = sse(chatChunks(says('Whole ', 'and sound.'), { usage: null }).slice(0, -1), 'cut')
    const answer = await models().call(modelCall(openai))
    expect(answer.text).toBe('Whole and sound.')
    expect(answer.usage.cost).toBeGreaterThan(0)
  })

  it('says that nobody is there', async () => {
    const call = modelCall(ollama)
    const error = await models({ OLLAMA_BASE_URL: 'http://127.0.0.1:9/v1' })
      .call(call)
      .catch((reason: unknown) => reason as ModelError)
    expect(error).toMatchObject({ failure: 'connection' })
    expect((error as ModelError).message).toContain('OLLAMA_BASE_URL')
  })
})

describe('an answer that is none', () => {
  it.each([
    ['Anthropic, empty', 'empty', anthropic, messageEvents([])],
    ['Anthropic, blank', 'empty', anthropic, messageEvents(['\n\n'])],
    ['Anthropic, reasoning alone', 'empty', anthropic, messageEvents([], { thinking: 'Hm.' })],
    ['Anthropic, refusing', 'refusal', anthropic, messageEvents([], { stop: 'refusal' })],
    ['Anthropic, window full', 'context', anthropic, messageEvents([], { stop: 'model_context_window_exceeded' })],
    ['OpenAI, empty', 'empty', openai, chatChunks([])],
    ['OpenAI, filtered', 'refusal', openai, chatChunks([], { finish: 'content_filter' })],
    ['OpenRouter, reasoning alone', 'empty', openrouter, chatChunks([{ reasoning: 'Hm, ' }, { reasoning: 'hm.' }])],
    ['local, an unclosed thought', 'empty', ollama, chatChunks(says('<think>and on', ' and on'), { finish: 'length' })],
  ] as [string, ModelFailure, ModelInfo, string[]][])('%s is %s', async (_what, expected, model, events) => {
    const error = await failureOf(model, sse(events))
    expect(error.failure).toBe(expected)
    expect(error.usage).toMatchObject({ output: 5 })
  })

  it.each([
    ['Anthropic', anthropic, messageEvents(['I would rather not.'], { stop: 'refusal' })],
    ['OpenAI, in words', openai, chatChunks([{ refusal: 'I would ' }, { refusal: 'rather not.' }])],
    ['OpenAI, filtered', openai, chatChunks(says('I would rather', ' not.'), { finish: 'content_filter' })],
  ] as [string, ModelInfo, string[]][])(
    'words of refusal are no answer, but told: %s',
    async (_what, model, events) => {
      const error = await failureOf(model, sse(events))
      expect(error).toMatchObject({ failure: 'refusal', usage: { output: 5 } })
      expect(error.message).toContain('refused to go on (it says: I would rather not); take another model')
    },
  )

  it('tells an answer that reached its length', async () => {
    server.respond = sse(chatChunks(says('And then'), { finish: 'length' }))
    expect(await models().call(modelCall(openai))).toMatchObject({ text: 'And then', stop: 'length' })
  })

  it('names the variable of a missing key before anything is sent', async () => {
    const without = models({ ANTHROPIC_API_KEY: '' })
    expect(without.missing(anthropic)).toEqual(['ANTHROPIC_API_KEY'])
    expect(without.missing(modelInfo('cli'))).toEqual(['WORLD_INTERFACE_KEY'])
    expect(without.missing(ollama)).toEqual([])
    await expect(without.call(modelCall(anthropic))).rejects.toThrow('ANTHROPIC_API_KEY')
    expect(server.received).toHaveLength(0)
  })
})
