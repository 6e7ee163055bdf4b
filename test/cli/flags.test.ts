import { expect, test } from 'vitest'
import { type Flags, parseFlags } from '../../src/cli/flags.ts'

const FLAGS: Flags = {
  lm: { kind: 'list', help: '' },
  args: { kind: 'list', help: '' },
  seed: { kind: 'text', value: 'N', help: '' },
  'max-turns': { kind: 'text', value: 'N', help: '' },
  json: { kind: 'switch', help: '' },
  with: { kind: 'optional', help: '' },
}
const parse = (line: string) => parseFlags(line.split(' ').filter(Boolean), FLAGS)

test('a list takes every value up to the next flag, and may be repeated', () => {
  const given = parse('one --lm opus sonnet,haiku --json two --lm=hermes')
  expect(given.list('lm')).toEqual(['opus', 'sonnet,haiku', 'hermes'])
  expect(given.names('lm')).toEqual(['opus', 'sonnet', 'haiku', 'hermes'])
  expect(given.words).toEqual(['one', 'two'])
})

test('a value may begin with a dash; after -- everything is a word', () => {
  expect(parse('--seed -5').whole('seed', -10)).toBe(-5)
  const given = parse('--args -y server.js -- list-tools --json')
  expect(given.list('args')).toEqual(['-y', 'server.js'])
  expect(given.words).toEqual(['list-tools', '--json'])
  expect(given.has('json')).toBe(false)
})

test('an optional value may be left out, the last of several texts counts', () => {
  expect(parse('--with --json').text('with')).toBe('')
  expect(parse('--with {}').text('with')).toBe('{}')
  expect(parse('--seed 1 --seed 2').text('seed')).toBe('2')
})

test.each([
  ['--max_turns 3', /no flag --max_turns here\. Nearest: --max-turns/],
  ['--tuns 3', /no flag --tuns here/],
  ['-x', /no flag -x here/],
  ['--constructor 3', /no flag --constructor here/],
  ['--seed', /--seed needs a value: --seed N/],
  ['--seed --json', /--seed needs a value/],
  ['--lm --json', /--lm needs a value/],
  ['--json=yes', /--json takes no value/],
])('%s is wrong use', (line, message) => {
  expect(() => parse(line)).toThrow(
    expect.objectContaining({ name: 'WrongUse', message: expect.stringMatching(message) }),
  )
})

test.each(['x', '1.5', '0', ''])('"%s" is no whole number from 1', (typed) => {
  expect(() => parseFlags(['--seed', typed], FLAGS).whole('seed')).toThrow(/--seed must be a whole number from 1, not/)
})
