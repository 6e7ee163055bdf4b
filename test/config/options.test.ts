import { expect, test } from 'vitest'
import { type OptionRow, optionFromText, optionShape, parseRunOptions, RUN_OPTIONS } from '../../src/config/options.ts'

const rows = Object.entries(RUN_OPTIONS) as [string, OptionRow][]

test('every option of the table is one that a file may have, and the other way round', () => {
  const { models, ...single } = optionShape
  expect(models).toBeDefined()
  expect(Object.keys(single).sort()).toEqual(rows.map(([name]) => name).sort())
})

test('every option fits into a slash command', () => {
  expect(rows.length).toBeLessThanOrEqual(25)
  for (const [name, { description }] of rows) {
    expect(name).toMatch(/^[a-z0-9_]{1,32}$/)
    expect(description.length, name).toBeLessThanOrEqual(100)
  }
})

test('text of a terminal becomes its option’s own kind', () => {
  expect(optionFromText('max_turns', '20', '--max-turns')).toBe(20)
  expect(optionFromText('max_context_frac', '0.5', '--max-context-frac')).toBe(0.5)
  expect(optionFromText('profiles', 'a, b', '--discord')).toEqual(['a', 'b'])
  expect(optionFromText('title', '20', '--title')).toBe('20')
  for (const typed of ['x', '', '1.5', '0'])
    expect(() => optionFromText('max_turns', typed, '--max-turns')).toThrow(
      /^--max-turns must be a whole number from 1 .*, not ".*"\.$/,
    )
})

test('names are split at commas, models keep their repetitions', () => {
  expect(parseRunOptions({ profiles: 'a,b,a', media: ['m', 'n,o'], models: 'opus, opus' })).toEqual({
    profiles: ['a', 'b'],
    media: ['m', 'n', 'o'],
    models: ['opus', 'opus'],
  })
})

test('variables of a file may be numbers and truth values; null is absent', () => {
  expect(parseRunOptions({ vars: { A: 3, B: true, C: null, D: '', E: '@file:x' } }).vars).toEqual({
    A: '3',
    B: 'True',
    D: '',
    E: '@file:x',
  })
  expect(() => parseRunOptions({ vars: { A: ['x'] } })).toThrow(/^vars must be NAME=value/)
})

test('errors name the file where there is one', () => {
  expect(() => parseRunOptions({ stop: 'never' })).toThrow(/^stop must be one of line, anywhere, not "never"\.$/)
  expect(() => parseRunOptions({ stop: 'never' }, 'configs/c.json')).toThrow(/^configs\/c\.json: stop must be/)
})
