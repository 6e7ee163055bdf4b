import { describe, expect, it } from 'vitest'
import { commandOf, matchCommands, typedCommands, typingAt, valuesOf } from '../../src/sandbox/page/client/line.js'

const text = (name: string) => ({ type: 3, name, description: `the ${name}` })
const commands = typedCommands([
  {
    name: 'backrooms',
    description: 'Models that talk',
    options: [
      {
        type: 1,
        name: 'start',
        description: 'Open a thread',
        options: [text('lm1'), text('lm2'), { type: 4, name: 'max_turns' }, text('title')],
      },
      { type: 1, name: 'list', description: 'Runs of this server' },
    ],
  },
  { name: 'stop', description: 'Stop a run', options: [text('run')] },
  { type: 3, name: 'Continue from here', description: '' },
])

/** `name=value` for each value, `?` where no option is left for it. */
const read = (line: string) => {
  const found = commandOf(line, commands)
  if (!found) return null
  return valuesOf(line, found.command, found.end).map((each) => `${each.option?.name ?? '?'}=${each.value}`)
}

describe('a command line, read for hints', () => {
  it('lists what can be typed, in the order of registration', () => {
    expect(commands.map((each) => each.path)).toEqual(['backrooms start', 'backrooms list', 'stop'])
  })

  it('finds commands by beginning, by word, by description', () => {
    expect(matchCommands('st', commands).map((each) => each.path)).toEqual([
      'stop',
      'backrooms start',
      'backrooms list',
    ])
    expect(matchCommands('runs', commands).map((each) => each.path)).toEqual(['backrooms list'])
    expect(matchCommands('backrooms  li', commands).map((each) => each.path)).toEqual(['backrooms list'])
  })

  it('knows when a command has been typed', () => {
    expect(commandOf('/backrooms', commands)).toBeNull()
    expect(commandOf('/backrooms sta', commands)).toBeNull()
    expect(commandOf('/backrooms start opus', commands)).toMatchObject({ end: 16 })
    expect(commandOf('hello', commands)).toBeNull()
  })

  it.each([
    ['/backrooms start opus sonnet', ['lm1=opus', 'lm2=sonnet']],
    ['/backrooms start lm2:sonnet lm1:opus', ['lm2=sonnet', 'lm1=opus']],
    ['/backrooms start opus title:A long night max_turns:3', ['lm1=opus', 'title=A long night', 'max_turns=3']],
    ['/backrooms start "a b" c', ['lm1=a b', 'lm2=c']],
    ['/backrooms start openrouter:nousresearch/hermes x', ['lm1=openrouter:nousresearch/hermes', 'lm2=x']],
    [
      '/backrooms start opus sonnet 3 The long way home',
      ['lm1=opus', 'lm2=sonnet', 'max_turns=3', 'title=The long way home'],
    ],
    ['/backrooms list what', ['?=what']],
    ['/stop', []],
  ])('splits %s', (line, values) => expect(read(line)).toEqual(values))

  it('tells what is being typed at the caret', () => {
    const line = '/backrooms start opus son title:x'
    const found = commandOf(line, commands)
    if (!found) throw new Error('The command was not found.')
    const { command, end } = found
    const values = valuesOf(line, command, end)
    expect(typingAt(25, values, command).value?.option?.name).toBe('lm2')
    expect(typingAt(line.length, values, command).value?.option?.name).toBe('title')
    const begun = valuesOf('/backrooms start opus ', command, end)
    expect(typingAt(22, begun, command)).toMatchObject({ value: undefined, next: { name: 'lm2' } })
  })
})
