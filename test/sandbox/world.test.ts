import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { World } from '../../src/sandbox/core/world.ts'
import { openSqlite } from '../../src/sandbox/store/sqlite.ts'

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'world-'))
  file = join(dir, 'sandbox.db')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const ping = (world: World, id: string) => world.dispatch({ t: 'PING', d: { id }, intents: 0, to_bot: true })

describe('a transaction', () => {
  test('that fails leaves nothing behind, in memory or on disk, and tells nobody', () => {
    const world = new World({ storage: openSqlite(file) })
    const [role] = world.roles.values()
    if (!role) throw new Error('no role')
    const told: string[] = []
    world.subscribe(({ t }) => told.push(t))
    const change = () =>
      world.transaction(() => {
        world.roles.put(role.id, { ...role, name: 'changed' })
        world.roles.put('5', { ...role, id: '5' })
        ping(world, role.id)
        throw new Error('no')
      })
    expect(change).toThrow('no')
    expect(world.roles.get(role.id)?.name).toBe(role.name)
    expect(world.roles.get('5')).toBeUndefined()
    expect(told).toEqual([])
    world.storage.close()
    const again = new World({ storage: openSqlite(file) })
    expect(again.roles.values()).toEqual(world.roles.values())
    again.storage.close()
  })

  test('is on disk before anyone is told of it', () => {
    const world = new World({ storage: openSqlite(file) })
    let found: string | undefined
    world.subscribe(() => {
      const other = openSqlite(file)
      found = other.all<{ name: string }>('role').find((role) => role.name === 'new')?.name
      other.close()
    })
    const [role] = world.roles.values()
    if (!role) throw new Error('no role')
    world.transaction(() => {
      ping(world, role.id)
      world.roles.put('5', { ...role, id: '5', name: 'new' })
    })
    expect(found).toBe('new')
    world.storage.close()
  })
})

test('a new world has its channels and people, and is the same when opened again', () => {
  const world = new World({ storage: openSqlite(file) })
  expect(world.guildChannels().map(({ name, type }) => [name, type])).toEqual([
    ['general', 0],
    ['backrooms', 0],
    ['status', 0],
    ['transcripts', 0],
    ['media', 0],
    ['logs', 0],
    ['archive', 15],
  ])
  expect(Object.keys(world.people)).toEqual(['ada', 'ben', 'cleo'])
  expect(world.guild.owner_id).toBe(world.people.ada)
  const { token } = world.application
  world.storage.close()
  const again = new World({ storage: openSqlite(file) })
  expect(again.application.token).toBe(token)
  expect(again.guildChannels()).toEqual(world.guildChannels())
  again.storage.close()
})

test('ids only grow, whatever the clock does', () => {
  let now = Date.now()
  const world = new World({ storage: openSqlite(':memory:'), clock: () => now })
  const ids = [world.newId(), world.newId()]
  now -= 60_000
  ids.push(world.newId())
  expect(ids.map(BigInt)).toEqual(ids.map(BigInt).toSorted((a, b) => (a < b ? -1 : 1)))
  expect(new Set(ids).size).toBe(3)
})
