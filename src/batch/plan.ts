import { randomInt } from 'node:crypto'
import { requireInside } from '../archive/keeping.ts'
import type { Catalog } from '../config/catalog.ts'
import type { BatchConfig } from '../config/config.ts'
import { type PlannedRun, planRuns } from '../core/batch.ts'
import type { BatchConfigKept, BatchManifest } from '../core/batches.ts'
import type { Dream } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { RunSpec } from '../core/run.ts'
import { roughTokens } from '../core/tokens.ts'
import { findSome } from '../dreams/explain.ts'
import { type DreamSources, sourceFor } from '../dreams/sources.ts'
import { expectedCost } from './estimate.ts'
import { type RunItems, specOf } from './spec.ts'

/** A batch as it will run, every run of it checked. */
export interface BatchPlan {
  manifest: BatchManifest
  name: string
  items: Dream[]
  secondary: Dream[]
  runs: PlannedRun[]
  /** What each run will be about and cost, as its spec says, without the spec. */
  lines: PlanLine[]
}

export interface PlanLine {
  title: string
  models: string[]
  dream_id: string | null
  vars: Record<string, string>
  /** USD; null: unknown. */
  estimate: number | null
}

interface Parts {
  catalog: Catalog
  sources: DreamSources
  /** Called for every spec: throws UserError where a run may not begin (a key is missing, a model is barred). */
  check?: (spec: RunSpec) => void
}

/** So many runs are checked before others get a turn of this process. */
const AT_ONCE = 25

/**
 * Plans a whole batch: asks the sources, works out the runs, resolves and checks each. Nothing is started or spent.
 * @throws UserError naming the place (config and key, item, run) and the remedy.
 */
export async function planBatch(config: BatchConfig, { catalog, sources, check }: Parts): Promise<BatchPlan> {
  requireInside(catalog.files.root, config.file, config.meta_jsonl)
  const notes: string[] = []
  const first = await itemsOf(config.source, config, sources, notes)
  const second = config.secondary === null ? null : await itemsOf(config.secondary, config, sources, notes)
  const seed = config.seed ?? randomInt(2 ** 32)
  const all = planRuns({
    plan: config.plan,
    items: first === null ? null : first.dreams.length,
    secondary: second === null ? null : second.dreams.length,
    shuffle: config.shuffle,
    seed,
    max_items: config.max_items,
    runs: config.runs,
  })
  if (all.length === 0)
    throw new UserError(`${config.file}: nothing to run: the plan has items, but no pair of models to run them.`)
  const { items, secondary, runs } = kept(all, first?.dreams ?? [], second?.dreams ?? [])
  const manifest: BatchManifest = {
    config: keptConfig(config),
    seed,
    models: [],
    estimate: 0,
    from: first === null ? null : first.from,
    notes,
  }
  const models = new Map<string, ModelInfo>()
  const lines: PlanLine[] = []
  for (const run of runs) {
    if (run.index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve))
    const about: RunItems = {
      item: run.item === null ? null : (items[run.item] as Dream),
      secondary: run.secondary === null ? null : (secondary[run.secondary] as Dream),
      total: runs.length,
    }
    const spec = named(run, about, () => {
      const made = specOf(catalog, manifest.config, run, about)
      check?.(made)
      fits(made)
      return made
    })
    for (const { model } of spec.actors) models.set(model.alias, model)
    const estimate = expectedCost(spec)
    manifest.estimate = estimate === null || manifest.estimate === null ? null : manifest.estimate + estimate
    lines.push({
      title: spec.title,
      models: spec.actors.map(({ model }) => model.alias),
      dream_id: spec.item?.dream_id ?? null,
      vars: spec.vars,
      estimate,
    })
  }
  manifest.models = [...models.values()]
  if (manifest.estimate !== null && config.max_cost !== null)
    manifest.estimate = Math.min(manifest.estimate, config.max_cost)
  return { manifest, name: config.name, items, secondary, runs, lines }
}

async function itemsOf(
  source: BatchConfig['source'],
  config: BatchConfig,
  sources: DreamSources,
  notes: string[],
): Promise<{ dreams: Dream[]; from: string } | null> {
  if (source.kind === 'none' || source.kind === 'static') return null
  const from = sourceFor(sources, source.kind)
  try {
    const found = await findSome(from, source)
    notes.push(...found.notes)
    return { dreams: found.dreams, from: `${from.name}, ${source.table}` }
  } catch (error) {
    throw error instanceof UserError && config.file.endsWith('.json')
      ? new UserError(`${config.file}: data_source: ${error.message}`)
      : error
  }
}

/** Only the items that runs are about, in the order in which they come. */
function kept(runs: PlannedRun[], items: Dream[], secondary: Dream[]) {
  const places = new Map<number, number>()
  const others = new Map<number, number>()
  const placeOf = (map: Map<number, number>, at: number | null) => {
    if (at === null) return null
    if (!map.has(at)) map.set(at, map.size)
    return map.get(at) as number
  }
  const moved = runs.map((run) => ({
    ...run,
    item: placeOf(places, run.item),
    secondary: placeOf(others, run.secondary),
  }))
  return {
    runs: moved,
    items: [...places.keys()].map((at) => items[at] as Dream),
    secondary: [...others.keys()].map((at) => secondary[at] as Dream),
  }
}

function keptConfig(config: BatchConfig): BatchConfigKept {
  const { name, options, context, vars_from_item, vars_from_secondary } = config
  const { concurrency, max_cost, threads, auto_sync, meta_jsonl } = config
  const kept = { name, options, context, vars_from_item, vars_from_secondary }
  return JSON.parse(JSON.stringify({ ...kept, concurrency, max_cost, threads, auto_sync, meta_jsonl }))
}

/** Errors of one run say which. */
function named<T>(run: PlannedRun, { item, total }: RunItems, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof UserError) || total === 1) throw error
    const about = item === null ? '' : `, item ${item.id}`
    throw new UserError(`Run ${run.index + 1} of ${total}${about}: ${error.message}`)
  }
}

/** The share of a context window that a run may begin with. */
const ROOM = 0.9

function fits(spec: RunSpec): void {
  for (const { model, name, system, history } of spec.actors) {
    const size = roughTokens(system) + history.reduce((sum, { content }) => sum + roughTokens(content), 0)
    const window = spec.context_window ?? model.context_window
    if (size > window * ROOM)
      throw new UserError(
        `${name} would begin with about ${size.toLocaleString('en-US')} tokens, and its window holds ${window.toLocaleString('en-US')}: leave this item out with \`ids\` or \`query\`, shorten it, or choose a model with a larger window.`,
      )
  }
}
