import { z } from 'zod'
import { requireInside } from '../archive/keeping.ts'
import { UserError } from '../core/errors.ts'
import { type BatchPlan, checkedPlan, type PlanParts } from './checked-plan.ts'

const dream = z.object({
  id: z.string(),
  content: z.string(),
  date: z.string().nullable(),
  source: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
})

const place = z.int().min(0).nullable()

const fields = z.record(z.string(), z.string())

/** What a batch's manifest must hold to be run again; its results and models are passed over. */
const schema = z.object({
  batch: z.string(),
  seed: z.int(),
  from: z.string().nullable(),
  config: z.object({
    name: z.string(),
    options: z.looseObject({ template: z.string() }),
    context: z.record(z.string(), z.unknown()),
    vars_from_item: fields,
    vars_from_secondary: fields,
    concurrency: z.int().min(1),
    max_cost: z.number().min(0).nullable(),
    threads: z.enum(['each', 'failed', 'none']),
    auto_sync: z.boolean().nullable(),
    meta_jsonl: z.string().nullable(),
  }),
  items: z.array(dream),
  secondary: z.array(dream).default([]),
  runs: z.array(z.object({ item: place, secondary: place, models: z.array(z.string()).min(1), seed: z.int() })).min(1),
})

/** Whether a JSON file's content is (or means to be) the manifest of a batch. */
export const isManifest = (raw: unknown): boolean =>
  typeof raw === 'object' && raw !== null && 'batch' in raw && 'runs' in raw && 'config' in raw

/**
 * The plan of a batch that was, from its manifest: the same runs with the same items, models and seeds in the same order, whatever has
 * become of the source. Templates, presets and the registry count as they are now.
 *
 * @param file how people know it. @param maxCost USD, in place of the manifest's.
 * @throws UserError naming the place.
 */
export async function planAgain(
  raw: unknown,
  { file, maxCost, ...parts }: PlanParts & { file: string; maxCost: number | undefined },
): Promise<BatchPlan> {
  const { data, error } = schema.safeParse(raw)
  if (!data) {
    const [issue] = error.issues
    throw new UserError(
      `${file} is no whole manifest: ${issue?.path.join('.') || 'the file'}: ${issue?.message}. Give it as the batch has written it.`,
    )
  }
  const { items, secondary } = data
  const runs = data.runs.map((run, index) => ({ index, ...run }))
  for (const { index, item, secondary: second } of runs)
    if ((item ?? -1) >= items.length || (second ?? -1) >= secondary.length)
      throw new UserError(`${file}: runs.${index}: there is no such item in it. Give it as the batch has written it.`)
  requireInside(parts.catalog.files.root, file, data.config.meta_jsonl)
  const config = { ...data.config, max_cost: maxCost ?? data.config.max_cost }
  const notes = [`The runs of batch ${data.batch} again.`]
  return checkedPlan({ config, seed: data.seed, from: data.from, notes, doubts: [], items, secondary, runs }, parts)
}
