import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../src/core/context.ts'
import type { Actor, Turn } from '../../src/core/run.ts'
import { createModels } from '../../src/models/models.ts'
import { modelCall, modelInfo } from './calls.ts'
import { PromptCache } from './prompt-cache.ts'
import { messageEvents, ProviderServer, sse } from './provider-server.ts'

const PRICE = { input: 3, output: 15, cached: 0.3, written: 3.75 }
const ANSWER = `${'A sentence about a lamp in the pump house. '.repeat(14)}`
let server: ProviderServer
let cache: PromptCache

beforeAll(async () => {
  server = await new ProviderServer().start()
  server.respond = (response, request) => {
    const { input, cached, written } = cache.take(request.body)
    const usage = { input_tokens: input, cache_read_input_tokens: cached, cache_creation_input_tokens: written }
    return sse(messageEvents([`${server.received.length}. ${ANSWER}`], { input: usage }))(response, request)
  }
})
afterAll(() => server.stop())

/** Runs a conversation as the engine would; gives the prompt's cost in USD, and each request's size in tokens. */
async function converse(speakers: number[], actorCount: number): Promise<{ usd: number; sizes: number[][] }> {
  cache = new PromptCache()
  const models = createModels({ env: { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url } })
  const model = modelInfo('anthropic', { price: { ...PRICE, output: 0 } })
  const actors: Actor[] = Array.from({ length: actorCount }, (_, index) => ({
    model,
    name: `Test Model ${index + 1}`,
    face: 'test',
    system: `You are voice ${index}. ${'Speak of lamps. '.repeat(280)}`,
    history: [{ role: 'user', content: 'Begin.' }],
  }))
  const turns: Turn[] = []
  const sizes: number[][] = actors.map(() => [])
  let usd = 0
  for (const [turn_index, actor_index] of speakers.entries()) {
    const messages = contextOf(actors, turns, actor_index)
    const actor = actors[actor_index] as Actor
    const { text, usage } = await models.call(modelCall(model, { system: actor.system, messages }))
    usd += usage.cost ?? Number.NaN
    sizes[actor_index]?.push(usage.input + usage.cached + usage.written)
    turns.push({ turn_index, actor_index, name: actor.name, text, whisper_to: null, steps: [] } as unknown as Turn)
  }
  return { usd, sizes }
}

const alternate = (rounds: number, actors: number) =>
  Array.from({ length: rounds * actors }, (_, turn) => turn % actors)

/** Every token written once and read from then on, as early as the provider keeps anything. */
function least(sizes: number[][]): number {
  let usd = 0
  for (const actor of sizes) {
    let kept = 0
    for (const size of actor) {
      const written = size >= 1024 ? size - kept : 0
      usd += (kept * PRICE.cached + written * PRICE.written + (size - kept - written) * PRICE.input) / 1e6
      if (size >= 1024) kept = size
    }
  }
  return usd
}

const uncached = (sizes: number[][]) => (sizes.flat().reduce((sum, size) => sum + size, 0) * PRICE.input) / 1e6

describe('prompt caching', () => {
  it('costs within 5 % of the least that the rules allow, over 30 rounds of two', async () => {
    const { usd, sizes } = await converse(alternate(30, 2), 2)
    expect(usd).toBeLessThanOrEqual(least(sizes) * 1.05)
    expect(usd).toBeLessThan(uncached(sizes) / 4)
  })

  it('finds its place again after 24 others have spoken', async () => {
    const opening = alternate(6, 2)
    const { usd, sizes } = await converse([...opening, ...Array<number>(24).fill(1), 0, 1, 0], 2)
    expect(usd).toBeLessThanOrEqual(least(sizes) * 1.05)
  })

  it('hits for an actor that talks to itself', async () => {
    const { usd, sizes } = await converse(Array<number>(30).fill(0), 1)
    expect(usd).toBeLessThanOrEqual(least(sizes) * 1.05)
  })
})
