import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protect, split, unsplit } from '../../src/core/split.ts'

const contents = (text: string, limit?: number) => split(text, limit).map((piece) => piece.content)
const texts = (text: string, limit?: number) => split(text, limit).map((piece) => piece.text)

/** Texts made of what is hard: fences of every kind, white space, marks of our own, emoji, right-to-left, combining marks. */
const hard = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
      {
        weight: 10,
        arbitrary: fc.constantFrom(
          '\n',
          '\n\n',
          ' ',
          '   ',
          '\t',
          '\r\n',
          '```',
          '```js\n',
          '```\n',
          '\n```',
          '\n```\n',
          '````md\n',
          '\n````',
          '`',
          '``````',
          '\u200b',
          '\u2060',
          '\u200b\u200b',
          '. ',
          '! ',
          '。',
          'word ',
          'a-long-word-without-any-end',
          '👩‍👩‍👧‍👦',
          '🇩🇪🇫🇷',
          'e\u0301',
          '\u202eabc\u202c',
          'שלום ',
          `z${'\u0300'.repeat(40)}`,
          '    indented\n',
          '``` js',
          '> quote\n',
          '||x||',
        ),
      },
    ),
    { minLength: 15, maxLength: 80 },
  )
  .map((parts) => parts.join(''))

describe('split', () => {
  it('leaves a short turn as it is', () => {
    expect(split('Hello.')).toEqual([{ text: 'Hello.', content: 'Hello.' }])
    expect(split('')).toEqual([])
    expect(contents('a'.repeat(2000))).toEqual(['a'.repeat(2000)])
    expect(contents('a'.repeat(4000))).toHaveLength(2)
  })

  it('gives back every text exactly, in messages that fit', () => {
    fc.assert(
      fc.property(hard, fc.integer({ min: 100, max: 400 }), (text, limit) => {
        const pieces = split(text, limit)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        expect(unsplit(pieces.map((piece) => piece.content))).toBe(text)
        expect(unsplit(pieces.map((piece) => protect(piece.content)))).toBe(text)
        for (const { content } of pieces) {
          expect(protect(content).length).toBeLessThanOrEqual(limit)
          expect(content.trim()).not.toBe('')
          expect(protect(content).trim()).toBe(protect(content))
          expect(content.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('never cuts a grapheme that fits into a message', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
    fc.assert(
      fc.property(hard, (text) => {
        const boundaries = new Set([...segmenter.segment(text)].map((segment) => segment.index))
        let at = 0
        for (const piece of texts(text, 100)) {
          expect(boundaries.has(at)).toBe(true)
          at += piece.length
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('does not change its first pieces when the text grows', () => {
    fc.assert(
      fc.property(hard, hard, (text, more) => {
        const short = split(text, 100)
        expect(split(text + more, 100).slice(0, Math.max(0, short.length - 2))).toEqual(short.slice(0, -2))
      }),
      { numRuns: 2000 },
    )
  })

  it('cuts at a paragraph, else a line, else a sentence, else a word', () => {
    const filler = 'word '.repeat(15).trimEnd()
    expect(texts(`One two.\n\nThree\nfour. Five ${filler}`, 90)[0]).toBe('One two.\n\n')
    expect(texts(`One two three\nfour. Five ${filler}`, 90)[0]).toBe('One two three\n')
    expect(texts(`One two three four. Five ${filler}`, 90)[0]).toBe('One two three four. ')
    expect(texts(`${filler} ${filler}`, 90)[0]).toBe(`${filler} word word word `.slice(0, 85))
  })

  it('keeps the indentation of a line with that line', () => {
    expect(texts(`if a:\n    ${'b'.repeat(95)}`, 100)[1]).toBe(`    ${'b'.repeat(95)}`)
  })

  it('closes a code fence that it cuts and opens it again with its info string', () => {
    const code = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n')
    const pieces = contents(`Look:\n\`\`\`js\n${code}\n\`\`\`\nDone.`, 100)
    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece.match(/```/g)).toHaveLength(2)
    for (const piece of pieces.slice(1)) expect(piece.startsWith('```js\n')).toBe(true)
    expect(pieces.at(-1)?.endsWith('\n```\nDone.')).toBe(true)
  })

  it('closes a fence that the turn itself left open once it was cut', () => {
    const text = `\`\`\`js\n${'let a = 1\n'.repeat(30)}`
    const pieces = contents(text, 100)
    for (const piece of pieces) expect(piece.match(/```/g)).toHaveLength(2)
    expect(unsplit(pieces)).toBe(text)
  })

  it('shows white space alone as something Discord takes', () => {
    expect(contents('  \n')).toEqual(['\u200b  \n\u200b'])
    expect(unsplit(['\u200b  \n\u200b'])).toBe('  \n')
  })

  it('splits 300,000 characters without a single break in good time', () => {
    for (const unit of ['a', '`', '`\n', '```\n', 'e\u0301', '\u0300', '👩‍👩‍👧‍👦', 'word ', '\u202e', '\n', 'x.\n\n']) {
      const text = unit.repeat(Math.floor(300_000 / unit.length))
      const started = performance.now()
      const pieces = split(text)
      expect(performance.now() - started).toBeLessThan(2000)
      expect(unsplit(pieces.map((piece) => piece.content)) === text).toBe(true)
    }
  })
})
