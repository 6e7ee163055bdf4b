import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitPair } from '../../src/config/pairs.ts'

const aliases = ['opus', 'sonnet', 'o1-mini', 'grok4x', 'xerxes']
const known = (ref: string) => aliases.includes(ref) || /^(ollama|openrouter):.+/.test(ref)

test.each([
  ['opus:sonnet', 'opus', 'sonnet'],
  ['opus+sonnet', 'opus', 'sonnet'],
  [' opus x sonnet ', 'opus', 'sonnet'],
  ['opusxsonnet', 'opus', 'sonnet'],
  ['xerxes:grok4x', 'xerxes', 'grok4x'],
  ['ollama:llama3.2:3b+opus', 'ollama:llama3.2:3b', 'opus'],
  ['ollama:llama3.2:3b:opus', 'ollama:llama3.2:3b', 'opus'],
  ['opus:ollama:mixtral', 'opus', 'ollama:mixtral'],
  ['openrouter:x-ai/grok:opus', 'openrouter:x-ai/grok', 'opus'],
  ['ollama:a b x opus', 'ollama:a b', 'opus'],
])('%s', (text, a, b) => {
  expect(splitPair(text, known)).toEqual([a, b])
})

test('with a single colon the names are plain, known or not', () => {
  expect(splitPair('opus:nobody', known)).toEqual(['opus', 'nobody'])
})

test.each([
  ['opus', /does not split into two known models; write the pair with a \+/],
  ['a:b:c', /does not split into two known models/],
  ['ollama:a:ollama:b:opus', /can be split in more than one way; write the pair with a \+/],
  ['opus+', /names only one model/],
])('%s is refused', (text, sentence) => {
  expect(() => splitPair(text, known)).toThrow(sentence)
})

test('with a + any two names without one are told apart', () => {
  const name = fc.stringMatching(/^[a-z0-9:./-]+$/)
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(splitPair(`${a}+${b}`, () => false)).toEqual([a, b])
    }),
  )
})
