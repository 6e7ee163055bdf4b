import { expect, test } from 'vitest'
import { defaultTitle, titleOf } from '../../src/core/title.ts'
import { spec } from '../engine/kit.ts'

const runNamed = (title: string, more = {}) => ({ id: 'k3f9abcd', spec: spec({ title, ...more }) })

test('runs that nobody named are told apart by their id, others keep their name', () => {
  const { template, actors } = spec({})
  const models = actors.map(({ model }) => model)
  const title = defaultTitle(template, models, 'a lighthouse\nthat answers letters nobody wrote')
  expect(title).toMatch(/ · a lighthouse that answers let…$/)
  expect(titleOf(runNamed(title, { query: 'a lighthouse\nthat answers letters nobody wrote' }))).toBe(
    `${title} · k3f9abcd`,
  )
  expect(titleOf(runNamed(defaultTitle(template, models, null)))).toMatch(/ · k3f9abcd$/)
  expect(titleOf(runNamed('Two friends'))).toBe('Two friends')
  expect(titleOf(runNamed(' '))).toBe(`${template} · k3f9abcd`)
})

test('a long default keeps its mark', () => {
  const models = Array.from({ length: 6 }, () => ({
    ...spec({}).actors[0]?.model,
    display_name: 'A model of a long name',
  }))
  const actors = models.map((model) => ({ ...spec({}).actors[0], model }))
  const title = defaultTitle('gallery', models, null)
  const shown = titleOf(runNamed(title, { template: 'gallery', actors, query: null }))
  expect(shown).toHaveLength(100)
  expect(shown).toMatch(/… · k3f9abcd$/)
})
