import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { configNames, inspectConfig } from '../../src/config/config-files.ts'
import { inspect } from '../../src/config/fields.ts'
import { mediaSchema, narratorSchema } from '../../src/config/preset.ts'
import { readTemplate } from '../../src/config/template-files.ts'
import { asksToStop } from '../../src/core/stop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const catalog = new Catalog({ root, offline: true })
const json = (path: string): unknown => JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))

it('no two models of the registry share a name', () => {
  const names = new Catalog({ root, offline: false }).models().map(({ display_name }) => display_name)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  expect(names.slice(0, 2)).toEqual(['Claude Opus', 'Claude Sonnet'])
})

describe.each(catalog.templates().map(({ name }) => name))('the template %s', (name) => {
  const run = catalog.resolveRun({ lm1: 'opus', lm2: 'sonnet', template: name })

  it('has nothing to complain about and a description that Discord can show', () => {
    const { errors, warnings, template } = readTemplate(catalog.files, name)
    expect([...errors, ...warnings]).toEqual([])
    expect(template?.description).toMatch(/^.{20,100}$/)
  })

  it('tells every actor that the others are models, that people may be there, and how to end', () => {
    for (const { system } of run.actors) {
      expect(system).toMatch(/language model/)
      expect(system).toMatch(/\bpeople|\bperson|\bothers\b|\blisteners\b/i)
      expect(system).toMatch(/`\^C\^C`/)
    }
  })

  it('opens with something to answer, and ends nobody by its own words', () => {
    expect(run.actors[0]?.history.at(-1)?.role).toBe('user')
    for (const { history } of run.actors)
      for (const { content } of history) expect(asksToStop(content, 'line')).toBe(false)
  })
})

describe('the presets', () => {
  it.each(catalog.profiles().map(({ name }) => name))('discord/%s is whole', (name) => {
    const path = `presets/discord/${name}.json`
    const { errors, warnings, value } = inspect(narratorSchema, json(path), path)
    expect([...errors, ...warnings]).toEqual([])
    const used = [...(value?.user_template ?? '').matchAll(/\{(\w*)\}/g)].map(([, placeholder]) => placeholder)
    for (const placeholder of used)
      expect(['latest_round_transcript', 'transcript', 'bot_history', 'last_actor', 'last_text']).toContain(placeholder)
  })

  it.each([
    ...catalog.mediaPresets().map(({ name }) => `presets/media/${name}.json`),
    'templates/dreamsim3/media.json',
    'templates/gallery/media.json',
  ])('%s is whole', (path) => {
    const { errors, warnings } = inspect(mediaSchema, json(path), path)
    expect([...errors, ...warnings]).toEqual([])
  })
})

describe('the sample configs', () => {
  it.each(configNames(catalog.files))('%s can be started here', (name) => {
    const { config, errors, warnings, nowhere } = inspectConfig(catalog.files, name, (ref) => catalog.model(ref))
    expect([...errors, ...warnings, ...nowhere]).toEqual([])
    const models = config?.type === 'batch' ? { models: ['opus'] } : {}
    expect(catalog.resolveRun({ ...config?.options, ...models }, config?.context).max_turns).toBeLessThanOrEqual(8)
  })
})

describe('the dreams to begin with', () => {
  const dreams = readFileSync(`${root}/src/dreams/starter.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line): { id: string; content: string; date: string; source: string } => JSON.parse(line))

  it('are thirty different ones of 60 to 200 words, from two sources', () => {
    expect(new Set(dreams.map(({ id }) => id)).size).toBe(30)
    expect(dreams.filter(({ source }) => source === 'mine')).toHaveLength(20)
    expect(dreams.filter(({ source }) => source === 'rsos')).toHaveLength(10)
    for (const { content, date } of dreams) {
      const words = content.split(/\s+/).length
      expect(words).toBeGreaterThanOrEqual(60)
      expect(words).toBeLessThanOrEqual(200)
      expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date)
    }
  })

  it('hold several that speak of static', () => {
    expect(dreams.filter(({ content }) => content.includes('static')).length).toBeGreaterThanOrEqual(3)
  })
})
