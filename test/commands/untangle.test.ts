import { expect, test } from 'vitest'
import { untangle } from '../../src/discord/start-options.ts'

const isTemplate = (name: string) => ['roleplay', 'gallery'].includes(name)

test('values in their places stay there', () => {
  const given = { lm1: 'opus', lm2: 'sonnet', template: 'roleplay', max_turns: 3 }
  expect(untangle(given, isTemplate)).toEqual(given)
})

test('one model and a template, typed without names', () => {
  expect(untangle({ lm1: 'opus', lm2: 'roleplay' }, isTemplate)).toEqual({ lm1: 'opus', template: 'roleplay' })
})

test('three models and a template, typed without names', () => {
  const given = { lm1: 'opus', lm2: 'sonnet', template: 'haiku', query: 'stars', lm3: 'gallery' }
  expect(untangle(given, isTemplate)).toEqual({
    lm1: 'opus',
    lm2: 'sonnet',
    lm3: 'haiku',
    template: 'gallery',
    query: 'stars',
  })
})

test('a misspelt template stays what it is, to be told', () => {
  const given = { lm1: 'opus', lm2: 'sonnet', template: 'roleplya' }
  expect(untangle(given, isTemplate)).toEqual(given)
})
