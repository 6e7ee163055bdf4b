import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { checkFiles } from '../../src/config/check.ts'
import { DUET, project, put } from './project.ts'

function check(files: Record<string, unknown>) {
  const catalog = new Catalog({ root: project({ ...DUET, ...files }), offline: false })
  return Object.fromEntries(checkFiles(catalog, 'mcp.config.json').map((each) => [each.file, each]))
}
const fine = { ok: true, errors: [], warnings: [] }

test('good files are fine, each with a line of its own', () => {
  const seen = check({
    'templates/duet/media.json': { tool: { server: 'demo', name: 'paint' } },
    'presets/discord/p.json': { model: 'hermes', note: 'a remark' },
    'configs/one.json': { template: 'duet', models: ['opus'], discord: 'p', media: 'template', note: 'a remark' },
    'configs/deep/two.json': {
      type: 'batch',
      template: 'duet',
      pairs: ['opus:sonnet'],
      template_vars_from_item: { TOPIC: 'content' },
    },
    'mcp.config.json': { mcpServers: { demo: { command: 'node' } } },
  })
  const names = [
    'configs/models.json',
    'templates/duet/template.json',
    'templates/duet/media.json',
    'presets/discord/p.json',
  ]
  expect(Object.keys(seen)).toEqual([...names, 'configs/deep/two.json', 'configs/one.json', 'mcp.config.json'])
  for (const [file, each] of Object.entries(seen)) expect(each).toEqual({ file, ...fine })
})

test('arguments of a tool are judged only where they are known: those of the bot’s own posting', () => {
  const defaults = { channel: 'status', chanel: 'x', username: 'Bot' }
  const seen = check({
    'presets/discord/theirs.json': { tool: { server: 'chat', name: 'post', defaults } },
    'presets/discord/ours.json': { tool: { defaults }, transcript_tool: { server: 'discord', defaults } },
    'presets/media/m.json': {
      tool: { server: 'chat', name: 'paint', defaults: { with: 1 } },
      discord_tool: { server: 'chat', name: 'post', defaults },
    },
    'mcp.config.json': { mcpServers: { chat: { command: 'node' } } },
  })
  expect(seen['presets/discord/theirs.json']).toMatchObject(fine)
  expect(seen['presets/media/m.json']).toMatchObject(fine)
  expect(seen['presets/discord/ours.json']?.warnings).toEqual([
    'presets/discord/ours.json: tool.defaults.chanel is unknown; nearest: channel.',
    'presets/discord/ours.json: tool.defaults.username is unknown.',
    'presets/discord/ours.json: transcript_tool.defaults.chanel is unknown; nearest: channel.',
    'presets/discord/ours.json: transcript_tool.defaults.username is unknown.',
  ])
})

test('a wrong kind is an error, an unknown key a warning with the nearest', () => {
  const seen = check({
    'presets/discord/p.json': {
      transcript_windw: 3,
      bot_history_window: '5',
      max_message_length: 0,
      tool: { defalts: {} },
    },
    'configs/c.json': {
      template: 'duet',
      models: ['opus'],
      max_turn: 3,
      data_source: { limt: 3 },
      discord_overrides: { colour: 1 },
    },
    'templates/duet/template.json': {
      agents: [{ sytem: 'a.md', history: 'a.history.md' }],
      defaults: { max_turns: 'x' },
    },
  })
  expect(seen['presets/discord/p.json']).toMatchObject({
    ok: false,
    errors: [
      'presets/discord/p.json: bot_history_window must be a whole number from 0, not "5".',
      'presets/discord/p.json: max_message_length must be a whole number from 1, not 0.',
    ],
    warnings: [
      'presets/discord/p.json: transcript_windw is unknown; nearest: transcript_window.',
      'presets/discord/p.json: tool.defalts is unknown; nearest: defaults.',
    ],
  })
  expect(seen['configs/c.json']?.warnings).toEqual([
    'configs/c.json: max_turn is unknown; nearest: max_turns.',
    'configs/c.json: data_source.limt is unknown; nearest: limit.',
    'configs/c.json: discord_overrides.colour is unknown.',
    'configs/c.json: a single run has no use for data_source.',
  ])
  expect(seen['templates/duet/template.json']).toMatchObject({
    errors: [expect.stringMatching(/^templates\/duet\/template\.json: defaults\.max_turns must be a whole number/)],
    warnings: ['templates/duet/template.json: agent 1: sytem is unknown; nearest: system.'],
  })
})

test('a name that points at nothing here is a warning', () => {
  const seen = check({
    'presets/discord/p.json': { model: 'nobody', user_template: '{nope}', tool: { server: 'gone', name: 'x' } },
    'configs/a.json': { template: 'nowhere', models: ['opus'] },
    'configs/b.json': { template: 'duet', models: ['nobody'], discord: 'q', media: 'r', tools: ['gone/x'] },
    'configs/c.json': { type: 'batch', template: 'duet', pairs: ['opus:nobody'], data_source: { kind: 'none' } },
  })
  expect(Object.values(seen).every(({ ok }) => ok)).toBe(true)
  expect(seen['presets/discord/p.json']?.warnings).toEqual([
    expect.stringMatching(/p\.json: model: There is no model "nobody"/),
    expect.stringMatching(/p\.json: user_template: \{nope\} is no placeholder and stays as it is; there are/),
    'presets/discord/p.json: tool.server: mcp.config.json has no server "gone".',
  ])
  expect(seen['configs/a.json']?.warnings).toEqual(['configs/a.json: template: there is no template "nowhere".'])
  expect(seen['configs/b.json']?.warnings).toHaveLength(4)
  expect(seen['configs/c.json']?.warnings).toEqual([
    expect.stringMatching(/^configs\/c\.json: pair 1: There is no model "nobody"/),
  ])
})

test('a servers’ file outside of the project is read where it is, and named as it is', () => {
  const root = project(DUET)
  const elsewhere = `${project({ 'list.json': { mcpServers: { demo: { command: 'node' } } } })}/list.json`
  put(root, { 'templates/duet/media.json': { tool: { server: 'demo', name: 'x' } } })
  const seen = checkFiles(new Catalog({ root, offline: false }), elsewhere)
  expect(seen.find(({ file }) => file === elsewhere)).toMatchObject(fine)
  put(root, { 'templates/duet/media.json': { tool: { server: 'gone', name: 'x' } } })
  const warnings = checkFiles(new Catalog({ root, offline: false }), elsewhere).flatMap((each) => each.warnings)
  expect(warnings).toEqual([`templates/duet/media.json: tool.server: ${elsewhere} has no server "gone".`])
})

test('what could not run is an error', () => {
  const seen = check({
    'templates/mute/template.json': { agents: [{}] },
    'templates/hole/template.json': { agents: [{ history: 'h.md' }] },
    'templates/hole/h.md': '# user\n{model2_company}',
    'templates/stray/readme.txt': 'no template',
    'configs/many.json': { template: 'duet', models: ['opus', 'opus', 'opus'] },
    'configs/over.json': {
      template: 'duet',
      models: ['opus'],
      discord: 'p',
      discord_overrides: { transcript_window: 'x' },
    },
    'presets/discord/p.json': {},
    'presets/media/m.json': 'no JSON',
    'mcp.config.json': { mcpServers: { a: {} } },
  })
  const errors = (file: string) => seen[file]?.errors.join()
  expect(errors('templates/mute/template.json')).toMatch(/every history is empty/)
  expect(errors('templates/hole/template.json')).toMatch(
    /templates\/hole\/h\.md, line 2?1?: unknown placeholder \{model2_company\}/,
  )
  expect(errors('configs/many.json')).toMatch(/^configs\/many\.json: The template "duet" has 2 agents, but 3 models/)
  expect(errors('configs/over.json')).toMatch(/^configs\/over\.json: discord_overrides: transcript_window must be/)
  expect(errors('presets/media/m.json')).toMatch(/^presets\/media\/m\.json, line 1, column 1: broken JSON/)
  expect(errors('mcp.config.json')).toMatch(/^mcp\.config\.json: mcpServers\.a: command is missing/)
  expect(seen['templates/stray']).toMatchObject({
    ok: true,
    warnings: [expect.stringMatching(/has no template\.json/)],
  })
})

test('a broken registry is said once', () => {
  const seen = check({ 'configs/models.json': '{', 'configs/one.json': { template: 'duet', models: ['opus'] } })
  expect(seen['configs/models.json']?.ok).toBe(false)
  expect(seen['templates/duet/template.json']).toMatchObject(fine)
})
