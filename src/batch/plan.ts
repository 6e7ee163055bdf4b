import { randomInt } from 'node:crypto'
import { requireInside, syncNotes } from '../archive/keeping.ts'
import type { BatchConfig } from '../config/config.ts'
import { type PlannedRun, planRuns } from '../core/batch.ts'
import type { BatchConfigKept } from '../core/batches.ts'
import type { Dream } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import { findSome } from '../dreams/explain.ts'
import { type DreamSources, sourceFor } from '../dreams/sources.ts'
import { type BatchPlan, checkedPlan, type PlanParts } from './checked-plan.ts'

interface Parts extends PlanParts {
  sources: DreamSources
}

/**
 * Plans a whole batch: asks the sources, works out the runs, resolves and checks each. Nothing is started or spent.
 * @throws UserError naming the place (config and key, item, run) and the remedy.
 */
export async function planBatch(config: BatchConfig, { sources, ...parts }: Parts): Promise<BatchPlan> {
  requireInside(parts.catalog.files.root, config.file, config.meta_jsonl)
  const notes = parts.catalog.warningsOf(config)
  notes.push(...syncNotes(config.auto_sync, config.file, sources))
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
  const doubts = [...(first?.doubts ?? []), ...(second?.doubts ?? [])]
  const drawn = { seed, from: first === null ? null : first.from, notes, config: keptConfig(config) }
  return checkedPlan({ ...drawn, doubts, ...kept(all, first?.dreams ?? [], second?.dreams ?? []) }, parts)
}

async function itemsOf(
  source: BatchConfig['source'],
  config: BatchConfig,
  sources: DreamSources,
  notes: string[],
): Promise<{ dreams: Dream[]; from: string; doubts: string[] } | null> {
  if (source.kind === 'none' || source.kind === 'static') return null
  const from = sourceFor(sources, source.kind)
  const isFile = config.file.endsWith('.json')
  if (isFile && source.kind === 'supabase' && from === sources.local)
    notes.push(`${config.file}: data_source: SUPABASE_URL is not set, so the items come from the local store.`)
  try {
    const found = await findSome(from, source)
    notes.push(...found.notes)
    return { dreams: found.dreams, doubts: found.notes, from: `${from.name}, ${source.table}` }
  } catch (error) {
    throw error instanceof UserError && isFile ? new UserError(`${config.file}: data_source: ${error.message}`) : error
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
