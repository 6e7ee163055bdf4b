import { expect, test } from 'vitest'
import { sentence } from '../../src/core/sentence.ts'

test.each([
  ['no credit left', 'no credit left.'],
  ['no credit left.', 'no credit left.'],
  ['Failed...', 'Failed.'],
  ['Reason:', 'Reason.'],
  ['Is it on?', 'Is it on?'],
  ['cut short…', 'cut short…'],
  ['it said "no."', 'it said "no."'],
  ['two\n  lines ; ', 'two lines.'],
])('%j reads %j', (words, read) => {
  expect(sentence(words)).toBe(read)
})
