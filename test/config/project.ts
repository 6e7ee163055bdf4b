import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A project in a folder of its own, removed after the test. Values that are not text are written as JSON. */
export function project(files: Record<string, unknown> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'backrooms-files-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  put(root, { 'configs/models.json': REGISTRY, ...files })
  return root
}

export function put(root: string, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(
      path,
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
    )
  }
}

const price = { input: 1, output: 2, cached: 0.1, written: 1.25 }

export const REGISTRY = {
  models: {
    opus: {
      provider: 'anthropic',
      api_name: 'claude-opus-x',
      display_name: 'Claude Opus',
      context_window: 200_000,
      price,
    },
    sonnet: { provider: 'anthropic', api_name: 'claude-sonnet-x', display_name: 'Claude Sonnet', price },
    hermes: { provider: 'openrouter', api_name: 'nous/hermes-4', display_name: 'Hermes 405B', price },
    dear: { provider: 'openai', api_name: 'gpt-dear', display_name: 'Dear' },
    cli: { provider: 'cli', api_name: 'cli', display_name: 'CLI', price: { input: 0, output: 0 } },
  },
  limits: { anthropic: { in_flight: 4, per_minute: 50 } },
}

/** A template for two that works. */
export const DUET = {
  'templates/duet/template.json': {
    description: 'Two sing.',
    agents: [{ system: 'a.md', history: 'a.history.md' }, { system: 'b.md' }],
  },
  'templates/duet/a.md': '\n  You are {model1_display_name} by {model1_company}. Sing of {TOPIC}. {{sic}}\n\n',
  'templates/duet/a.history.md': '# user\nBegin.\n',
  'templates/duet/b.md': 'You are {model2_display_name}.',
  'templates/duet/vars.json': { TOPIC: 'the sea' },
}
