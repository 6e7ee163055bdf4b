import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshState } from '../../src/engine/changes.ts'
import { openStore } from '../../src/store/open.ts'
import { spec } from '../engine/kit.ts'
import { startTown, type TownOptions } from '../kill/town.ts'
import { percentile, process_, ROOT, round, temporaryFolder } from './crew.ts'

const LATENCY = 2000
const COMMANDS = 60

/** 1,000 runs at once in the real bot against a model that takes 2 s, posting off; commands meanwhile; and how soon all go again after a SIGKILL. */
export async function crowdFigures(runs = 1000, seconds = 30) {
  const town = await crowdedTown()
  await addRuns(join(town.dataDir, 'backrooms.db'), runs)
  let from = Date.now()
  await town.startBot()
  const idle = town.botResidentMb()
  await allCalled(town, runs, from)
  const figures = await watch(town, runs, seconds)
  await town.killBot()

  from = Date.now()
  await town.startBot()
  await allCalled(town, runs, from)
  const recovered = Date.now() - from
  await town.close()
  return {
    ...figures,
    per_run_kb: round(((figures.resident_mb - idle) * 1024) / runs, 0),
    start_to_all_going_again_ms: recovered,
  }
}

/** 100 runs at once in the real bot, each streamed and posted to its thread; the sandbox is in the bot's process, its limits off (and so the bot's own pace). */
export async function postedFigures(runs = 100, seconds = 30) {
  const town = await crowdedTown({ embedded: true })
  await town.startBot()
  for (let nth = 0; nth < runs; nth++)
    await town.command('/backrooms start opus sonnet roleplay', nth % 2 ? 'backrooms' : 'general')
  await sleep(LATENCY)
  const figures = await watch(town, runs, seconds)
  await town.close()
  return figures
}

/** A sandbox, a bot and a provider, each a process of its own; the registry's limits on calls in flight would be measured otherwise, so this bot's has none. */
async function crowdedTown(options: TownOptions = {}) {
  const provider = await process_('test/bench/provider.ts', [String(LATENCY)])
  const folder = temporaryFolder()
  for (const part of ['src', 'commands', 'templates', 'presets', 'configs', 'mcp.config.json', 'package.json'])
    cpSync(join(ROOT, part), join(folder.path, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'))
  const registry = join(folder.path, 'configs/models.json')
  const { limits: _, ...unlimited } = JSON.parse(readFileSync(registry, 'utf8'))
  writeFileSync(registry, JSON.stringify(unlimited))
  const town = await startTown({ ...options, root: folder.path, env: { ANTHROPIC_BASE_URL: provider.line } })
  return {
    ...town,
    calls: async (since = 0) =>
      (await (await fetch(`${provider.line}/calls?since=${since}`)).json()) as { answered: number; runs: number },
    async close() {
      await town.close()
      await provider.end()
      folder.remove()
    },
  }
}

type Town = Awaited<ReturnType<typeof crowdedTown>>

/** Runs that nobody posts: they have no channel, so they get no thread. */
async function addRuns(file: string, count: number): Promise<void> {
  const store = await openStore(file)
  for (let nth = 0; nth < count; nth++) {
    const plain = spec({ max_cost: null, on_loop: 'off' })
    const actors = plain.actors.map((actor) => ({ ...actor, system: `${actor.system} This is run ${nth}.` }))
    await store.createRun(
      {
        ...{ spec: { ...plain, actors }, state: freshState(), guild_id: '10', channel_id: null },
        ...{ starter_id: null, starter_name: null, batch_id: null, driver: null },
      },
      () => [],
    )
  }
  await store.close()
}

async function allCalled(town: Town, runs: number, since: number): Promise<void> {
  while ((await town.calls(since)).runs < runs) await sleep(20)
}

/** What goes on for some seconds: turns against the ideal (each run one turn per latency), memory, and commands that only read, one after another. */
async function watch(town: Town, runs: number, seconds: number) {
  await sleep(LATENCY)
  const before = (await town.calls()).answered
  const from = performance.now()
  const answers: number[] = []
  let resident = 0
  for (let nth = 0; nth < COMMANDS; nth++) {
    await sleep(Math.max(0, from + (nth * seconds * 1000) / COMMANDS - performance.now()))
    const asked = performance.now()
    await town.command('/backrooms templates', 'logs')
    answers.push(performance.now() - asked)
    resident = Math.max(resident, town.botResidentMb())
  }
  await sleep(Math.max(0, from + seconds * 1000 - performance.now()))
  const took = performance.now() - from
  const turns = (await town.calls()).answered - before
  return {
    share_of_ideal_turns: round(turns / ((runs * took) / LATENCY), 3),
    resident_mb: resident,
    command_p50_ms: round(percentile(answers, 0.5), 0),
    command_p99_ms: round(percentile(answers, 0.99), 0),
  }
}
