import { describe, expect, test } from 'vitest'
import { LineError, parseLine } from '../../src/sandbox/core/command-line.ts'
import type { Command, CommandOption } from '../../src/sandbox/core/shapes.ts'

const option = (name: string, type = 3, more: Partial<CommandOption> = {}): CommandOption => ({
  name,
  type,
  description: name,
  ...more,
})

const command = (name: string, options: CommandOption[]): Command => ({
  id: '1',
  application_id: '1',
  version: '1',
  type: 1,
  name,
  description: name,
  name_localizations: null,
  description_localizations: null,
  options,
  default_member_permissions: null,
  contexts: null,
  integration_types: [0],
  nsfw: false,
})

const start = option('start', 1, {
  options: [option('lm1'), option('lm2'), option('template'), option('max_turns', 4), option('vars'), option('query')],
})
const commands = [
  command('backrooms', [start, option('list', 1)]),
  command('deep', [option('group', 2, { options: [start] })]),
]

const values = (line: string) =>
  Object.fromEntries(parseLine(line, commands).values.map(({ option: { name }, text }) => [name, text]))

describe('a command line', () => {
  test('fills options in order', () => {
    expect(values('/backrooms start opus sonnet roleplay')).toEqual({
      lm1: 'opus',
      lm2: 'sonnet',
      template: 'roleplay',
    })
  })

  test('takes named options in any order, and positional ones skip those named', () => {
    expect(values('/backrooms start template:cli lm1:opus')).toEqual({ template: 'cli', lm1: 'opus' })
    expect(values('/backrooms start sonnet template:cli lm1:opus')).toEqual({
      lm2: 'sonnet',
      template: 'cli',
      lm1: 'opus',
    })
  })

  test('lets a value run to the next known option', () => {
    expect(values('/backrooms start lm1:opus query:the static of: a radio max_turns:3')).toEqual({
      lm1: 'opus',
      query: 'the static of: a radio',
      max_turns: '3',
    })
  })

  test('names an option that does not exist where no text can be meant', () => {
    const there = /no option maxturns; there are lm1, lm2, template, max_turns, vars, query/
    expect(() => values('/backrooms start max_turns:3 maxturns:5')).toThrow(there)
    expect(() => values('/backrooms start a b c maxturns:5')).toThrow(there)
  })

  test('keeps addresses and provider prefixes whole', () => {
    expect(values('/backrooms start lm1:openrouter:nousresearch/hermes-4-405b query:see http://a.b:80/c')).toEqual({
      lm1: 'openrouter:nousresearch/hermes-4-405b',
      query: 'see http://a.b:80/c',
    })
  })

  test('takes quotes off a whole value and leaves those inside', () => {
    expect(values('/backrooms start query:"a b" vars:A="x" B=y')).toEqual({ query: 'a b', vars: 'A="x" B=y' })
    expect(values('/backrooms start "two words" sonnet')).toEqual({ lm1: 'two words', lm2: 'sonnet' })
    expect(values('/backrooms start query:"say template:no" lm1:opus')).toEqual({
      query: 'say template:no',
      lm1: 'opus',
    })
  })

  test('lets the last text option take the rest', () => {
    expect(values('/backrooms start a b c 4 V=1 what is left here')).toMatchObject({
      max_turns: '4',
      vars: 'V=1',
      query: 'what is left here',
    })
  })

  test('finds subcommands in groups', () => {
    expect(parseLine('/deep group start opus', commands).path).toEqual(['group', 'start'])
  })

  test.each([
    ['hello', 'begins with'],
    ['/nope', 'no command /nope'],
    ['/backrooms', 'start, list'],
    ['/backrooms dance', 'start, list'],
    ['/backrooms list extra', 'takes no value'],
    ['/backrooms start lm1:a lm1:b', 'twice'],
  ])('refuses %s', (line, reason) => {
    expect(() => parseLine(line, commands)).toThrow(LineError)
    expect(() => parseLine(line, commands)).toThrow(reason)
  })
})
