import type { Catalog } from '../config/catalog.ts'
import { presetNotes } from '../config/preset-notes.ts'
import type { PlannedRun } from '../core/batch.ts'
import type { BatchConfigKept, BatchManifest } from '../core/batches.ts'
import type { Dream } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { RunSpec } from '../core/run.ts'
import { roughTokens } from '../core/tokens.ts'
import { sumOf } from './estimate.ts'
import { lineOf, type PlanLine } from './plan-line.ts'
import { type RunItems, specOf } from './spec.ts'

/** A batch as it will run, every run of it checked. */
export interface BatchPlan {
  manifest: BatchManifest
  name: string
  items: Dream[]
  secondary: Dream[]
  runs: PlannedRun[]
  lines: PlanLine[]
  /** What was asked for and is not there: sentences, among the manifest's notes too. */
  doubts: string[]
}

export interface PlanParts {
  catalog: Catalog
  /** Called for every spec: throws UserError where a run may not begin (a key is missing, a model is barred). */
  check?: (spec: RunSpec) => void
}

type Drawn = Pick<BatchPlan, 'items' | 'secondary' | 'runs' | 'doubts'> &
  Pick<BatchManifest, 'seed' | 'from' | 'notes'> & { config: BatchConfigKept }

/** So many runs are checked before others get a turn of this process. */
const AT_ONCE = 25

/**
 * Resolves and checks each of these runs. Nothing is started or spent.
 * @throws UserError naming the run and the remedy.
 */
export async function checkedPlan(drawn: Drawn, { catalog, check }: PlanParts): Promise<BatchPlan> {
  const { config, seed, from, notes, doubts, items, secondary, runs } = drawn
  const models = new Map<string, ModelInfo>()
  const lines: PlanLine[] = []
  const told = new Set(notes)
  for (const run of runs) {
    if (run.index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve))
    const about: RunItems = {
      item: run.item === null ? null : (items[run.item] as Dream),
      secondary: run.secondary === null ? null : (secondary[run.secondary] as Dream),
      total: runs.length,
    }
    const spec = named(run, about, () => {
      const made = specOf(catalog, config, run, about)
      check?.(made)
      fits(made)
      return made
    })
    for (const note of presetNotes(spec)) told.add(note)
    for (const { model } of spec.actors) models.set(model.alias, model)
    lines.push(lineOf(spec))
  }
  const estimates = lines.map((line) => line.estimate)
  const estimate = sumOf(estimates, config.max_cost)
  const manifest: BatchManifest = { config, seed, models: [...models.values()], estimate, from, notes: [...told] }
  return { manifest, name: config.name, items, secondary, runs, lines, doubts }
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
    const { max_context_frac: frac } = spec
    if (size <= window * (frac > 0 ? Math.min(frac, ROOM) : ROOM)) continue
    const holds = `its window holds ${count(window)}${frac > 0 ? `, of which max_context_frac lets it use ${count(Math.floor(frac * window))}` : ''}`
    const typed = [
      ...(spec.context_window === null ? [] : ['give it a larger context_window']),
      ...(frac > 0 ? ['raise max_context_frac'] : []),
    ]
    const remedies = ['leave this item out with `ids` or `query`', 'shorten it', ...typed]
    throw new UserError(
      `${name} would begin with about ${count(size)} tokens, and ${holds}: ${remedies.join(', ')}, or choose a model with a larger window.`,
    )
  }
}

const count = (tokens: number): string => tokens.toLocaleString('en-US')
