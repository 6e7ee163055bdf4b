import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseVar, parseVars, withQuery } from '../../src/core/vars.ts'

test('a semicolon separates only where NAME= follows', () => {
  expect(parseVars('TOPIC=a; b;TONE=dry; or worse; n0=x=y;')).toEqual({
    TOPIC: 'a; b',
    TONE: 'dry; or worse',
    n0: 'x=y;',
  })
})

test('nothing sets nothing', () => {
  expect(parseVars('  ')).toEqual({})
})

test.each(['hello', '=x', '1A=x', 'a b=c', ';A=1'])('%j is malformed', (text) => {
  expect(() => parseVars(text)).toThrow(/vars: ".*" should be NAME=value/)
})

test('any values without NAME= after a semicolon come back', () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)
  const value = fc.string().filter((text) => !/;\s*[\p{L}_][\p{L}\p{N}_]*=/u.test(`${text};`) && !/;\s*$/.test(text))
  fc.assert(
    fc.property(fc.dictionary(name, value, { minKeys: 1 }), (vars) => {
      const text = Object.entries(vars)
        .map(([key, each]) => `${key}=${each}`)
        .join(';')
      expect(parseVars(text)).toEqual({ ...vars })
    }),
  )
})

test('one variable of the terminal', () => {
  expect(parseVar('A=b=c')).toEqual(['A', 'b=c'])
  expect(parseVar('A=')).toEqual(['A', ''])
  expect(() => parseVar('A')).toThrow(/--var: "A" should be NAME=value/)
})

test('a query sets QUERY and DREAM_TEXT unless they are set', () => {
  expect(withQuery({ DREAM_TEXT: 'own' }, 'static')).toEqual({ QUERY: 'static', DREAM_TEXT: 'own' })
  expect(withQuery({ A: '1' }, null)).toEqual({ A: '1' })
})
