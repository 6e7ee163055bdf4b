import { symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { DUET, project, put } from './project.ts'

const catalogOf = (files: Record<string, unknown>, offline = false) =>
  new Catalog({ root: project({ ...DUET, ...files }), offline })
const start = { lm1: 'opus', lm2: 'sonnet', template: 'duet' }

test('a run is resolved with its defaults', () => {
  const spec = catalogOf({}).resolveRun({ ...start, seed: 5 })
  expect(spec).toMatchObject({
    template: 'duet',
    description: 'Two sing.',
    title: 'duet: Claude Opus × Claude Sonnet',
    vars: { TOPIC: 'the sea' },
    query: null,
    max_turns: null,
    max_tokens: null,
    max_context_frac: 0,
    context_window: null,
    temperature: 1,
    max_cost: 2,
    order: 'round_robin',
    stop: 'line',
    reasoning: 'hidden',
    seed: 5,
    tools: [],
    nudge: null,
    on_loop: 'notice',
    profiles: [],
    media: [],
    item: null,
    lineage: null,
  })
  expect(spec.actors).toMatchObject([
    {
      name: 'Claude Opus 1',
      face: 'claude_opus_claude_opus_x',
      system: 'You are Claude Opus by anthropic. Sing of the sea. {sic}',
      history: [{ role: 'user', content: 'Begin.' }],
    },
    { name: 'Claude Sonnet 2', face: 'claude_sonnet_claude_sonnet_x', system: 'You are Claude Sonnet.', history: [] },
  ])
})

test('without a seed each run gets one of its own', () => {
  const catalog = catalogOf({})
  const seeds = [1, 2, 3].map(() => catalog.resolveRun(start).seed)
  expect(new Set(seeds).size).toBe(3)
})

test('the company of a routed model is its vendor', () => {
  const spec = catalogOf({}).resolveRun({ ...start, lm1: 'hermes' })
  expect(spec.actors[0]?.system).toContain('Hermes 405B by nous.')
})

test('a missing model means the first again; one too many is an error', () => {
  const trio = {
    'templates/trio/template.json': { agents: [{ history: 'h.md' }, {}, {}] },
    'templates/trio/h.md': '# user\nx',
  }
  const catalog = catalogOf(trio)
  const names = (options: object) => catalog.resolveRun({ template: 'trio', ...options }).actors.map(({ name }) => name)
  expect(names({ lm1: 'opus' })).toEqual(['Claude Opus 1', 'Claude Opus 2', 'Claude Opus 3'])
  expect(names({ lm1: 'opus', lm3: 'sonnet' })).toEqual(['Claude Opus 1', 'Claude Opus 2', 'Claude Sonnet 3'])
  expect(names({ models: ['sonnet', 'opus'] })).toEqual(['Claude Sonnet 1', 'Claude Opus 2', 'Claude Sonnet 3'])
  expect(() => catalog.resolveRun({ ...start, lm3: 'opus' })).toThrow(
    'The template "duet" has 2 agents, but 3 models are named; leave out 1 model.',
  )
})

test('variables: vars.json, then the query, then what was set, then the item', () => {
  const catalog = catalogOf({
    'templates/duet/vars.json': { TOPIC: 'file', DREAM_TEXT: 'file', N: 3, YES: true, GONE: null, EMPTY: '' },
  })
  expect(catalog.resolveRun({ ...start, query: 'asked', vars: 'TOPIC={x}' }).vars).toEqual({
    TOPIC: '{x}',
    DREAM_TEXT: 'asked',
    QUERY: 'asked',
    N: '3',
    YES: 'True',
    EMPTY: '',
  })
  const item = catalog.resolveRun({ ...start, query: 'asked' }, { item_vars: { DREAM_TEXT: '@file:a.md' } })
  expect(item.vars).toMatchObject({ QUERY: 'asked', DREAM_TEXT: '@file:a.md' })
})

test('@file: takes a file of the template folder and no other', () => {
  const catalog = catalogOf({ 'templates/duet/deep/sea.txt': 'a\r\nb {c}', '.env': 'KEY=secret' })
  expect(catalog.resolveRun({ ...start, vars: { TOPIC: '@file: deep/sea.txt' } }).vars.TOPIC).toBe('a\nb {c}')
  for (const path of ['../../.env', '/etc/hostname', '..', '.']) {
    expect(() => catalog.resolveRun({ ...start, vars: { TOPIC: `@file:${path}` } })).toThrow(
      /vars: TOPIC: ".*" leaves templates\/duet/,
    )
  }
  expect(() => catalog.resolveRun({ ...start, vars: { TOPIC: '@file:gone.md' } })).toThrow(
    /templates\/duet\/gone\.md does not exist/,
  )
})

test('a symbolic link does not lead out of the template folder', () => {
  const catalog = catalogOf({ 'secret.md': 'secret' })
  symlinkSync(join(catalog.files.root, 'secret.md'), catalog.files.path('templates/duet/link.md'))
  symlinkSync(tmpdir(), catalog.files.path('templates/out'))
  expect(() => catalog.resolveRun({ ...start, vars: { TOPIC: '@file:link.md' } })).toThrow(
    /"link\.md" leaves templates\/duet/,
  )
  expect(() => catalog.resolveRun({ ...start, template: 'out' })).toThrow(/"out" leaves templates/)
  put(catalog.files.root, {
    'templates/duet/template.json': { agents: [{ system: 'link.md', history: 'a.history.md' }, {}] },
  })
  expect(() => catalog.resolveRun(start)).toThrow(/"link\.md" leaves templates\/duet/)
})

test('an edit counts at the next use', () => {
  const catalog = catalogOf({})
  expect(catalog.resolveRun(start).vars.TOPIC).toBe('the sea')
  put(catalog.files.root, { 'templates/duet/vars.json': { TOPIC: 'the open sea' } })
  expect(catalog.resolveRun(start).vars.TOPIC).toBe('the open sea')
})

test('a template sets defaults, which the asker overrides', () => {
  const catalog = catalogOf({
    'templates/duet/template.json': {
      agents: [{ system: 'a.md', history: 'a.history.md' }, {}],
      stop: 'anywhere',
      tools: ['demo/paint'],
      order: 'mentioned',
      nudge: 'Something else.',
      defaults: { lm1: 'sonnet', max_turns: 7, temperature: 0.5, vars: { TOPIC: 'default' }, discord: 'scribe' },
    },
    'presets/discord/scribe.json': {},
  })
  expect(catalog.resolveRun({ template: 'duet' })).toMatchObject({
    max_turns: 7,
    temperature: 0.5,
    stop: 'anywhere',
    tools: ['demo/paint'],
    order: 'mentioned',
    nudge: 'Something else.',
    vars: { TOPIC: 'default' },
    profiles: [{ name: 'scribe' }],
    actors: [{ name: 'Claude Sonnet 1' }, { name: 'Claude Sonnet 2' }],
  })
  const asked = catalog.resolveRun(
    { ...start, max_turns: 3, stop: 'line', vars: 'TOPIC=mine' },
    { fallbacks: { max_turns: 30, seed: 1 } },
  )
  expect(asked).toMatchObject({ max_turns: 3, stop: 'line', vars: { TOPIC: 'mine' }, seed: 1 })
})

test('legacy templates load from paths relative to the project', () => {
  const catalog = catalogOf({
    'templates/old.json': {
      agents: [{ system_prompt_file: 'templates/old/s.md', history_file: 'templates/old/h.md' }, {}],
    },
    'templates/old/s.md': 'Hi {model2_display_name} {X}',
    'templates/old/h.md': '# user\ngo',
    'templates/old/vars.json': { X: '1' },
    '.env': 'SECRET',
    'templates/sly.json': { agents: [{ system_prompt_file: '.env', history_file: 'templates/old/h.md' }, {}] },
  })
  expect(catalog.resolveRun({ ...start, template: 'old' }).actors[0]?.system).toBe('Hi Claude Sonnet 1')
  expect(() => catalog.resolveRun({ ...start, template: 'sly' })).toThrow(/"\.env" is a hidden file/)
})

test('offline, an alias keeps its name and is spoken for; a local server is itself', () => {
  const catalog = catalogOf({}, true)
  expect(catalog.model('opus')).toMatchObject({
    alias: 'opus',
    provider: 'offline',
    display_name: 'Claude Opus',
    price: { input: 0, output: 0, cached: 0, written: 0 },
  })
  expect(catalog.model('ollama:llama3.2').provider).toBe('ollama')
  expect(catalog.resolveRun({ ...start, lm1: 'dear' }).max_turns).toBeNull()
})

const agents = [{ history: 'h.md' }, {}]
const bad: [string, Record<string, unknown>, Record<string, unknown>, RegExp][] = [
  ['an unknown alias', {}, { lm1: 'opsu' }, /^There is no model "opsu"\. Nearest: opus\./],
  [
    'an unknown provider',
    {},
    { lm1: 'azure:x' },
    /^There is no provider "azure": the providers are anthropic, .* and ollama/,
  ],
  ['no model of a provider', {}, { lm1: 'ollama:' }, /^"ollama:" names no model/],
  ['no model', {}, { lm1: undefined, lm2: undefined }, /^lm1 is missing/],
  ['no template', {}, { template: undefined }, /^template is missing/],
  ['an unknown template', {}, { template: 'duett' }, /^There is no template "duett"\. Nearest: duet/],
  ['a path for a template', {}, { template: '../duet' }, /"\.\.\/duet" is no template's name/],
  [
    'a variable of no use',
    {},
    { vars: 'NOPE=1' },
    /^vars: there is no variable NOPE in the template "duet"; it has TOPIC\.$/,
  ],
  ['malformed vars', {}, { vars: 'hello' }, /^vars must be NAME=value/],
  ['no rounds', {}, { max_turns: 0 }, /^max_turns must be a whole number from 1 .*, not 0\.$/],
  ['half a round', {}, { max_turns: 1.5 }, /^max_turns must be a whole number/],
  ['a negative cost', {}, { max_cost: -1 }, /^max_cost must be a number from 0/],
  ['an unknown order', {}, { order: 'reverse' }, /^order must be one of round_robin/],
  ['a tool without server', {}, { tools: 'paint' }, /^tools: "paint" should be server\/tool/],
  ['a temperature beyond the model', {}, { temperature: 1.5 }, /^temperature: Claude Opus takes 0 to 1/],
  ['a price that is not known', {}, { lm1: 'dear' }, /^The price of dear is not known.*set max_turns/],
  ['an unknown narrator', {}, { profiles: 'nope' }, /^There is no narrator profile "nope" in presets\/discord/],
  ['an unknown media preset', {}, { media: 'nope' }, /^There is no media preset "nope" in presets\/media/],
  ['a path for a preset', {}, { profiles: '../../x' }, /is no narrator profile's name/],
  ['no media preset of its own', {}, { media: 'template' }, /^The template "duet" has no media preset of its own/],
  [
    'a preset with a wrong value',
    { 'presets/discord/p.json': { transcript_window: 'ten' } },
    { profiles: 'p' },
    /^presets\/discord\/p\.json: transcript_window must be a whole number from 0, not "ten"/,
  ],
  [
    'a broken template.json',
    { 'templates/t/template.json': '{"agents": [},' },
    { template: 't' },
    /^templates\/t\/template\.json, line 1, column 13: broken JSON/,
  ],
  [
    'a missing template.json',
    { 'templates/t/a.md': '' },
    { template: 't' },
    /^templates\/t\/template\.json: there is no such file/,
  ],
  [
    'no agents',
    { 'templates/t/template.json': { agents: [] } },
    { template: 't' },
    /^templates\/t\/template\.json: agents must be a list of agents/,
  ],
  [
    'a broken vars.json',
    { 'templates/t/template.json': { agents }, 'templates/t/h.md': '# user\nx', 'templates/t/vars.json': '[' },
    { template: 't' },
    /^templates\/t\/vars\.json, line 1, column 2: broken JSON/,
  ],
  [
    'a missing history',
    { 'templates/t/template.json': { agents } },
    { template: 't' },
    /^templates\/t\/template\.json: every history is empty\. templates\/t\/h\.md does not exist/,
  ],
  [
    'only empty histories',
    { 'templates/t/template.json': { agents }, 'templates/t/h.md': '# user\n\n' },
    { template: 't' },
    /every history is empty.*at least one agent needs an opening message/i,
  ],
  [
    'a silent first speaker',
    { 'templates/t/template.json': { agents: [{}, { history: 'h.md' }] }, 'templates/t/h.md': '# user\nx' },
    { template: 't' },
    /agent 1, Claude Opus 1, speaks first and its history is empty/,
  ],
  [
    'an unknown placeholder',
    { 'templates/t/template.json': { agents }, 'templates/t/h.md': '# user\n{NOPE}' },
    { template: 't' },
    /^templates\/t\/h\.md, line 1: unknown placeholder \{NOPE\}\. Known: \{model1_display_name\}/,
  ],
  [
    'a system file outside',
    { 'templates/t/template.json': { agents: [{ system: '../duet/a.md' }, {}] } },
    { template: 't' },
    /^templates\/t\/template\.json: agent 1: "\.\.\/duet\/a\.md" leaves templates\/t/,
  ],
  [
    'text that is not UTF-8',
    { 'templates/t/template.json': { agents }, 'templates/t/h.md': new Uint8Array([0x23, 0xe9, 0x20]) },
    { template: 't' },
    /^templates\/t\/h\.md is not UTF-8/,
  ],
]

test.each(bad)('bad input: %s', (_, files, options, sentence) => {
  expect(() => catalogOf(files).resolveRun({ ...start, ...options })).toThrow(sentence)
})

test('a budget of nothing is refused where someone would have to be paid', () => {
  const catalog = new Catalog({ root: resolve(import.meta.dirname, '../..'), offline: false })
  expect(() => catalog.resolveRun({ lm1: 'opus', template: 'roleplay', max_cost: 0 })).toThrow('max_cost 0')
  const free = new Catalog({ root: resolve(import.meta.dirname, '../..'), offline: true })
  expect(free.resolveRun({ lm1: 'opus', template: 'roleplay', max_cost: 0 }).max_cost).toBe(0)
})
