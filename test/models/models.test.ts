import { LLMock } from '@copilotkit/aimock'
import type { ModelInfo } from '../../src/core/model.ts'
import { createModels } from '../../src/models/models.ts'
import { type ModelsUnderTest, modelsContract } from '../contracts/models.ts'
import { modelInfo } from './calls.ts'
import { chatChunks, messageEvents, ProviderServer, says, sse } from './provider-server.ts'

const TEXT = ['Somebody ', 'has left ', 'it off ', 'the hook.']

async function ownServer(model: ModelInfo): Promise<ModelsUnderTest> {
  const server = await new ProviderServer().start()
  const anthropic = model.provider === 'anthropic'
  server.respond = sse(anthropic ? messageEvents(TEXT) : chatChunks(says(...TEXT)))
  return {
    models: createModels({ env: environment(server.url) }),
    model,
    sent: () => server.received.map(({ body }) => body.messages as unknown[]),
    usage: { input: 10, output: 5 },
    stop: () => server.stop(),
  }
}

/** A mock that is not ours, so that it can contradict us. */
async function mock(model: ModelInfo): Promise<ModelsUnderTest> {
  const server = new LLMock({ port: 0, latency: 1, chunkSize: 8 })
  server.addFixture({
    match: { predicate: () => true },
    response: {
      content: TEXT.join(''),
      usage: { prompt_tokens: 10, completion_tokens: 5, input_tokens: 10, output_tokens: 5 },
    },
  })
  await server.start()
  return {
    models: createModels({ env: environment(server.url) }),
    model,
    sent: () => server.getRequests().map(({ body }) => (body as { messages: unknown[] }).messages),
    usage: { input: 10, output: 5 },
    stop: () => server.stop(),
  }
}

function environment(url: string): Record<string, string> {
  return {
    ANTHROPIC_API_KEY: 'key-a',
    ANTHROPIC_BASE_URL: url,
    OPENAI_API_KEY: 'key-b',
    OPENAI_BASE_URL: `${url}/v1`,
    OPENROUTER_API_KEY: 'key-c',
    OPENROUTER_BASE_URL: `${url}/v1`,
    OLLAMA_BASE_URL: `${url}/v1`,
  }
}

const routed = modelInfo('openrouter', { api_name: 'anthropic/claude-opus-4' })
modelsContract('Anthropic', () => ownServer(modelInfo('anthropic')))
modelsContract('OpenAI', () => ownServer(modelInfo('openai')))
modelsContract('OpenRouter', () => ownServer(routed))
modelsContract('a local server', () => ownServer(modelInfo('ollama')))
modelsContract('Anthropic as aimock has it', () => mock(modelInfo('anthropic', { api_name: 'claude-opus-4-20250514' })))
modelsContract('OpenAI as aimock has it', () => mock(modelInfo('openai', { api_name: 'gpt-4o' })))
modelsContract('OpenRouter as aimock has it', () => mock(routed))
modelsContract('the offline voice', async () => ({
  models: createModels({ env: {}, paceMs: 0 }),
  model: modelInfo('offline'),
  stop: async () => {},
}))
