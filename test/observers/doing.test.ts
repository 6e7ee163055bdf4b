import { expect, test } from 'vitest'
import type { ToolAnswer } from '../../src/core/mcp.ts'
import { panelMessage } from '../../src/discord/panel-message.ts'
import { doing } from '../../src/observers/doing.ts'
import { place, spec, until } from '../engine/kit.ts'
import { type CallTool, roundsWith } from './kit.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const fieldOf = (run: Parameters<typeof panelMessage>[0]) =>
  panelMessage(run, null).embeds[0]?.fields?.find(({ name }) => name === 'At work')?.value

test('the panel tells how far a picture is while it takes long, and nothing more when it is there', async () => {
  const done = Promise.withResolvers<ToolAnswer>()
  const callTool: CallTool = (_server, _tool, _args, { onProgress }) => {
    onProgress?.({ progress: 2, total: 5, message: 'mixing\n@everyone **red**' })
    return done.promise
  }
  const town = await roundsWith({ observe: () => 'words', callTool, tellAfter: 10 })
  const media = [{ name: 'm', preset: { tool: { server: 's', name: 'paint' } } }]
  const run = await town.engine.start(spec({ max_turns: 1, media }), place)
  await until(town, run.id, ({ state }) => state.doing?.['media:m'] !== undefined)
  const during = await town.store.run(run.id)
  expect(during && fieldOf(during)).toBe('m: painting round 1: 2 of 5, mixing \\@everyone \\*\\*red\\*\\*')
  done.resolve({ content: [{ type: 'text', text: 'sorry' }], structured: null, isError: false })
  await until(town, run.id, ({ closed_at }) => closed_at !== null)
  const after = await town.store.run(run.id)
  expect(after && fieldOf(after)).toBeUndefined()
  const kinds = (await town.bodies(`run:${run.id}`)).map(({ kind }) => kind)
  expect(kinds).toEqual(['announce', 'thread', 'panel', 'turn', 'turn', 'notice', 'end', 'archive'])
})

test('what is quick is not told, and much news only once in a while', async () => {
  const town = await roundsWith({ observe: () => 'words' })
  const run = await town.engine.start(spec({ max_turns: 1 }), place)
  await until(town, run.id, ({ status }) => status === 'ended')
  const open = { ...town.store, change: town.store.change.bind(town.store) }
  const told: unknown[] = []
  const store = {
    ...open,
    change: (async (_id: string, decide: (now: object) => { state: { doing: object } } | null) => {
      told.push(decide({ closed_at: null, state: {} })?.state.doing)
      return null
    }) as never,
  }
  const parts = { store, bus: town.bus, log: quiet }
  const slow = doing(parts, { run: run.id, name: 'media:m' }, 30)
  for (let i = 0; i < 100; i++) slow.at(`step ${i}`)
  await expect.poll(() => told).toEqual([{ 'media:m': 'step 99' }])
  await slow.end()
  const quick = doing(parts, { run: run.id, name: 'media:m' }, 30)
  quick.at('quick')
  await quick.end()
  await new Promise((later) => setTimeout(later, 60))
  expect(told).toHaveLength(1)
})

test('the panel names the tools that the actors were granted', async () => {
  const town = await roundsWith({ observe: () => 'words' })
  const run = await town.engine.start(spec({ max_turns: 1, tools: ['demo/paint', 'ev/echo'] }), place)
  const tools = (of: typeof run) =>
    panelMessage(of, null).embeds[0]?.fields?.find(({ name }) => name === 'Tools')?.value
  expect(tools(run)).toBe('`demo/paint`, `ev/echo`')
  expect(tools({ ...run, spec: { ...run.spec, tools: [] } })).toBeUndefined()
})
