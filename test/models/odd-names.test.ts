import { expect, test } from 'vitest'
import { classify } from '../../src/models/classify.ts'
import { mannerOf } from '../../src/models/offline/manners.ts'

/** Names that every plain object seems to have are no entries of a table. */
test('a code and a template that are called like what every object has', () => {
  expect(classify({ status: 429, codes: ['constructor'], text: '' })).toBe('rate_limited')
  expect(mannerOf('constructor')).toBe(mannerOf('a template of one’s own'))
})
