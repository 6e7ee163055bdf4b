import { Bus } from '../../src/core/bus.ts'
import { type ModelAnswer, type ModelCall, ModelError, type ModelInfo, type Models } from '../../src/core/model.ts'
import type { RunSpec } from '../../src/core/run.ts'
import type { Person, StartPlace } from '../../src/core/steering.ts'
import { Engine } from '../../src/engine/engine.ts'
import { threadGate } from '../../src/engine/gates.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { dailyPurse } from '../../src/engine/purse.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { openStore } from '../../src/store/open.ts'

export const ada: Person = { id: '1', name: 'Ada', avatar_url: 'https://example.invalid/ada.png' }
export const place: StartPlace = { guild_id: '10', channel_id: '20', person: ada }
/** A run that nobody posts: it never waits for a thread. */
export const nowhere: StartPlace = { guild_id: '10', channel_id: null, person: ada }

export function modelInfo(alias: string, more: Partial<ModelInfo> = {}): ModelInfo {
  return {
    alias,
    provider: 'anthropic',
    api_name: alias,
    display_name: `Claude ${alias[0]?.toUpperCase()}${alias.slice(1)}`,
    company: 'Anthropic',
    context_window: 1000,
    max_tokens: null,
    price: { input: 1, output: 1, cached: 1, written: 1 },
    quirks: {},
    ...more,
  }
}

export function spec(more: Partial<RunSpec> = {}, aliases = ['opus', 'sonnet']): RunSpec {
  return {
    template: 'roleplay',
    description: '',
    actors: aliases.map((alias, index) => ({
      model: modelInfo(alias),
      name: `${modelInfo(alias).display_name} ${index + 1}`,
      face: alias,
      system: `You are ${index}.`,
      history: index === 0 ? [{ role: 'user', content: 'Begin.' }] : [],
    })),
    title: 'A talk',
    vars: {},
    query: null,
    max_turns: null,
    max_tokens: null,
    max_context_frac: 0,
    context_window: null,
    temperature: 1,
    max_cost: 2,
    order: 'round_robin',
    stop: 'line',
    reasoning: 'hidden',
    seed: 1,
    tools: [],
    nudge: null,
    on_loop: 'notice',
    profiles: [],
    media: [],
    item: null,
    lineage: null,
    ...more,
  }
}

export const answer = (text: string, more: Partial<ModelAnswer> = {}): ModelAnswer => ({
  text,
  reasoning: '',
  tool_calls: [],
  stop: 'end',
  usage: { input: 10, cached: 0, written: 0, output: 5, cost: 0.01 },
  ...more,
})

/** Says what the script says; keeps every call. A script that returns a promise lets a test hold an answer back. */
export class ScriptedModels implements Models {
  readonly calls: ModelCall[] = []
  readonly #script: (call: ModelCall, nth: number) => ModelAnswer | Promise<ModelAnswer>

  constructor(script: (call: ModelCall, nth: number) => ModelAnswer | Promise<ModelAnswer>) {
    this.#script = script
  }

  missing(): string[] {
    return []
  }

  async call(call: ModelCall): Promise<ModelAnswer> {
    const nth = this.calls.push({ ...call, messages: structuredClone(call.messages) }) - 1
    const aborted = new Promise<never>((_, reject) => {
      const fail = () => reject(new ModelError('aborted', 'The call was aborted.'))
      if (call.signal.aborted) fail()
      else call.signal.addEventListener('abort', fail)
    })
    aborted.catch(() => {})
    const said = await Promise.race([this.#script(call, nth), aborted])
    call.onDelta?.({ text: said.text })
    return said
  }
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

export async function engineWith(models: Models, more: Partial<EngineParts> = {}) {
  const bus = more.bus ?? new Bus()
  const store = more.store ?? (await openStore(':memory:'))
  const parts: EngineParts = {
    store,
    models,
    bus,
    transcript,
    gates: [threadGate(store, bus)],
    purse: dailyPurse(store),
    tools: { specs: async () => [], call: async (_run, { id, name }) => ({ id, name, text: '', is_error: true }) },
    log: quiet,
    ...more,
  }
  return { engine: new Engine(parts, { finished: async () => true, hurry: () => {} }), parts, bus, store }
}

/** Resolves when the run reaches this state. */
export function until(
  { bus, store }: { bus: Bus; store: EngineParts['store'] },
  runId: string,
  reached: (run: NonNullable<Awaited<ReturnType<EngineParts['store']['run']>>>) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const run = await store.run(runId)
      if (run && reached(run)) {
        off()
        resolve()
      }
    }
    const off = bus.on('changed', (news) => {
      if (news.run_id === runId) look().catch(reject)
    })
    look().catch(reject)
  })
}
