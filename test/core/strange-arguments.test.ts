import { expect, test } from 'vitest'
import { strangeArguments } from '../../src/core/strange-arguments.ts'

const schema = (more: object = {}) => ({ type: 'object', properties: { prompt: {}, width: {} }, ...more })

test('an argument that is not described is named with the nearest', () => {
  expect(strangeArguments(schema(), { prompt: 'a', widht: 3 })).toEqual([
    '"widht" is no argument that the tool describes. Nearest: width.',
  ])
  expect(strangeArguments({ type: 'object', properties: {} }, { x: 1 })).toEqual([
    '"x" is no argument that the tool describes. It describes none.',
  ])
  expect(strangeArguments(schema(), { toString: 1 })).toHaveLength(1)
})

test('arguments within params are looked at, by reference too', () => {
  const nested = { properties: { params: { $ref: '#/$defs/Paint' } }, $defs: { Paint: schema() } }
  expect(strangeArguments(nested, { params: { promt: 'a' } })).toEqual([
    '"params.promt" is no argument that the tool describes. Nearest: prompt.',
  ])
  expect(strangeArguments(nested, { params: { prompt: 'a' } })).toEqual([])
})

test.each([
  { additionalProperties: true },
  { additionalProperties: false },
  { patternProperties: { '^x': {} } },
  { anyOf: [{ required: ['prompt'] }] },
  { properties: undefined },
  { $ref: '#/$defs/none' },
])('nothing is said where the schema may know more, or judges itself: %o', (more) => {
  expect(strangeArguments(schema(more), { other: 1 })).toEqual([])
})
