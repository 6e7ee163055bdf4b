import { REST } from 'discord.js'
import { Routes } from 'discord-api-types/v10'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { registerCommands } from '../../src/discord/register.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

let sandbox: Sandbox
let rest: REST
let facts: Map<string, string>
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0 })
  rest = new REST({ api: sandbox.apiUrl }).setToken(sandbox.token)
  facts = new Map()
})
afterEach(() => sandbox.close())

const command = (name: string) => ({ name, description: 'A command', type: 1 as const })

function register(names: string[], guildId: string | null = null) {
  return registerCommands({
    ...{ rest, guildId, applicationId: sandbox.applicationId, definitions: names.map(command) },
    facts: {
      fact: async (key) => facts.get(key) ?? null,
      setFact: async (key, value) => void (value === null ? facts.delete(key) : facts.set(key, value)),
    },
  })
}

const listed = async (guildId: string | null = null) => {
  const { applicationId } = sandbox
  const route =
    guildId === null
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId)
  return ((await rest.get(route)) as { name: string }[]).map(({ name }) => name).sort()
}

test('commands are sent once, and again only when they changed', async () => {
  expect(await register(['one', 'two'])).toBe(true)
  expect(await register(['one', 'two'])).toBe(false)
  expect(await register(['one', 'three'])).toBe(true)
  expect(await listed()).toEqual(['one', 'three'])
})

test('a change on the side of Discord is mended', async () => {
  await register(['one', 'two'])
  await rest.put(Routes.applicationCommands(sandbox.applicationId), { body: [command('else')] })
  expect(await register(['one', 'two'])).toBe(true)
  expect(await listed()).toEqual(['one', 'two'])
})

test('a lost fact costs one registration and no more', async () => {
  await register(['one'])
  facts.clear()
  expect(await register(['one'])).toBe(true)
  expect(await register(['one'])).toBe(false)
})

test('moving to one server takes the global commands away, and back', async () => {
  await register(['one'])
  expect(await register(['one'], sandbox.guildId)).toBe(true)
  expect(await listed()).toEqual([])
  expect(await listed(sandbox.guildId)).toEqual(['one'])
  await register(['one'])
  expect(await listed(sandbox.guildId)).toEqual([])
  expect(await listed()).toEqual(['one'])
})
