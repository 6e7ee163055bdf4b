import { expect, test } from 'vitest'
import { COMMANDS, GROUPS } from '../../src/cli/commands.ts'
import { dispatch } from '../../src/cli/dispatch.ts'
import { parseFlags } from '../../src/cli/flags.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { RUN_OPTIONS } from '../../src/config/options.ts'

async function shown(...args: string[]): Promise<string> {
  const lines: string[] = []
  // Help needs nothing but somewhere to be written.
  const terminal = { out: (text: string) => lines.push(text) } as unknown as Terminal
  expect(await dispatch(args, terminal)).toBe(0)
  return lines.join('\n')
}

test('the overview shows every command, once', async () => {
  expect(Object.values(GROUPS).flat().sort()).toEqual(Object.keys(COMMANDS).sort())
  const overview = await shown()
  expect(overview).toMatchSnapshot()
  for (const asking of ['--help', '-h', 'help']) expect(await shown(asking)).toBe(overview)
})

test('the help of run', async () => {
  expect(await shown('run', '--help')).toMatchSnapshot()
  expect(await shown('help', 'run')).toBe(await shown('run', '--template', 'cli', '-h'))
})

const names = Object.keys(COMMANDS)

test.each(names)('%s: its help tells what it takes, in lines that fit', async (name) => {
  const help = await shown(...name.split(' '), '--help')
  expect(help).toContain(COMMANDS[name]?.summary)
  const usage = (line: string) => line.startsWith('  npm run backrooms -- ')
  for (const line of help.split('\n').filter((each) => !usage(each))) expect(line.length, line).toBeLessThanOrEqual(100)
})

test.each(names)('%s: its examples are right', (name) => {
  const { examples, flags } = COMMANDS[name] as (typeof COMMANDS)[string]
  expect(examples.length).toBeGreaterThan(0)
  for (const [typed, does] of examples) {
    expect(does).not.toBe('')
    expect(typed === name || typed.startsWith(`${name} `), typed).toBe(true)
    const words = typed.slice(name.length).match(/'[^']*'|"[^"]*"|\S+/g) ?? []
    expect(() => parseFlags(words, flags)).not.toThrow()
  }
})

test.each(['dreams search', 'dreamsim3'])('%s: its help tells that accents count in Supabase alone', async (name) => {
  const help = (await shown(...name.split(' '), '--help')).replaceAll(/\s+/g, ' ')
  expect(help).toMatch(/nor do accents in the local store \(in Supabase /)
})

test('run takes every option of a run as a flag', () => {
  const elsewhere: Record<string, string> = { profiles: 'discord' }
  for (const option of Object.keys(RUN_OPTIONS).filter((each) => each !== 'channel')) {
    const flag = elsewhere[option] ?? option.replaceAll('_', '-')
    expect(COMMANDS.run?.flags, flag).toHaveProperty([flag])
  }
})

test.each([
  ['rn', /no command "rn"\. Nearest: run/],
  ['dreams', /dreams is one of these:\n {2}dreams search:/],
  ['archive serch', /archive has no command "serch"\. Nearest: archive search/],
  ['run --max-tuns 3', /no flag --max-tuns here\. Nearest: --max-turns[\s\S]*See: npm run backrooms -- run --help/],
  ['--lm', /--lm needs a value/],
])('%s is wrong use', async (line, message) => {
  await expect(dispatch(line.split(' '), {} as Terminal)).rejects.toThrow(
    expect.objectContaining({ name: 'WrongUse', message: expect.stringMatching(message) }),
  )
})
