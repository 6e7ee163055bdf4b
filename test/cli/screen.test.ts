import { expect, test, vi } from 'vitest'
import type { Parts } from '../../src/cli/parts.ts'
import { play } from '../../src/cli/play.ts'
import { Screen } from '../../src/cli/screen.ts'
import { painter, type Terminal } from '../../src/cli/terminal.ts'
import type { RunSpec } from '../../src/core/run.ts'
import { answer, engineWith, nowhere, ScriptedModels, spec } from '../engine/kit.ts'

/** A terminal that keeps what is written, in order; stderr in angle brackets. */
function fake(live: boolean) {
  const written: string[] = []
  const left: number[] = []
  let press: ((nth: number) => void) | null = null
  const terminal = {
    live,
    paint: painter(false),
    out: (text: string) => written.push(`${text}\n`),
    err: (text: string) => written.push(`<${text}>\n`),
    write: (text: string) => written.push(text),
    onInterrupt: (listener: (nth: number) => void) => {
      press = listener
      return () => {
        press = null
      }
    },
    leave: () => left.push(1),
  } as unknown as Terminal
  return { terminal, written, left, press: (nth: number) => press?.(nth) }
}

async function stage(more: Partial<RunSpec> = {}, models = new ScriptedModels(() => new Promise(() => {}))) {
  const { engine, store, bus } = await engineWith(models)
  const parts = {
    store,
    bus,
    steering: engine,
    dataDir: '/data',
    person: nowhere.person,
    setStage() {},
  } as unknown as Parts
  const begin = () => engine.start(spec(more), { ...nowhere, id: 'run1' })
  return { engine, store, bus, parts, begin }
}

test('on a terminal a turn is written as it comes, each word once', async () => {
  const { bus, parts, begin, store, engine } = await stage()
  const { terminal, written } = fake(true)
  const screen = new Screen(terminal, parts, 'run1')
  await begin()
  const writing = async (text: string) => {
    bus.emit({ type: 'writing', run_id: 'run1', actor_index: 0, text, reasoning: false })
    await vi.waitFor(() => expect(written.join('')).toContain(text))
  }
  await writing('The sea')
  await writing('The sea is')
  bus.emit({ type: 'writing', run_id: 'another', actor_index: 0, text: 'not here', reasoning: false })
  await store.change('run1', (run) => ({
    turn: { ...TURN, actor_index: 0, name: 'Claude Opus 1', text: 'The sea is wide.' },
    state: { ...run.state, spoken: [0] },
  }))
  bus.emit({ type: 'committed', run_id: 'run1', turn_index: 0 })
  await screen.end()
  expect(written.join('')).toBe('\n### Claude Opus 1 ###\nThe sea is wide.\n')
  expect(written).toContain(' is')
  await engine.drain(0)
})

test('what is broken off is marked, and written anew', async () => {
  const { bus, parts, begin, engine } = await stage()
  const { terminal, written } = fake(true)
  const screen = new Screen(terminal, parts, 'run1')
  await begin()
  bus.emit({ type: 'writing', run_id: 'run1', actor_index: 0, text: 'Half a', reasoning: false })
  await vi.waitFor(() => expect(written).toContain('Half a'))
  bus.emit({ type: 'unwritten', run_id: 'run1' })
  bus.emit({ type: 'writing', run_id: 'run1', actor_index: 0, text: 'A whole', reasoning: false })
  await screen.end()
  expect(written.join('')).toBe('\n### Claude Opus 1 ###\nHalf a\n<(broken off)>\n\n### Claude Opus 1 ###\nA whole\n')
  await engine.drain(0)
})

test('in a pipe only what was said appears, and nothing of it can act on a terminal', async () => {
  const models = new ScriptedModels((_, nth) =>
    answer(nth === 0 ? 'red \u001b[31m\u001b]0;title\u0007\r\nand\ttab' : 'two'),
  )
  const { parts, begin } = await stage({ max_turns: 1 }, models)
  const { terminal, written } = fake(false)
  expect(await play(terminal, parts, 'run1', begin, { json: false })).toBe(0)
  const out = written.filter((text) => !text.startsWith('<')).join('')
  expect(out).toBe('\n### Claude Opus 1 ###\nred [31m]0;title\nand\ttab\n\n### Claude Sonnet 2 ###\ntwo\n')
})

test('Ctrl-C once stops the run, a second time leaves', async () => {
  const { parts, begin } = await stage()
  const { terminal, written, left, press } = fake(false)
  const playing = play(terminal, parts, 'run1', begin, { json: false })
  press(1)
  press(2)
  expect(left).toEqual([1])
  expect(await playing).toBe(130)
  expect(written.join('')).toMatch(/Ended: stopped\. Ada has ended the conversation with \^C\^C\./)
})

test('a run that an error ends is exit code 1, one that is paused too, with how to go on', async () => {
  const { parts, begin, engine } = await stage()
  const { terminal, written } = fake(false)
  const playing = play(terminal, parts, 'run1', begin, { json: false })
  await vi.waitFor(() => expect(written.join('')).toContain('Ctrl-C ends it'))
  await engine.pauseBecause('run1', 'The provider refuses the key.')
  expect(await playing).toBe(1)
  expect(written.join('')).toMatch(
    /Paused\. The provider refuses the key\.\nTo go on: npm run backrooms -- resume run1\n/,
  )
  const failing = await stage()
  const other = fake(false)
  const ending = play(other.terminal, failing.parts, 'run1', failing.begin, { json: false })
  await vi.waitFor(() => expect(other.written.join('')).toContain('Ctrl-C ends it'))
  await failing.engine.end('run1', 'error', 'It broke.')
  expect(await ending).toBe(1)
})

const TURN = {
  ...{ round: 0, author_id: null, reasoning: '', whisper_to: null, steps: [], model: 'opus' },
  usage: { input: 0, cached: 0, written: 0, output: 0, cost: 0 },
}
