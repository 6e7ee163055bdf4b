import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ApplicationCommandCreateRequestSchema } from 'discord-api-spec/zod'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CommandSet, loadCommands } from '../../src/discord/loader.ts'

const COMMANDS = resolve(import.meta.dirname, '../../commands')

describe("the project's own commands", () => {
  let set: CommandSet
  beforeAll(async () => {
    set = await loadCommands(COMMANDS)
  })

  test('are all those that people were promised', () => {
    const subcommands = 'start list status models templates delete pause resume step next swap fork export usage'
    for (const name of subcommands.split(' ')) expect(set.slash.has(`backrooms ${name}`), name).toBe(true)
    for (const name of ['stop', 'say', 'settings show', 'settings set']) expect(set.slash.has(name), name).toBe(true)
    expect(set.menus.has('Fork from here')).toBe(true)
    expect(set.menus.has('Rewind to here')).toBe(true)
  })

  test('offer the start of a run before all else that concerns runs', () => {
    const backrooms = set.definitions.find(({ name }) => name === 'backrooms') as { options?: Option[] } | undefined
    const names = backrooms?.options?.map(({ name }) => name) ?? []
    expect(names[0]).toBe('start')
    expect(names.slice(1)).toEqual(names.slice(1).toSorted())
  })

  test("satisfy Discord's published schema", () => {
    for (const definition of set.definitions) {
      const result = ApplicationCommandCreateRequestSchema.safeParse(definition)
      expect(result.success ? [] : result.error.issues, definition.name).toEqual([])
    }
  })

  // https://docs.discord.com/developers/interactions/application-commands#slash-commands
  test('keep to the limits that the schema does not hold', () => {
    for (const definition of set.definitions) {
      expect(textIn(definition), definition.name).toBeLessThanOrEqual(8000)
      for (const options of optionLists(definition)) {
        expect(options.length).toBeLessThanOrEqual(25)
        expect(new Set(options.map(({ name }) => name)).size).toBe(options.length)
        const required = options.map((option) => option.required === true)
        expect(required, 'required options come first').toEqual([...required].sort((a, b) => Number(b) - Number(a)))
      }
    }
  })

  test('take lm1, lm2 and template in the order in which people type them', () => {
    const options = set.slash.get('backrooms start')?.data.options?.map(({ name }) => name)
    expect(options?.slice(0, 3)).toEqual(['lm1', 'lm2', 'template'])
  })
})

interface Option {
  name: string
  description?: string
  required?: boolean
  options?: Option[]
  choices?: { name: string; value: unknown }[]
}

function optionLists({ options = [] }: Partial<Option>): Option[][] {
  return [options, ...options.flatMap(optionLists)]
}

/** Names, descriptions and string values together. */
function textIn(option: Partial<Option>): number {
  const choices = (option.choices ?? []).map(({ name, value }) => name.length + String(value).length)
  const own = (option.name ?? '').length + (option.description ?? '').length
  return [own, ...choices, ...(option.options ?? []).map(textIn)].reduce((sum, length) => sum + length, 0)
}

describe('a folder of commands', () => {
  const good = (name: string) => `export default { data: { name: '${name}', description: 'x' }, execute() {} }`

  test('gives files as commands and folders as commands with subcommands', async () => {
    const dir = await folder({
      'wave.ts': good('wave'),
      'room/index.ts': "export default { description: 'A room' }",
      'room/enter.ts': good('enter'),
      'room/leave.ts': good('leave'),
      'menu.ts': "export default { data: { name: 'Wave at', type: 3 }, execute() {} }",
    })
    const set = await loadCommands(dir)
    expect([...set.slash.keys()].sort()).toEqual(['room enter', 'room leave', 'wave'])
    expect([...set.menus.keys()]).toEqual(['Wave at'])
    expect(set.definitions.find(({ name }) => name === 'room')).toMatchObject({
      type: 1,
      description: 'A room',
      options: [
        { type: 1, name: 'enter' },
        { type: 1, name: 'leave' },
      ],
    })
  })

  test.each([
    ['a broken file', { 'wave.ts': 'export default {' }, /wave\.ts cannot be loaded/],
    ['no default export', { 'wave.ts': 'export const data = 1' }, /wave\.ts has no default export/],
    [
      'no handler',
      { 'wave.ts': "export default { data: { name: 'wave', description: 'x' } }" },
      /wave\.ts is no command.*execute/s,
    ],
    ['a name Discord refuses', { 'Wave.ts': good('Wave') }, /Wave\.ts is no command.*data\.name/s],
    ['a key nobody knows', { 'wave.ts': good('wave').replace('execute()', 'exekute() {}, execute()') }, /exekute/],
    ['a file named otherwise than its command', { 'wave.ts': good('greet') }, /wave\.ts defines the command "greet"/],
    ['a folder that does not say what it is', { 'room/enter.ts': good('enter') }, /room\/index\.ts is missing/],
    [
      'a verb claimed twice',
      {
        'a.ts': good('a').replace('execute', 'components: { stop() {} }, execute'),
        'b.ts': good('b').replace('execute', 'components: { stop() {} }, execute'),
      },
      /b\.ts claims "stop"/,
    ],
  ])('is refused for %s', async (_, files, message) => {
    await expect(loadCommands(await folder(files))).rejects.toThrow(message)
  })

  async function folder(files: Record<string, string | undefined>): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'backrooms-commands-'))
    for (const [name, text = ''] of Object.entries(files)) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    }
    return dir
  }
})
