import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choicesFor, choicesForLast } from '../../src/discord/choices.ts'

const models = [
  { value: 'opus', label: 'opus · Claude Opus · Anthropic' },
  { value: 'sonnet', label: 'sonnet · Claude Sonnet · Anthropic' },
  { value: 'gpt4o', label: 'gpt4o · GPT-4o · OpenAI' },
  { value: 'oss', label: 'oss · gpt-oss 120B · OpenAI' },
  { value: 'opus3', label: 'opus3 · Claude 3 Opus · Anthropic' },
]
const values = (typed: string) => choicesFor(typed, models).map(({ value }) => value)

test('what begins with the typed text comes before what has a word that does', () => {
  expect(values('o')).toEqual(['opus', 'oss', 'opus3', 'gpt4o', 'sonnet'])
  expect(values('GPT')).toEqual(['gpt4o', 'oss'])
})

test('several words are found in any order', () => {
  expect(values('opus claude')).toEqual(['opus', 'opus3'])
  expect(values('claude 3')).toEqual(['opus3'])
})

test('nothing typed offers the first ones, nonsense none', () => {
  expect(values('')).toEqual(['opus', 'sonnet', 'gpt4o', 'oss', 'opus3'])
  expect(values('zzz')).toEqual([])
})

test('of names with commas between, the last is completed and the others stay', () => {
  expect(choicesForLast('opus, so', models)).toEqual([
    { name: 'opus, sonnet · Claude Sonnet · Anthropic', value: 'opus,sonnet' },
  ])
  expect(choicesForLast('opus,', models).map(({ value }) => value)).not.toContain('opus,opus')
  expect(choicesForLast('opus,', models, true).map(({ value }) => value)).toContain('opus,opus')
})

test('whatever is typed and however many entries there are, Discord takes the answer', () => {
  const entry = fc.record({
    value: fc.string({ minLength: 1, maxLength: 130, unit: 'grapheme' }),
    label: fc.string({ unit: 'grapheme' }),
  })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(entry, { maxLength: 60 }), (typed, entries) => {
      for (const choices of [choicesFor(typed, entries), choicesForLast(typed, entries)]) {
        expect(choices.length).toBeLessThanOrEqual(25)
        for (const { name, value } of choices) {
          expect(name.length).toBeGreaterThan(0)
          expect(name.length).toBeLessThanOrEqual(100)
          expect(value.length).toBeLessThanOrEqual(100)
          expect(name.isWellFormed()).toBe(true)
        }
      }
    }),
  )
})

test('ten thousand entries are searched within a keystroke', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => ({
    value: `run${i}`,
    label: `a conversation about topic ${i}`,
  }))
  const before = performance.now()
  expect(choicesFor('topic 9999', many).map(({ value }) => value)).toEqual(['run9999'])
  expect(performance.now() - before).toBeLessThan(500)
})
