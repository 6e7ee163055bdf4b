import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHistory } from '../../src/core/history.ts'

test('a heading that is nothing but a role starts a message; what stands before the first is ignored', () => {
  const text = 'preamble\n\n## User\nhello\n\nthere\n\n\n   ###### ASSISTANT  \nhi\n#user\nbye\n'
  expect(parseHistory(text)).toEqual([
    { role: 'user', content: 'hello\n\nthere' },
    { role: 'assistant', content: 'hi' },
    { role: 'user', content: 'bye' },
  ])
})

test.each(['# the user', '####### user', '    # user', '# user:', 'user', '## users'])(
  '%j belongs to its message',
  (line) => {
    expect(parseHistory(`# assistant\n${line}\nx`)).toEqual([{ role: 'assistant', content: `${line}\nx` }])
  },
)

test('an empty line after the heading stays, trailing newlines go, trailing spaces stay', () => {
  expect(parseHistory('# user\n\n  text  \n \n\n')).toEqual([{ role: 'user', content: '\n  text  \n ' }])
})

test('no heading, no message', () => {
  expect(parseHistory('just text')).toEqual([])
  expect(parseHistory('')).toEqual([])
})

test('messages come back as they were written', () => {
  const line = fc
    .string({ unit: fc.constantFrom('a', ' ', '#', '-', 'user', '`') })
    .filter((each) => !/^ {0,3}#+ *user *$/.test(each))
  const message = fc.record({
    role: fc.constantFrom('user' as const, 'assistant' as const),
    content: fc.array(line).map((lines) => lines.join('\n').replace(/\n+$/, '')),
  })
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const text = messages.map(({ role, content }) => `## ${role}\n${content}\n`).join('\n')
      expect(parseHistory(text)).toEqual(messages)
    }),
  )
})
