import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { project, put } from './project.ts'

const root = () => project({})

test('a model is known by alias in any case, by API name, and as provider:model', () => {
  const catalog = new Catalog({ root: root(), offline: false })
  expect(catalog.model(' OPUS ').alias).toBe('opus')
  expect(catalog.model('claude-opus-x').alias).toBe('opus')
  expect(catalog.model('openrouter:nous/hermes-4')).toMatchObject({
    alias: 'openrouter:nous/hermes-4',
    display_name: 'Hermes 405B',
    price: { input: 1 },
  })
  expect(catalog.model('ollama:llama3.2:3b')).toEqual({
    alias: 'ollama:llama3.2:3b',
    provider: 'ollama',
    api_name: 'llama3.2:3b',
    display_name: 'llama3.2:3b',
    company: 'ollama',
    context_window: 128_000,
    max_tokens: null,
    price: { input: 0, output: 0, cached: 0, written: 0 },
    quirks: {},
  })
})

test('what is not registered gets its provider’s defaults, and no price', () => {
  const catalog = new Catalog({ root: root(), offline: false })
  expect(catalog.model('anthropic:claude-next')).toMatchObject({ max_tokens: 4096, price: null, company: 'anthropic' })
  expect(catalog.model('openai:gpt-4o')).toMatchObject({ max_tokens: 1024, quirks: {} })
  expect(catalog.model('openai:o1-mini')).toMatchObject({
    max_tokens: 16_000,
    quirks: { no_temperature: true, completion_tokens: true, no_system: true },
  })
  expect(catalog.model('openrouter:vendor/some-7b')).toMatchObject({
    max_tokens: null,
    company: 'vendor',
    display_name: 'some-7b',
  })
})

test('a price without its cached part counts every token of the prompt in full', () => {
  const catalog = new Catalog({ root: root(), offline: false })
  put(catalog.files.root, {
    'configs/models.json': {
      models: { a: { provider: 'openai', api_name: 'a', display_name: 'A', price: { input: 3, output: 4 } } },
    },
  })
  expect(catalog.model('a').price).toEqual({ input: 3, output: 4, cached: 3, written: 3 })
})

test('a broken registry is named, field and all, and limits nobody', () => {
  const catalog = new Catalog({ root: root(), offline: false })
  put(catalog.files.root, {
    'configs/models.json': { models: { a: { provider: 'acme', api_name: 'a', display_name: 'A' } } },
  })
  expect(() => catalog.models()).toThrow(
    /^configs\/models\.json: models\.a\.provider must be one of anthropic, .*, not "acme"\.$/,
  )
  expect(catalog.limits()).toEqual({})
})

test('the shipped registry has the predecessor’s aliases, each with a price', () => {
  const catalog = new Catalog({ root: new URL('../..', import.meta.url).pathname, offline: false })
  const aliases =
    'opus sonnet haiku gpt4o o1-preview o1-mini hermes hermes_reasoning opus3 opus4 haiku3 sonnet3 sonnet4 gpt5 k2 v31 grok4 25pro oss cli'
  for (const alias of aliases.split(' '))
    expect(catalog.model(alias), alias).toMatchObject({ alias, price: { input: expect.any(Number) } })
  expect(catalog.model('o1-mini').quirks).toMatchObject({
    no_system: true,
    no_temperature: true,
    completion_tokens: true,
  })
  expect(catalog.model('hermes_reasoning').quirks.reasoning).toBe(true)
  expect(catalog.model('cli').quirks.last_message_only).toBe(true)
  expect(catalog.limits().anthropic).toMatchObject({ in_flight: expect.any(Number), per_minute: expect.any(Number) })
})
