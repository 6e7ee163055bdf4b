import { afterAll, beforeAll, expect, test } from 'vitest'
import { modelEmbeds } from '../../commands/backrooms/models.ts'
import { Catalog } from '../../src/config/catalog.ts'
import type { ModelInfo } from '../../src/core/model.ts'
import { type Kit, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  kit = await startKit({ missing: ({ provider }) => (provider === 'openai' ? ['OPENAI_API_KEY'] : []) })
})
afterAll(() => kit.close())

const catalog = new Catalog({ root: new URL('../..', import.meta.url).pathname, offline: true })

test('/backrooms models lists every model under its provider, whose key it names', async () => {
  const { response } = await kit.type('/backrooms models')
  const embeds = response?.embeds as { title: string; description: string }[]
  expect(embeds.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['anthropic · ready', 'openai · set OPENAI_API_KEY', 'openrouter · ready']),
  )
  const text = embeds.map(({ description }) => description).join('\n')
  for (const { alias } of kit.room.catalog.models()) expect(text).toContain(`\`${alias}\` `)
  expect(text).toContain('`opus` **Claude Opus** · $4 / $20 · claude-opus-5-5')
  expect(await kit.get('/sandbox/violations')).toEqual([])
})

test('while the offline voice speaks, the keys of the real ones are named all the same', () => {
  const missing = ({ provider }: ModelInfo) => (provider === 'anthropic' ? ['ANTHROPIC_API_KEY'] : [])
  expect(modelEmbeds(catalog.registered(), { models: { missing } })[0]?.title).toBe('anthropic · set ANTHROPIC_API_KEY')
})

test('however many there are, Discord takes the list, and no line is cut in two', () => {
  const [model] = catalog.registered() as [ModelInfo]
  const many = Array.from({ length: 900 }, (_, i) => ({
    ...model,
    alias: `model${i}`,
    provider: (['anthropic', 'openai', 'openrouter'] as const)[i % 3] as ModelInfo['provider'],
  }))
  const embeds = modelEmbeds(many, { models: { missing: () => [] } })
  const total = embeds.reduce((all, { title = '', description = '' }) => all + title.length + description.length, 0)
  expect(total).toBeLessThanOrEqual(6000)
  expect(total).toBeGreaterThan(5000)
  for (const { description = '' } of embeds) {
    const lines = description.split('\n')
    expect(lines.at(-1)).toMatch(/^… and \d+ more/)
    for (const line of lines.slice(0, -1))
      expect(line).toMatch(/^`model\d+` \*\*Claude Opus\*\* · \$4 \/ \$20 · claude-opus-5-5$/)
  }
})
