import { describe, expect, it } from 'vitest'
import { priced } from '../../src/core/cost.ts'
import { estimateRun } from '../../src/core/estimate.ts'
import { range } from '../../src/core/figures.ts'
import type { ModelInfo } from '../../src/core/model.ts'
import type { RunSpec } from '../../src/core/run.ts'
import { roughTokens } from '../../src/core/tokens.ts'
import { modelInfo } from '../models/calls.ts'

function spec(model: ModelInfo, more: Partial<RunSpec> = {}): RunSpec {
  const actor = { model, name: 'A', face: 'a', system: 'x'.repeat(400), history: [] }
  return {
    actors: [actor, actor],
    max_turns: 30,
    max_tokens: null,
    max_cost: 50,
    context_window: null,
    ...{ profiles: [], media: [], tools: [], order: 'round_robin' },
    ...more,
  } as RunSpec
}

describe('the estimate of a run', () => {
  const paid = modelInfo('anthropic')

  it('lies between caching with short answers and none with the longest', () => {
    const { low, high } = estimateRun(spec(paid, { max_tokens: 1000 }))
    // 60 answers of 150 tokens, and what 60 such prompts write once: by hand about 0.3 USD.
    expect(low).toBeGreaterThan(0.15)
    expect(low).toBeLessThan(0.4)
    expect(high).toBeGreaterThan(low * 5)
    expect(high).toBeLessThan(10)
  })

  it('covers answers as long as the model may give them', () => {
    const { high } = estimateRun(spec({ ...paid, max_tokens: 8192 }, { max_turns: 5, max_cost: 1000 }))
    const { price } = paid
    let spent = 0
    for (let turn = 0; turn < 10; turn++)
      spent += (turn * 8192 * (price?.written ?? 0)) / 1_000_000 / 2 + (8192 * (price?.output ?? 0)) / 1_000_000
    expect(high).toBeGreaterThan(spent)
    const unknown = modelInfo('openrouter', { max_tokens: null, price: paid.price })
    expect(estimateRun(spec(unknown, { max_turns: 5, max_cost: 1000 })).high).toBe(1000)
  })

  it('covers a prompt that is written to the cache', () => {
    const price = { input: 4, output: 20, cached: 0.2, written: 5 }
    const opening = { model: { ...paid, price }, name: 'A', face: 'a', system: 'x'.repeat(400_000), history: [] }
    const { high } = estimateRun(spec(paid, { actors: [opening], max_turns: 1, max_tokens: 1 }))
    expect(high).toBeGreaterThanOrEqual((roughTokens(opening.system) * price.written) / 1_000_000)
  })

  it.each([
    [{ profiles: [{ name: 'cctv', preset: {} }] }],
    [{ media: [{ name: 'demo', preset: {} }] }],
    [{ tools: ['s/t'] }],
    [{ order: 'moderator' as const }],
  ])('says the cap where others than the actors call models: %o', (more) => {
    expect(estimateRun(spec(paid, { max_turns: 1, ...more })).high).toBe(50)
  })

  it('is never more than the cap', () => {
    expect(estimateRun(spec(paid, { max_cost: 0.1 }))).toEqual({ low: 0.1, high: 0.1 })
  })

  it('grows with the square of the rounds, as contexts do', () => {
    const [ten, forty] = [10, 40].map((max_turns) => estimateRun(spec(paid, { max_turns, max_tokens: 500 })).high)
    expect(forty).toBeGreaterThan((ten ?? 0) * 8)
  })

  it('says the cap where nothing else is sure', () => {
    expect(estimateRun(spec(paid, { max_turns: null })).high).toBe(50)
    expect(estimateRun(spec(modelInfo('openai', { price: null })))).toEqual({ low: 0, high: 50 })
  })

  it('is nothing for what runs here', () => {
    expect(estimateRun(spec(modelInfo('offline'), { max_turns: null, max_cost: null }))).toEqual({ low: 0, high: 0 })
  })

  it('stops at a full window', () => {
    const small = { ...paid, context_window: 4000 }
    expect(estimateRun(spec(small, { max_turns: 1000 })).high).toBe(estimateRun(spec(small, { max_turns: 100 })).high)
  })
})

describe('the price of an answer', () => {
  const spent = { input: 1_000_000, cached: 1_000_000, written: 1_000_000, output: 1_000_000 }

  it('is the registry’s, by kind of token', () => {
    expect(priced(modelInfo('anthropic'), spent).cost).toBeCloseTo(3 + 0.3 + 3.75 + 15, 10)
  })

  it('is the provider’s own where it gives one', () => {
    const usage = priced(modelInfo('openrouter', { price: null }), { ...spent, reported: 0.5 })
    expect(usage).toEqual({ ...spent, cost: 0.5 })
  })

  it('is unknown without either, and nothing here', () => {
    expect(priced(modelInfo('openai', { price: null }), spent).cost).toBeNull()
    expect(priced(modelInfo('ollama', { price: null }), spent).cost).toBe(0)
  })
})

describe('a range of costs', () => {
  it('says up to where the least is no less than the most', () => {
    expect(range({ low: 0.4, high: 2.1 })).toBe('$0.40 to $2.10')
    expect(range({ low: 50, high: 50 })).toBe('up to $50.00')
  })
})

describe('rough tokens', () => {
  it('are four characters of English, and more of anything else', () => {
    expect(roughTokens('')).toBe(0)
    expect(roughTokens('four words of this')).toBe(5)
    expect(roughTokens('漢字かな交じり文')).toBe(5)
  })
})
