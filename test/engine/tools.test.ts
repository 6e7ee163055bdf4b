import { expect, test } from 'vitest'
import { type ModelCall, ModelError, type ToolCall } from '../../src/core/model.ts'
import { ada, answer, engineWith, nowhere, place, ScriptedModels, spec, until } from './kit.ts'

const ended = (run: { status: string }) => run.status === 'ended'
const toolCall = (nth: number): ToolCall => ({ id: `t${nth}`, name: 's/echo', arguments: { nth } })
const asks = (...calls: ToolCall[]) => answer('', { tool_calls: calls, stop: 'tool_calls' })

async function withTools(
  script: (call: ModelCall, nth: number) => ReturnType<typeof answer>,
  more: Parameters<typeof spec>[0] = {},
  where = nowhere,
) {
  const called: ToolCall[] = []
  const models = new ScriptedModels(script)
  const town = await engineWith(models, {
    tools: {
      specs: async () => [{ name: 's/echo', description: '', input_schema: { type: 'object' } }],
      call: async (_run, call) => {
        called.push(call)
        return { id: call.id, name: call.name, text: `echo ${call.arguments.nth}`, is_error: false }
      },
    },
  })
  const run = await town.engine.start(spec({ max_turns: 1, tools: ['s/echo'], ...more }), where)
  await until(town, run.id, (now) => ended(now) || now.status === 'paused')
  return { town, run: await town.store.run(run.id), turns: await town.store.turns(run.id), called, calls: models.calls }
}

test('an actor may call the tools it was granted; what came back stays in its own context alone', async () => {
  const { turns, calls } = await withTools((_call, nth) => (nth === 0 ? asks(toolCall(1)) : answer(`line ${nth}`)))
  expect(turns.map((turn) => turn.text)).toEqual(['line 1', 'line 2'])
  expect(turns[0]?.steps).toMatchObject([{ calls: [{ id: 't1' }], results: [{ text: 'echo 1' }] }])
  expect(JSON.stringify(calls[1]?.messages)).toContain('echo 1')
  expect(JSON.stringify(calls[2]?.messages)).not.toContain('echo 1')
})

test('a turn that calls its tools for ever is stopped, and pauses the run with a sentence', async () => {
  const { run, called, calls } = await withTools((_call, nth) => asks(toolCall(nth)))
  expect(run?.status).toBe('paused')
  expect(run?.status_text).toContain('called its tools as often as a turn may')
  expect(called.length).toBeLessThanOrEqual(12)
  expect(calls.length).toBeLessThanOrEqual(8)
  expect(calls.at(-1)?.no_more_tools).toBe(true)
})

test('calls beyond the limit of a turn are refused, and the turn goes on', async () => {
  const many = Array.from({ length: 40 }, (_, nth) => toolCall(nth))
  const { turns, called } = await withTools((_call, nth) => (nth === 0 ? asks(...many) : answer('done')))
  expect(called).toHaveLength(12)
  expect(turns[0]?.text).toBe('done')
  expect(turns[0]?.steps[0]?.results.filter((result) => result.is_error)).toHaveLength(28)
})

test('the budget is checked between the calls of one turn', async () => {
  const { run, calls } = await withTools((_call, nth) => ({ ...asks(toolCall(nth)), text: 'looking' }), {
    max_cost: 0.025,
  })
  expect(calls.length).toBeLessThanOrEqual(4)
  expect(run?.end_reason).toBe('cost_budget')
})

test('a stop during a tool call keeps what the answer before it has cost, and shows the call, before the end notice', async () => {
  const begun = Promise.withResolvers<void>()
  const town = await engineWith(new ScriptedModels(() => asks(toolCall(1))), {
    gates: [],
    tools: {
      specs: async () => [{ name: 's/echo', description: '', input_schema: { type: 'object' } }],
      call: (_run, { id, name }, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ id, name, text: 'was cancelled', is_error: true }))
          begun.resolve()
        }),
    },
  })
  const run = await town.engine.start(spec({ tools: ['s/echo'] }), place)
  await begun.promise
  await town.engine.stop(run.id, ada)
  await until(town, run.id, (now) => now.closed_at !== null)
  const after = await town.store.run(run.id)
  expect(after?.state.usage).toMatchObject({ input: 10, output: 5 })
  expect(after?.state.side_cost).toBeCloseTo(0.01)
  const bodies = (await town.store.owed(`run:${run.id}`, 100)).map(({ body }) => body)
  expect(bodies.map(({ kind }) => kind).slice(-4)).toEqual(['turn', 'post', 'end', 'archive'])
  expect(bodies.at(-3)).toMatchObject({
    text: expect.stringContaining('used `s/echo`'),
    persona: { name: 'Claude Opus 1' },
  })
  expect(bodies.at(-2)).toMatchObject({ text: expect.stringMatching(/Used: 1 turn, 10 tokens in, 5 out, \$0\.0100/) })
})

test('a turn that fails after it has used its tools shows them before it says why', async () => {
  const begun = await withTools(
    (_call, nth) => {
      if (nth === 0) return asks(toolCall(1))
      throw new ModelError('auth', 'The key is refused.')
    },
    {},
    place,
  )
  const bodies = (await begun.town.store.owed(`run:${begun.run?.id}`, 100)).map(({ body }) => body)
  expect(bodies.slice(-2)).toMatchObject([
    { kind: 'post', text: expect.stringContaining('echo 1') },
    { kind: 'notice', text: expect.stringContaining('The key is refused.') },
  ])
})
