import { expect, test } from 'vitest'
import { check } from '../../src/cli/check.ts'
import { type Flags, type Given, parseFlags } from '../../src/cli/flags.ts'
import type { CliIo } from '../../src/cli/io.ts'
import { models } from '../../src/cli/models.ts'
import { render } from '../../src/cli/render.ts'
import { templates } from '../../src/cli/templates.ts'
import { DUET, project } from '../config/project.ts'

interface Command {
  flags: Flags
  run(given: Given, io: CliIo): number
}

function run(command: Command, args: string[], files: Record<string, unknown> = {}) {
  const out: string[] = []
  const err: string[] = []
  const io = {
    root: project({ ...DUET, ...files }),
    mcpConfig: 'mcp.config.json',
    out: (t: string) => out.push(t),
    err: (t: string) => err.push(t),
  }
  return { code: command.run(parseFlags(args, command.flags), io), out: out.join('\n'), err: err.join('\n') }
}

test('render gives what each actor would get', () => {
  const { code, out } = run(render, ['duet', '--lm', 'opus', 'dear', '--var', 'TOPIC={x}', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual([
    { system: 'You are Claude Opus by anthropic. Sing of {x}. {sic}', history: [{ role: 'user', content: 'Begin.' }] },
    { system: 'You are Dear.', history: [] },
  ])
})

test('render takes its template before or after the models, and sets a query', () => {
  const files = { 'templates/duet/b.md': '{QUERY}' }
  const orders = [
    ['duet', '--query', 'q', '--lm', 'opus'],
    ['--lm', 'opus', 'sonnet', 'duet', '--query', 'q'],
    ['--template', 'duet', '--query', 'q'],
  ]
  for (const args of orders) expect(run(render, args, files).out, args.join(' ')).toContain('2 ###\nq')
})

test('render says what is wrong', () => {
  expect(() => run(render, ['duet', '--lm', 'opus', 'opus', 'opus'])).toThrow(/has 2 agents, but 3 models/)
  expect(() => run(render, ['duet', '--var', 'TOPIC'])).toThrow(/--var: "TOPIC" should be NAME=value/)
  for (const args of [[], ['duet', 'solo'], ['duet', '--frob']])
    expect(() => run(render, args)).toThrow(expect.objectContaining({ name: 'WrongUse' }))
})

test('check ends with 1 when a file has an error, and prints a line for each', () => {
  expect(run(check, []).code).toBe(0)
  const { code, out, err } = run(check, [], { 'presets/discord/p.json': '{', 'configs/c.json': { template: 'gone' } })
  expect(code).toBe(1)
  expect(out.split('\n')).toEqual([
    'ok    configs/models.json',
    'ok    templates/duet/template.json',
    'ERROR presets/discord/p.json',
    '      presets/discord/p.json, line 1, column 2: broken JSON: it ends too early.',
    'ok    configs/c.json',
    '      warning: configs/c.json: template: there is no template "gone".',
  ])
  expect(err).toBe('4 files, 1 with errors, 1 warning.')
})

test('check --json is for programs', () => {
  const { code, out } = run(check, ['--json'], { 'presets/media/m.json': { mode: 'x' } })
  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual([
    { file: 'configs/models.json', ok: true, errors: [], warnings: [] },
    { file: 'templates/duet/template.json', ok: true, errors: [], warnings: [] },
    { file: 'presets/media/m.json', ok: false, errors: [expect.stringMatching(/mode must be one of/)], warnings: [] },
  ])
})

test('models and templates list what there is', () => {
  expect(JSON.parse(run(models, ['--json']).out)[0]).toMatchObject({
    alias: 'opus',
    provider: 'anthropic',
    api_name: 'claude-opus-x',
    display_name: 'Claude Opus',
    company: 'anthropic',
  })
  expect(run(models, []).out).toMatch(/^alias .*\nopus +Claude Opus +anthropic:claude-opus-x +200000 +1 \/ 2$/m)
  expect(JSON.parse(run(templates, ['--json']).out)).toMatchObject([
    { name: 'duet', agents: 2, description: 'Two sing.', error: null },
  ])
  expect(run(templates, [], { 'templates/torn/template.json': '{' }).out).toMatch(
    /torn +\? +templates\/torn\/template\.json, line 1/,
  )
})
