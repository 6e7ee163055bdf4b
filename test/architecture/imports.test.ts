import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What a room may import of ours. Only main.ts, cli.ts and their helpers name implementations. */
const RULES: { room: string; may: (target: string) => boolean; why: string }[] = [
  { room: 'src/core/', may: within('src/core/'), why: 'core/ is pure and imports nothing of ours' },
  { room: 'src/engine/', may: within('src/engine/', 'src/core/'), why: 'engine/ sees interfaces only' },
  {
    room: 'src/discord/',
    may: not('src/models/', 'src/engine/(?!ports)', 'src/sandbox/', 'src/store/'),
    why: 'discord/ never imports models/, nor any implementation',
  },
  {
    room: 'commands/',
    may: not('src/models/', 'src/engine/(?!ports)', 'src/sandbox/', 'src/store/'),
    why: 'commands parse and reply',
  },
  {
    room: 'src/models/',
    may: within('src/models/', 'src/core/', 'src/engine/ports', 'src/config/'),
    why: 'models/ knows no Discord',
  },
  {
    room: 'src/store/',
    may: within('src/store/', 'src/core/', 'src/dreams/'),
    why: 'store/ keeps, it does not decide',
  },
  { room: 'src/sandbox/', may: within('src/sandbox/'), why: 'the sandbox is a program of its own' },
  { room: 'src/config/', may: within('src/config/', 'src/core/'), why: 'config/ turns files into shapes' },
]

test.each(RULES)('$room: $why', ({ room, may }) => {
  const wrong = importsOf(room).filter(({ target }) => !may(target))
  expect(wrong).toEqual([])
})

test('only src/sandbox and the entries import the sandbox', () => {
  const wrong = importsOf('src/').filter(
    ({ file, target }) => target.startsWith('src/sandbox/') && !file.startsWith('src/sandbox/') && !isEntry(file),
  )
  expect(wrong).toEqual([])
})

test('the MCP SDK is imported in src/mcp alone', () => {
  const wrong = sources('src/').filter(
    (file) => !file.startsWith('src/mcp/') && /from '@modelcontextprotocol\/sdk/.test(read(file)),
  )
  expect(wrong).toEqual([])
})

function isEntry(file: string): boolean {
  return ['src/main.ts', 'src/start.ts', 'src/cli.ts'].includes(file)
}

function within(...rooms: string[]): (target: string) => boolean {
  return (target) => rooms.some((room) => target.startsWith(room))
}

function not(...patterns: string[]): (target: string) => boolean {
  return (target) => !patterns.some((pattern) => new RegExp(`^${pattern}`).test(target))
}

function importsOf(room: string): { file: string; target: string }[] {
  return sources(room).flatMap((file) =>
    [...read(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, specifier]) => ({
      file,
      target: relative(root, resolve(root, dirname(file), specifier as string)),
    })),
  )
}

function sources(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name))
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
