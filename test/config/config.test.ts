import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import type { BatchConfig, SingleConfig } from '../../src/config/config.ts'
import { DUET, project } from './project.ts'

function read(config: object, more: Record<string, unknown> = {}) {
  const catalog = new Catalog({ root: project({ ...DUET, ...more, 'configs/c.json': config }), offline: false })
  return catalog.config('c')
}
const single = (config: object) => read({ template: 'duet', ...config }) as SingleConfig
const batch = (config: object) => read({ type: 'batch', template: 'duet', ...config }) as BatchConfig

test('a single config is the default kind and has 30 rounds unless the template says otherwise', () => {
  const root = project({
    ...DUET,
    'templates/brief/template.json': { agents: [{ history: 'h.md' }], defaults: { max_turns: 2 } },
    'templates/brief/h.md': '# user\nx',
    'configs/deep/one.json': { template: 'duet', models: ['opus'], note: 'The shortest.' },
    'configs/brief.json': { template: 'brief', models: ['opus'] },
  })
  const catalog = new Catalog({ root, offline: false })
  const turns = (name: string) => {
    const { options, context } = catalog.config(name)
    return catalog.resolveRun(options, context).max_turns
  }
  expect([turns('deep/one'), turns('brief')]).toEqual([30, 2])
  expect(catalog.config('configs/deep/one.json')).toMatchObject({
    type: 'single',
    name: 'deep/one',
    description: 'The shortest.',
  })
  expect(catalog.configs()).toMatchObject([
    { name: 'brief', type: 'single', template: 'brief', error: null },
    { name: 'deep/one', type: 'single', template: 'duet', error: null },
  ])
})

test('null, empty lists and empty texts mean absent, zero limits too', () => {
  const config = batch({
    models: ['opus', 'opus'],
    pairs: [],
    mixed: null,
    max_context_frac: 0.0,
    max_tokens: 0,
    context_window: 0,
    max_items: 0,
    seed: null,
    shuffle: null,
    integrations: { discord: [], media: null, transcript_channel: '' },
    data_source: { kind: 'supabase', query: '', source: null, order_column: '' },
  })
  expect(config).toMatchObject({
    plan: { kind: 'each', models: ['opus', 'opus'] },
    max_items: null,
    seed: null,
    shuffle: false,
  })
  expect(config.source).toMatchObject({ kind: 'supabase', source: 'mine', limit: 200, order_column: 'date' })
  expect(config.source.query).toBeUndefined()
  expect(config.options).toEqual({ template: 'duet', max_context_frac: 0 })
  expect(config.context.discord_overrides).toBeUndefined()
})

test('narrators and media stand at the top or in integrations, as a name, a list, or names with commas', () => {
  expect(single({ discord: 'a, b', media: ['m'] }).options).toMatchObject({ profiles: ['a', 'b'], media: ['m'] })
  expect(single({ integrations: { discord: ['a'], media: 'm,n' } }).options).toMatchObject({
    profiles: ['a'],
    media: ['m', 'n'],
  })
  expect(single({ discord: 'top', integrations: { discord: 'inner' } }).options.profiles).toEqual(['top'])
})

test('overrides are laid over every chosen preset', () => {
  const more = {
    'presets/discord/p.json': {
      system_prompt: 'keep',
      transcript_window: 3,
      tool: { defaults: { channel: 'status' } },
    },
    'presets/media/m.json': { tool: { server: 's', name: 'n' }, discord_channel: 'media' },
  }
  const config = {
    template: 'duet',
    models: ['opus'],
    integrations: {
      discord: 'p',
      media: 'm',
      discord_options: { transcript_window: 9 },
      media_overrides: { discord_channel: 'lucid' },
      post_transcript: true,
      transcript_channel: 'transcripts',
    },
  }
  const catalog = new Catalog({ root: project({ ...DUET, ...more, 'configs/c.json': config }), offline: false })
  const { options, context } = catalog.config('c')
  const spec = catalog.resolveRun(options, context)
  expect(spec.profiles[0]?.preset).toEqual({
    system_prompt: 'keep',
    transcript_window: 9,
    tool: { defaults: { channel: 'status' } },
    post_transcript: true,
    transcript_channel: 'transcripts',
    model: 'same-as-lm1',
  })
  expect(spec.media[0]?.preset).toMatchObject({ discord_channel: 'lucid' })
  const wrong = { ...context, discord_overrides: { transcript_window: 'many' } }
  expect(() => catalog.resolveRun(options, wrong)).toThrow(
    /^configs\/c\.json: discord_overrides: transcript_window must be a whole number/,
  )
})

test('models that are named twice over: what does nothing is said', () => {
  expect(single({ models: ['opus'], lm1: 'sonnet', lm2: 'opus' }).warnings).toEqual([
    'configs/c.json: models says who speaks, so lm1, lm2 does nothing.',
  ])
  expect(single({ lm1: 'opus', pairs: ['opus:sonnet'] }).warnings).toEqual([
    'configs/c.json: lm1 says who speaks, so pairs does nothing.',
  ])
  expect(batch({ models: ['opus'], lm1: 'sonnet' }).warnings).toEqual([
    'configs/c.json: a batch takes its models from models or pairs, so lm1 does nothing.',
  ])
  for (const one of [{ models: ['opus'] }, { lm1: 'opus', lm2: 'sonnet' }, { pairs: ['opus:sonnet'] }])
    expect(single(one).warnings).toEqual([])
})

test('which pairs run', () => {
  expect(batch({ pairs: ['opus:sonnet', 'hermes+opus', 'opus x cli'] }).plan).toEqual({
    kind: 'pairs',
    pairs: [
      ['opus', 'sonnet'],
      ['hermes', 'opus'],
      ['opus', 'cli'],
    ],
  })
  expect(batch({ models: ['opus', 'sonnet'], mixed: { mode: 'all' } }).plan.kind).toBe('mixed_all')
  expect(batch({ models: ['opus', 'opus'], mixed: { mode: 'random', runs_per_item: 2 } }).plan).toEqual({
    kind: 'mixed_random',
    models: ['opus', 'opus'],
    runs_per_item: 2,
  })
})

test('a batch with every key', () => {
  const config = batch({
    models: ['opus'],
    data_source: {
      kind: 'supabase',
      table: 'poetry',
      select: ['poem', 'header'],
      query: 'static',
      ids: [32, 'd7'],
      content_field: 'poem',
      content_fallback_fields: 'text',
      date_fields: ['date', 'created_at'],
      order_desc: false,
    },
    secondary_data_source: { kind: 'supabase' },
    template_vars_from_item: { poem: 'poem' },
    template_vars_from_secondary: { dream: 'content' },
    sequence: { runs: 5 },
    seed: 42,
    max_items: 3,
    max_cost: 1.5,
    max_turns: 4,
    concurrency: 2,
    threads: 'failed',
    auto_sync: true,
    output: { meta_jsonl: 'x.jsonl' },
    temperature: 0.5,
  })
  expect(config).toMatchObject({
    options: { template: 'duet', max_turns: 4, temperature: 0.5 },
    context: { where: 'configs/c.json', fallbacks: { max_turns: 30, on_loop: 'end' } },
    shuffle: true,
    secondary: { limit: 50, source: 'mine', source_column: 'source' },
    vars_from_item: { poem: 'poem' },
    vars_from_secondary: { dream: 'content' },
    runs: 5,
    seed: 42,
    max_items: 3,
    max_cost: 1.5,
    concurrency: 2,
    threads: 'failed',
    auto_sync: true,
    meta_jsonl: 'x.jsonl',
  })
  expect(config.options).not.toHaveProperty('max_cost')
  expect(config.source).toMatchObject({
    table: 'poetry',
    select: ['poem', 'header'],
    source: 'all',
    source_column: null,
    ids: ['32', 'd7'],
    content_field: 'poem',
    content_fallback_fields: ['text'],
    order_desc: false,
  })
})

test.each([
  [
    'a seed that is text',
    { models: ['opus'], seed: '42' },
    /^configs\/c\.json: seed must be a whole number.*, not "42"\.$/,
  ],
  ['a wrong kind', { models: ['opus'], max_turns: true }, /^configs\/c\.json: max_turns must be a whole number/],
  [
    'a wrong type',
    { type: 'many', models: ['opus'] },
    /^configs\/c\.json: type must be one of single, batch, not "many"/,
  ],
  [
    'a wrong nested value',
    { models: ['opus'], data_source: { limit: 'all' } },
    /data_source\.limit must be a whole number from 1.*, not "all"/,
  ],
  [
    'an unknown alias in the third pair',
    { pairs: ['opus:opus', 'opus:sonnet', 'opus:sonet'] },
    /^configs\/c\.json: pair 3: There is no model "sonet"\. Nearest: sonnet/,
  ],
  [
    'an unknown alias in the list',
    { models: ['opus', 'nope'] },
    /^configs\/c\.json: model 2: There is no model "nope"/,
  ],
  ['a pair that is none', { pairs: ['opus'] }, /^configs\/c\.json: pair 1: "opus" does not split/],
  ['no models', {}, /^configs\/c\.json: models is missing; a batch needs models or pairs/],
  ['mixed from one', { models: ['opus'], mixed: { mode: 'all' } }, /models must be a list of at least two/],
])('a batch with %s', (_, config, sentence) => {
  expect(() => batch(config)).toThrow(sentence)
})

test('all faults of a config are told at once, very many of them cut short', () => {
  const told = (config: object) => {
    try {
      return batch(config) && []
    } catch (error) {
      return (error as Error).message.split('\n')
    }
  }
  const wrong = { max_turns: 'six', seed: 'abc', models: ['opus', 'nope'], data_source: { limit: 0 }, threads: 'some' }
  expect(told(wrong)).toEqual([
    expect.stringMatching(/^configs\/c\.json: max_turns must be/),
    expect.stringMatching(/^configs\/c\.json: seed must be/),
    expect.stringMatching(/^configs\/c\.json: data_source\.limit must be/),
    expect.stringMatching(/^configs\/c\.json: threads must be/),
    expect.stringMatching(/^configs\/c\.json: model 2: There is no model "nope"/),
  ])
  const many = told({ models: Array(30).fill('nope') })
  expect(many).toHaveLength(11)
  expect(many.at(-1)).toBe('And 20 more like these.')
})

test('a config is found by name, and by path only where that is allowed', () => {
  const root = project({
    ...DUET,
    'configs/c.json': { template: 'duet' },
    'else/where.json': { template: 'duet', models: ['opus'] },
  })
  const catalog = new Catalog({ root, offline: false })
  expect(() => catalog.config('../else/where')).toThrow(/leaves configs/)
  expect(() => catalog.config('else/where.json')).toThrow(
    /^There is no config "else\/where" in configs\/\. There is only: c\./,
  )
  expect(catalog.config('else/where.json', true).file).toBe('else/where.json')
  expect(() => catalog.config('models')).toThrow(/is the model registry, no config/)
})

test('a broken config spoils only itself', () => {
  const root = project({
    ...DUET,
    'configs/bad.json': '{',
    'configs/good.json': { template: 'duet', models: ['opus'] },
  })
  const catalog = new Catalog({ root, offline: false })
  expect(catalog.configs()).toMatchObject([
    { name: 'bad', type: null, error: 'configs/bad.json, line 1, column 2: broken JSON: it ends too early.' },
    { name: 'good', error: null },
  ])
  expect(() => catalog.config('bad')).toThrow(/broken JSON/)
})
