import type { Catalog } from '../config/catalog.ts'
import type { RunContext } from '../config/resolve.ts'
import type { PlannedRun } from '../core/batch.ts'
import type { BatchConfigKept } from '../core/batches.ts'
import { type Dream, textOf } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import type { RunSpec } from '../core/run.ts'

/** What a run of a batch is about. */
export interface RunItems {
  item: Dream | null
  secondary: Dream | null
  /** Runs in the batch. */
  total: number
}

/**
 * What a planned run needs. Items' text enters through variables alone.
 * @throws UserError.
 */
export function specOf(catalog: Catalog, config: BatchConfigKept, run: PlannedRun, about: RunItems): RunSpec {
  const { item, secondary, total } = about
  const vars = {
    ...varsFrom(item, config.vars_from_item, 'template_vars_from_item'),
    ...varsFrom(secondary, config.vars_from_secondary, 'template_vars_from_secondary'),
  }
  const context: RunContext = {
    ...config.context,
    ...(Object.keys(vars).length > 0 ? { item_vars: vars } : {}),
    item: item && { dream_id: item.id, dream_index: run.item, date: item.date, source: item.source },
  }
  const limits = config.max_cost === null ? {} : { max_cost: Math.min(config.max_cost, RUN_MAX_COST) }
  const spec = catalog.resolveRun({ ...limits, ...config.options, models: run.models, seed: run.seed }, context)
  return { ...spec, title: titleOf(spec, config, run, item, total) }
}

/** USD a run may cost by default (rule 10). */
const RUN_MAX_COST = 2

function varsFrom(item: Dream | null, fields: Record<string, string>, key: string): Record<string, string> {
  if (item === null) return {}
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldOf(item, field, key)]))
}

function fieldOf(item: Dream, field: string, key: string): string {
  if (field === 'content') return item.content
  if (field === 'date' && !Object.hasOwn(item.fields, 'date')) return item.date ?? ''
  if (!Object.hasOwn(item.fields, field))
    throw new UserError(
      `${key}: item ${item.id} has no field \`${field}\`; it has ${Object.keys(item.fields)
        .map((name) => `\`${name}\``)
        .join(', ')}.`,
    )
  return textOf(item.fields[field])
}

/** Threads of a batch must be told apart: `Static 3/12: The lift in my old school…` */
function titleOf(spec: RunSpec, config: BatchConfigKept, run: PlannedRun, item: Dream | null, total: number): string {
  const name = typeof config.options.title === 'string' ? config.options.title : spec.template
  const about = item === null ? spec.actors.map(({ model }) => model.alias).join(' × ') : item.content
  const title = `${name} ${run.index + 1}/${total}: ${about.slice(0, 200).replaceAll(/\s+/g, ' ').trim()}`
  const characters = [...title]
  return characters.length <= 100 ? title : `${characters.slice(0, 99).join('')}…`
}
