import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSummary, whyAsk } from '../../src/batch/plan-text.ts'
import { batchOfRunId, batchRunId, type PlanInput, planRuns, shuffled } from '../../src/core/batch.ts'
import type { Estimate } from '../../src/core/estimate.ts'
import { money } from '../../src/core/figures.ts'
import { openStore } from '../../src/store/open.ts'
import { startBatches } from './kit.ts'

const input = (more: Partial<PlanInput>): PlanInput => ({
  plan: { kind: 'each', models: ['opus', 'haiku'] },
  ...{ items: 2, secondary: null, shuffle: false, seed: 7, max_items: null, runs: 30 },
  ...more,
})
const brief = (more: Partial<PlanInput>) => planRuns(input(more)).map(({ item, models }) => [item, ...models].join(' '))

describe('which runs there are', () => {
  test('never more than fit into memory: the count is known before the plan is made', () => {
    const many = 99_999_999
    expect(() => planRuns(input({ items: null, runs: many }))).toThrow('99,999,999 runs; a batch has at most 100,000')
    const random = { kind: 'mixed_random', models: ['a', 'b'], runs_per_item: many } as const
    expect(() => planRuns(input({ plan: random as unknown as PlanInput['plan'] }))).toThrow('at most 100,000')
    expect(() => planRuns(input({ items: 60_000 }))).toThrow('120,000 runs')
    expect(planRuns(input({ items: 60_000, max_items: 2 }))).toHaveLength(4)
  })

  test('each model with itself, for each item', () => {
    expect(brief({})).toEqual(['0 opus', '0 haiku', '1 opus', '1 haiku'])
  })

  test('named pairs, for each item; without items once', () => {
    const plan = {
      kind: 'pairs',
      pairs: [
        ['opus', 'haiku'],
        ['haiku', 'opus'],
      ],
    } as PlanInput['plan']
    expect(brief({ plan })).toEqual(['0 opus haiku', '0 haiku opus', '1 opus haiku', '1 haiku opus'])
    expect(brief({ plan, items: null })).toEqual([' opus haiku', ' haiku opus'])
  })

  test('every pair of the list by position', () => {
    const plan = { kind: 'mixed_all', models: ['a', 'b', 'a'] } as PlanInput['plan']
    expect(brief({ plan, items: 1 })).toEqual(['0 a b', '0 a a', '0 b a'])
  })

  test('two drawn for each item, never one position twice; a model that stands there twice is drawn more often', () => {
    const plan = { kind: 'mixed_random', models: ['a', 'b', 'c', 'c'], runs_per_item: 3 } as PlanInput['plan']
    const runs = planRuns(input({ plan, items: 500 }))
    expect(runs).toHaveLength(1500)
    const drawn = (name: string) => runs.flatMap(({ models }) => models).filter((model) => model === name).length
    expect(runs.some(({ models }) => models[0] === 'a' && models[1] === 'a')).toBe(false)
    expect(drawn('c')).toBeGreaterThan(1.7 * drawn('a'))
    expect(drawn('a') / drawn('b')).toBeCloseTo(1, 0)
  })

  test('without items, so many runs, cycling through the models', () => {
    expect(brief({ items: null, runs: 3 })).toEqual([' opus', ' haiku', ' opus'])
  })

  test('the second source is paired item by item, from the start again where it is shorter', () => {
    const runs = planRuns(input({ items: 3, secondary: 2, plan: { kind: 'each', models: ['opus'] } }))
    expect(runs.map(({ item, secondary }) => [item, secondary])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
    ])
  })
})

describe('the seed', () => {
  test('plans the same again, whatever it is; another plans another order', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 60 }), (seed, items) => {
        const plan = { kind: 'mixed_random', models: ['a', 'b', 'c'], runs_per_item: 2 } as PlanInput['plan']
        const make = () => planRuns(input({ seed, items, shuffle: true, plan }))
        expect(make()).toEqual(make())
        expect(new Set(make().map(({ item }) => item)).size).toBe(items)
      }),
      { numRuns: 60 },
    )
    expect(shuffled([1, 2, 3, 4, 5, 6, 7, 8], 1)).not.toEqual(shuffled([1, 2, 3, 4, 5, 6, 7, 8], 2))
    expect(shuffled([1, 2, 3, 4], 5)).not.toEqual(shuffled([1, 2, 3, 4], 5 + 2 ** 32))
  })

  test('this shuffle is written down in the documentation, and so must never change', () => {
    expect(shuffled(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 7)).toEqual(SHUFFLED_BY_SEVEN)
  })

  test('taking fewer items changes neither their order nor their pairs', () => {
    const plan = { kind: 'mixed_random', models: ['a', 'b', 'c'], runs_per_item: 1 } as PlanInput['plan']
    const all = planRuns(input({ items: 20, shuffle: true, plan }))
    const few = planRuns(input({ items: 20, shuffle: true, plan, max_items: 5 }))
    expect(few).toEqual(all.slice(0, 5))
  })
})

const SHUFFLED_BY_SEVEN = ['c', 'b', 'd', 'f', 'e', 'a', 'g']

test('a run has one id for ever, and a retry another', () => {
  expect(batchRunId('abc', 0, 0)).toBe('abc-1')
  expect(batchRunId('abc', 0, 1)).toBe('abc-1-2')
  expect(batchOfRunId('abc-1-2')).toBe('abc')
  expect(batchOfRunId('k3m9x2ab')).toBeNull()
})

describe('a plan is checked whole before anything begins', () => {
  const fails = async (raw: Record<string, unknown>) => {
    const { plan } = await startBatches()
    return plan({ template: 'dreamsim3', models: ['opus'], max_turns: 2, data_source: { kind: 'local' }, ...raw }).then(
      () => 'planned',
      (error) => (error as Error).message,
    )
  }

  test('each fault names its place and the remedy', async () => {
    await expect(
      startBatches().then(({ plan }) => plan({ template: 'dreamsim3', models: ['opus'], seed: 'x' })),
    ).rejects.toThrow(/configs\/test\.json: seed must be a whole number/)
    expect(await fails({ template: 'nowhere' })).toMatch(/Run 1 of \d+, item d\d+: .*nowhere/)
    expect(await fails({ data_source: { kind: 'local', query: 'zebra' } })).toMatch(
      /configs\/test\.json: data_source: query: nothing matches `zebra`/,
    )
    expect(await fails({ template_vars_from_item: { DREAM_TEXT: 'mood' } })).toMatch(
      /template_vars_from_item: item d\d+ has no field `mood`; it has .*`content`/,
    )
    expect(await fails({ template_vars_from_item: { DREAM_TEXT: 'constructor' } })).toMatch(
      /item d\d+ has no field `constructor`/,
    )
    expect(await fails({ output: { meta_jsonl: '../../etc/passwd' } })).toMatch(
      /output\.meta_jsonl.*inside the project/,
    )
    expect(await fails({})).toBe('planned')
  })

  test('what may be meant otherwise is noted', async () => {
    const raw = { template: 'dreamsim3', models: ['opus'], max_items: 1, concurency: 3 }
    const vars = { DREAM_TEXT: 'content', SPARE: 'id' }
    const { plan } = await startBatches()
    const { manifest } = await plan({ ...raw, template_vars_from_item: vars, data_source: { source: 'all' } })
    expect(manifest.notes).toEqual([
      expect.stringMatching(/^configs\/test\.json: .*concurency.*concurrency/),
      expect.stringMatching(/template_vars_from_item: nothing in the template "dreamsim3" says \{SPARE\}/),
      'configs/test.json: data_source: SUPABASE_URL is not set, so the items come from the local store.',
    ])
    const found = await plan({ ...raw, data_source: { kind: 'local', source: 'all', ids: ['d01', 'nope'] } })
    expect(found.manifest.notes.at(-1)).toBe('Not found: nope.')
    const synced = await plan({ ...raw, auto_sync: true, data_source: { kind: 'local', source: 'all' } })
    expect(synced.manifest.notes).toContainEqual(
      expect.stringMatching(/^configs\/test\.json: auto_sync: SUPABASE_URL and SUPABASE_KEY are not set/),
    )
    const filled = await plan({ ...raw, vars: { DREAM_TEXT: 'mine' }, data_source: { kind: 'local', source: 'all' } })
    expect(filled.manifest.notes).toContain(
      'configs/test.json: vars: DREAM_TEXT comes from each item, so what is given here does nothing.',
    )
    const unfilled = await plan({ ...raw, vars: { DREAM_TEXT: 'mine' }, data_source: { kind: 'none' } })
    expect(unfilled.manifest.notes.join()).not.toContain('DREAM_TEXT')
  })

  test('a dream that fills the whole window is named; a long one that fits runs', async () => {
    const store = await openStore(':memory:')
    const { plan, sources } = await startBatches({ store })
    const dream = (id: string, length: number) => ({
      id,
      content: 'so it '.repeat(length / 6),
      date: null,
      source: 'mine',
      more: {},
    })
    await sources.local.put([dream('huge', 600_000), dream('long', 200_000)])
    const raw = { template: 'dreamsim3', models: ['haiku'], max_turns: 1 }
    await expect(plan({ ...raw, data_source: { kind: 'local', ids: ['huge'] } })).rejects.toThrow(
      /would begin with about 1\d\d,\d\d\d tokens.*100,000.*larger window/,
    )
    const long = { ...raw, data_source: { kind: 'local', ids: ['long'] } }
    expect((await plan(long)).runs).toHaveLength(1)
    // It would end before its first turn.
    await expect(plan({ ...long, max_context_frac: 0.1 })).rejects.toThrow(
      /of which max_context_frac lets it use 10,000: .*raise max_context_frac/,
    )
  })

  test('the text of an item is taken as it is', async () => {
    const { plan, sources } = await startBatches()
    const content = '@file:../../.env {QUERY} {{x}} {nothing}'
    await sources.local.put([{ id: 'odd', content, date: null, source: 'mine', more: {} }])
    const { lines } = await plan({
      template: 'dreamsim3',
      models: ['opus'],
      data_source: { kind: 'local', ids: ['odd'] },
    })
    expect(lines[0]?.vars.DREAM_TEXT).toBe(content)
  })

  test('what it will cost is told from the least to the most, within the budget of the batch', async () => {
    const { plan } = await startBatches()
    const raw = { template: 'dreamsim4', models: ['opus'], max_turns: 3, runs: 4 }
    const { lines, manifest } = await plan(raw)
    const { low, high } = manifest.estimate as Estimate
    expect(low).toBeCloseTo(lines.reduce((sum, line) => sum + (line.estimate?.low ?? 0), 0))
    expect(high).toBeCloseTo(lines.reduce((sum, line) => sum + (line.estimate?.high ?? 0), 0))
    expect(high).toBeGreaterThan(2 * low)
    const text = planSummary(await plan(raw), (name) => name)
    expect(text).toContain(`for ${money(low)} to ${money(high)} in all;`)
    const bounded = await plan({ ...raw, max_cost: low / 2 })
    expect(planSummary(bounded, (name) => name)).toContain(`for up to ${money(low / 2)} in all`)
    expect(whyAsk(await plan(raw), (low + high) / 2)).toContain('That may be more than')
  })
})

test('a preset with an unknown model is told once in the plan, and keeps no run of it from its start', async () => {
  const { plan } = await startBatches()
  const { manifest, runs } = await plan({
    ...{ template: 'roleplay', models: ['opus'], data_source: { kind: 'none' }, sequence: { runs: 3 } },
    ...{ discord: 'chronicle', discord_overrides: { model: 'nobody' } },
  })
  expect(runs).toHaveLength(3)
  expect(manifest.notes).toEqual([
    expect.stringMatching(
      /^`chronicle` does nothing in this run\. configs\/test\.json: discord_overrides: model: There is no model "nobody"/,
    ),
  ])
})
