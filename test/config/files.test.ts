import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Files } from '../../src/config/files.ts'
import { jsonFault } from '../../src/config/json-fault.ts'
import { project } from './project.ts'

test.each([
  ['{\n  "a": 1,\n}', 2, 9, /a comma too many before \}/],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /a comma or \} was expected/],
  ["{'a': 1}", 1, 2, /a key in double quotes/],
  ['{"a": tru}', 1, 7, /a value was expected/],
  ['{"a": "x\ny"}', 1, 7, /not closed on its line/],
  ['[1, 2', 1, 6, /a \] is missing/],
  ['', 1, 1, /ends too early/],
  ['{} {}', 1, 4, /something stands after its end/],
  ['// hi\n{}', 1, 1, /comments are not allowed/],
])('broken JSON is found: %j', (text, line, column, what) => {
  const fault = jsonFault(text)
  expect([fault.line, fault.column]).toEqual([line, column])
  expect(fault.what).toMatch(what)
})

test('a fault is found in every text that is not JSON, inside the text', () => {
  const almost = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', 'a', ' ', '\\', '\n') })
  fc.assert(
    fc.property(almost, (text) => {
      const { line, column } = jsonFault(text)
      const lines = text.split('\n')
      expect(line).toBeLessThanOrEqual(lines.length)
      expect(column).toBeLessThanOrEqual((lines[line - 1] as string).length + 1)
    }),
  )
})

test('what JSON.parse takes, the search for faults takes to its end', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonFault(text).what).toBe('not JSON')
    }),
  )
})

test('text comes without byte order mark and with single line ends', () => {
  const root = project({ 'a.md': '\uFEFFone\r\ntwo\rthree' })
  expect(new Files(root).text(`${root}/a.md`)).toBe('one\ntwo\nthree')
})

test('a folder is no file, and errors name paths within the project', () => {
  const root = project({ 'deep/a.json': '{' })
  const files = new Files(root)
  expect(() => files.text(files.path('deep'))).toThrow('deep: there is no such file.')
  expect(() => files.json(files.path('deep', 'a.json'))).toThrow(
    'deep/a.json, line 1, column 2: broken JSON: it ends too early.',
  )
})
