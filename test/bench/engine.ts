import { join } from 'node:path'
import { createModels } from '../../src/models/models.ts'
import { openStore } from '../../src/store/open.ts'
import { engineWith, nowhere, spec, until } from '../engine/kit.ts'
import { percentile, process_, round, temporaryFolder } from './crew.ts'

const TURNS = 200
const RUNS = 100

/** Engine and store per turn, against the bare SDK call in the same process; throughput with 100 runs at once. */
export async function engineFigures() {
  const provider = await process_('test/bench/provider.ts', ['0'])
  const folder = temporaryFolder()
  const models = modelsAt(provider.line)
  const town = await engineWith(models, { store: await openStore(join(folder.path, 'bench.db')), gates: [] })
  const endless = { max_turns: TURNS / 2, max_cost: null, on_loop: 'off' as const }
  const stamps: number[] = []
  const off = town.bus.on('committed', () => stamps.push(performance.now()))
  const run = await town.engine.start(spec(endless), nowhere)
  await until(town, run.id, ended)
  off()
  const perTurn = stamps.slice(1).map((at, nth) => at - (stamps[nth] as number))

  const bare: number[] = []
  for (let nth = 0; nth < TURNS; nth++) {
    const from = performance.now()
    await models.call({
      model: (spec().actors[0] as ReturnType<typeof spec>['actors'][number]).model,
      ...{ system: '', max_tokens: 100, temperature: 1, tools: [], cache_key: 'bare:0', seed: 1 },
      messages: [{ role: 'user', blocks: ['Begin.'] }],
      signal: new AbortController().signal,
    })
    bare.push(performance.now() - from)
  }

  const from = performance.now()
  const runs = await Promise.all(
    Array.from({ length: RUNS }, () => town.engine.start(spec({ ...endless, max_turns: 5 }), nowhere)),
  )
  await Promise.all(runs.map((each) => until(town, each.id, ended)))
  const seconds = (performance.now() - from) / 1000
  await town.store.close()
  await provider.end()
  folder.remove()
  return {
    turn_p50_ms: round(percentile(perTurn, 0.5)),
    bare_call_p50_ms: round(percentile(bare, 0.5)),
    engine_and_store_p50_ms: round(percentile(perTurn, 0.5) - percentile(bare, 0.5)),
    ratio_to_bare_call: round(percentile(perTurn, 0.5) / percentile(bare, 0.5)),
    turns_per_second_100_runs: round((RUNS * 10) / seconds, 0),
  }
}

const ended = (run: { status: string }) => run.status === 'ended'

function modelsAt(url: string) {
  // The registry's limits on calls in flight would be measured otherwise.
  return createModels({ env: { ANTHROPIC_API_KEY: 'x', ANTHROPIC_BASE_URL: url }, limits: {} })
}
