import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelCall } from '../../src/core/model.ts'
import { createModels } from '../../src/models/models.ts'
import { listener, modelCall, modelInfo } from './calls.ts'
import { chatChunks, json, messageEvents, ProviderServer, says, sse } from './provider-server.ts'

let server: ProviderServer
beforeAll(async () => {
  server = await new ProviderServer().start()
})
beforeEach(() => {
  server.received.length = 0
  server.respond = (response, request) =>
    sse(request.path.includes('messages') ? messageEvents(['Yes.']) : chatChunks(says('Yes.')))(response, request)
})
afterAll(() => server.stop())

async function ask(call: ModelCall) {
  const url = server.url
  const models = createModels({
    env: {
      ANTHROPIC_API_KEY: 'key-a',
      ANTHROPIC_BASE_URL: url,
      OPENAI_API_KEY: 'key-b',
      OPENAI_BASE_URL: `${url}/v1`,
      OPENROUTER_API_KEY: 'key-c',
      OPENROUTER_BASE_URL: `${url}/v1`,
      OLLAMA_BASE_URL: `${url}/v1`,
      WORLD_INTERFACE_KEY: 'key-d',
    },
    worldInterface: `${url}/v1`,
  })
  const answer = await models.call(call)
  const request = server.received.at(-1)
  if (request === undefined) throw new Error('Nothing was sent.')
  return { answer, body: request.body, request }
}

describe('what is sent', () => {
  it('to Anthropic: blocks kept apart, caching on, 4096 tokens', async () => {
    const messages: ModelCall['messages'] = [{ role: 'user', blocks: ['Ben: a', 'Cleo: b'] }]
    const { body, request } = await ask(modelCall(modelInfo('anthropic'), { messages }))
    expect(request.path).toBe('/v1/messages')
    expect(request.headers.authorization).toBe('Bearer key-a')
    expect(body).toEqual({
      model: 'test-model',
      max_tokens: 4096,
      system: 'You are one of two voices.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Ben: a' },
            { type: 'text', text: 'Cleo: b' },
          ],
        },
      ],
      temperature: 1,
      cache_control: { type: 'ephemeral' },
      stream: true,
    })
  })

  it('to OpenAI: a cache key, figures at the end, 1024 tokens', async () => {
    const { body, request } = await ask(modelCall(modelInfo('openai')))
    expect(request.path).toBe('/v1/chat/completions')
    expect(request.headers.authorization).toBe('Bearer key-b')
    expect(body).toEqual({
      model: 'test-model',
      messages: [
        { role: 'system', content: 'You are one of two voices.' },
        { role: 'user', content: 'There is a green telephone on the stairs.' },
      ],
      temperature: 1,
      max_tokens: 1024,
      prompt_cache_key: 'run1:0',
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('to o1: no temperature, no system prompt, max_completion_tokens', async () => {
    const quirks = { no_temperature: true, no_system: true, completion_tokens: true }
    const { body } = await ask(modelCall(modelInfo('openai', { quirks })))
    expect(body).not.toHaveProperty('temperature')
    expect(body).not.toHaveProperty('max_tokens')
    expect(body).toMatchObject({
      max_completion_tokens: 16_000,
      messages: [
        {
          role: 'user',
          content: '<SYSTEM>You are one of two voices.</SYSTEM>\n\nThere is a green telephone on the stairs.',
        },
      ],
    })
  })

  it('to OpenRouter: reasoning where wanted, its own figures, no length', async () => {
    const { body } = await ask(modelCall(modelInfo('openrouter', { quirks: { reasoning: true } })))
    expect(body).toMatchObject({ reasoning: { enabled: true }, usage: { include: true } })
    expect(body).not.toHaveProperty('max_tokens')
    expect(JSON.stringify(body)).not.toContain('cache_control')
  })

  it('to Anthropic over OpenRouter: a mark on the last block', async () => {
    const model = modelInfo('openrouter', { api_name: 'anthropic/claude-opus-4' })
    const messages: ModelCall['messages'] = [
      { role: 'user', blocks: ['a'] },
      { role: 'assistant', blocks: ['b'] },
      { role: 'user', blocks: ['c', 'd'] },
    ]
    const { body } = await ask(modelCall(model, { messages }))
    expect((body.messages as unknown[]).at(-1)).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'c' },
        { type: 'text', text: 'd', cache_control: { type: 'ephemeral' } },
      ],
    })
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(1)
  })

  it('to cli: the last message and nothing else', async () => {
    const messages: ModelCall['messages'] = [
      { role: 'user', blocks: ['ls'] },
      { role: 'assistant', blocks: ['bin home'] },
      { role: 'user', blocks: ['Ada: hello', 'cd home'] },
    ]
    const { body, request } = await ask(
      modelCall(modelInfo('cli', { quirks: { last_message_only: true } }), { messages }),
    )
    expect(request.headers.authorization).toBe('Bearer key-d')
    expect(body.messages).toEqual([{ role: 'user', content: 'cd home' }])
  })

  it('takes the length from the run before the registry', async () => {
    const model = modelInfo('anthropic', { max_tokens: 300 })
    expect((await ask(modelCall(model))).body.max_tokens).toBe(300)
    expect((await ask(modelCall(model, { max_tokens: 70 }))).body.max_tokens).toBe(70)
  })
})

describe('tools', () => {
  const tool = { name: 'sea/read tide', description: 'Reads the tide.', input_schema: { type: 'object' } }
  const exchange: ModelCall['messages'] = [
    { role: 'user', blocks: ['How high is it?'] },
    { role: 'assistant', blocks: [], tool_calls: [{ id: 't1', name: tool.name, arguments: { at: 'noon' } }] },
    { role: 'tool', results: [{ id: 't1', name: tool.name, text: '3 m', is_error: false }] },
  ]

  it('go to Anthropic and back under their own names', async () => {
    const model = modelInfo('anthropic')
    const name =
      ((await ask(modelCall(model, { tools: [tool], messages: exchange }))).body.tools as { name: string }[])[0]
        ?.name ?? ''
    expect(name).toMatch(/^[\w-]{1,64}$/)
    const [, assistant, results] = (server.received[0]?.body.messages ?? []) as { content: object[] }[]
    expect(assistant?.content[0]).toMatchObject({ type: 'tool_use', id: 't1', name, input: { at: 'noon' } })
    expect(results?.content[0]).toMatchObject({ type: 'tool_result', tool_use_id: 't1', content: '3 m' })
    server.respond = sse(
      messageEvents(['Let me look.'], { stop: 'tool_use', tool: { id: 't2', name, json: ['{"at": ', '"six"}'] } }),
    )
    const { answer } = await ask(modelCall(model, { tools: [tool] }))
    expect(answer).toMatchObject({
      stop: 'tool_calls',
      text: 'Let me look.',
      tool_calls: [{ id: 't2', name: tool.name, arguments: { at: 'six' } }],
    })
  })

  it('go to Chat Completions and back under their own names', async () => {
    const model = modelInfo('openai')
    const { body } = await ask(modelCall(model, { tools: [tool], messages: exchange }))
    const name = (body.tools as { function: { name: string } }[])[0]?.function.name ?? ''
    expect(body.messages).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      {
        role: 'assistant',
        tool_calls: [{ id: 't1', type: 'function', function: { name, arguments: '{"at":"noon"}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: '3 m' },
    ])
    const parts = [
      { index: 0, id: 't2', type: 'function', function: { name, arguments: '' } },
      { index: 0, function: { arguments: '{"at":' } },
      { index: 0, function: { arguments: '"six"}' } },
    ]
    server.respond = sse(
      chatChunks(
        parts.map((part) => ({ tool_calls: [part] })),
        { finish: 'tool_calls' },
      ),
    )
    const { answer } = await ask(modelCall(model, { tools: [tool] }))
    expect(answer).toMatchObject({
      stop: 'tool_calls',
      text: '',
      tool_calls: [{ id: 't2', name: tool.name, arguments: { at: 'six' } }],
    })
  })

  it('are not offered to a model that cannot call them', async () => {
    const { body } = await ask(modelCall(modelInfo('ollama', { quirks: { no_tools: true } }), { tools: [tool] }))
    expect(body).not.toHaveProperty('tools')
  })
})

describe('reasoning', () => {
  it.each([
    ['as reasoning', [{ reasoning: 'First ' }, { reasoning: 'this.' }, { content: 'Then that.' }]],
    ['as reasoning_content', [{ reasoning_content: 'First this.' }, { content: 'Then that.' }]],
    ['in tags', says('<think>First this.</think>\n\nThen that.')],
    ['in tags cut anywhere', [...'\n<think>First this.</think>\n\nThen that.'].map((content) => ({ content }))],
  ])('comes apart from the answer when it is given %s', async (_how, deltas) => {
    server.respond = sse(chatChunks(deltas))
    const { heard, onDelta } = listener()
    const { answer } = await ask(modelCall(modelInfo('ollama'), { onDelta }))
    expect(answer).toMatchObject({ text: 'Then that.', reasoning: 'First this.' })
    expect(heard).toMatchObject({ text: 'Then that.', reasoning: 'First this.' })
  })

  it('of Anthropic comes apart too', async () => {
    server.respond = sse(messageEvents(['Then that.'], { thinking: 'First this.' }))
    const { answer } = await ask(modelCall(modelInfo('anthropic')))
    expect(answer).toMatchObject({ text: 'Then that.', reasoning: 'First this.' })
  })

  it.each(['The tag <think> is not one here.', '<thinker>', '  <th', 'a < b'])('is not seen in %j', async (text) => {
    server.respond = sse(chatChunks([...text].map((content) => ({ content }))))
    const { answer } = await ask(modelCall(modelInfo('ollama')))
    expect(answer).toMatchObject({ text, reasoning: '' })
  })
})

describe('figures', () => {
  it('of Anthropic are priced by kind', async () => {
    const input = { input_tokens: 100, cache_read_input_tokens: 2000, cache_creation_input_tokens: 400 }
    server.respond = sse(messageEvents(['Yes.'], { input, output: 50 }))
    const { usage } = (await ask(modelCall(modelInfo('anthropic')))).answer
    expect(usage).toMatchObject({ input: 100, cached: 2000, written: 400, output: 50 })
    expect(usage.cost).toBeCloseTo((100 * 3 + 2000 * 0.3 + 400 * 3.75 + 50 * 15) / 1e6, 12)
  })

  it('of OpenAI hold the cached tokens apart', async () => {
    const usage = { prompt_tokens: 1500, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 1024 } }
    server.respond = sse(chatChunks(says('Yes.'), { usage }))
    expect((await ask(modelCall(modelInfo('openai')))).answer.usage).toMatchObject({
      input: 476,
      cached: 1024,
      written: 0,
      output: 20,
    })
  })

  it('of OpenRouter are its own', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, cost: 0.0123 }
    server.respond = sse(chatChunks(says('Yes.'), { usage }))
    expect((await ask(modelCall(modelInfo('openrouter')))).answer.usage.cost).toBe(0.0123)
  })

  it('are unknown where the price is, and nothing on one’s own machine', async () => {
    expect((await ask(modelCall(modelInfo('openai', { price: null })))).answer.usage.cost).toBeNull()
    expect((await ask(modelCall(modelInfo('ollama', { price: null })))).answer.usage.cost).toBe(0)
  })
})

it('reads an answer that comes in one piece', async () => {
  const message = { role: 'assistant', content: 'All at once.' }
  server.respond = json(200, {
    id: 'c',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  })
  const { answer } = await ask(modelCall(modelInfo('cli')))
  expect(answer).toMatchObject({ text: 'All at once.', stop: 'end', usage: { input: 3, output: 4, cost: 0 } })
})
