import { expect, test } from 'vitest'
import { nearest, nearestSentence } from '../../src/core/nearest.ts'

const known = ['opus', 'opus3', 'sonnet', 'haiku', 'hermes', 'hermes_reasoning', 'gpt4o']

test.each([
  ['opsu', 'opus'],
  ['Sonet', 'sonnet'],
  ['herm', 'hermes'],
  ['reasoning', 'hermes_reasoning'],
  ['gpt-4o', 'gpt4o'],
  ['haikoo', 'haiku'],
])('%s is nearest to %s', (typed, meant) => {
  expect(nearest(typed, known)[0]).toBe(meant)
})

test('three at most, none that is quite another, and a sentence where there are none', () => {
  expect(nearest('h', [...known, 'hen'])).toHaveLength(3)
  expect(nearest('foo', known)).toEqual([])
  expect(nearest('nonsense', known)).toEqual([])
  expect(nearest('nope', ['paint', 'repaint', 'paint_task', 'paint_status'])).toEqual([])
  expect(nearestSentence('foo', ['a1', 'b2'])).toBe('There is only: a1, b2.')
  expect(nearestSentence('x', [])).toBe('There are none yet.')
})
