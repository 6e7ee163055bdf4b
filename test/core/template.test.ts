import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { formatTemplate } from '../../src/core/template.ts'

test('placeholders become values, doubled braces single ones', () => {
  expect(formatTemplate('{{{A}}} and {B C}{A}', { A: '1', 'B C': 'two' }, 'x.md')).toBe('{1} and two1')
})

test('values are inserted literally, braces and all', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, around) => {
      const escaped = around.replaceAll('{', '{{').replaceAll('}', '}}')
      expect(formatTemplate(`${escaped}{V}${escaped}`, { V: value }, 'x.md')).toBe(`${around}${value}${around}`)
    }),
  )
})

test('whatever the text, the result is a text or a sentence for people', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'A', 'b', '\n') }), (text) => {
      try {
        expect(formatTemplate(text, { A: 'x' }, 'x.md')).toBeTypeOf('string')
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }),
  )
})

test('an unknown name is an error that names file, line and placeholder and lists the known ones', () => {
  expect(() => formatTemplate('one\n{NOPE}', { TOPIC: '', TONE: '' }, 'templates/x/a.md')).toThrow(
    /^templates\/x\/a\.md, line 2: unknown placeholder \{NOPE\}\. Known: \{TOPIC\}, \{TONE\}\./,
  )
})

test('names of every object are not known by that', () => {
  expect(() => formatTemplate('{constructor}', {}, 'x.md')).toThrow(/unknown placeholder \{constructor\}/)
  expect(() => formatTemplate('{toString}', {}, 'x.md')).toThrow(/Known: none/)
})

test.each(['a } b', 'a { b', '{A', 'x {"k": {A}}', '{'])('a brace that stands alone is an error: %s', (text) => {
  expect(() => formatTemplate(text, { A: '' }, 'x.md')).toThrow(/x\.md, line 1: .*stands alone/)
})
