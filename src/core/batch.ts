import { UserError } from './errors.ts'
import { randomOf } from './random.ts'

/** How the models of a batch's runs are chosen. The names are known to be models. */
export type ModelPlan =
  /** For every item each of these. */
  | { kind: 'pairs'; pairs: [string, string][] }
  /** For every item every pair i<j of the list by position. */
  | { kind: 'mixed_all'; models: string[] }
  /** For every item, so many times, two drawn from the list without replacement. */
  | { kind: 'mixed_random'; models: string[]; runs_per_item: number }
  /** For every item each model with itself; without items, as many runs as `runs` says, cycling through the list. */
  | { kind: 'each'; models: string[] }

export interface PlanInput {
  plan: ModelPlan
  /** How many items the source gave; null: the batch has no source. */
  items: number | null
  /** How many the second source gave; null: there is none. */
  secondary: number | null
  shuffle: boolean
  seed: number
  /** After shuffling; null: all. */
  max_items: number | null
  /** How many runs there are without items. */
  runs: number
}

/** One run of a plan. */
export interface PlannedRun {
  /** 0-based place in the plan. */
  index: number
  /** Position among what the source gave; null: no item. */
  item: number | null
  /** Position among what the second source gave. */
  secondary: number | null
  /** As `models` of a run: a single one stands for all actors. */
  models: string[]
  seed: number
}

// Every random choice of a plan has a stream of its own, so that one option (`max_items`, say) does not change what another draws.
const SHUFFLE = 1
const RUN_SEEDS = 2
const PAIRS = 3

/** More runs than this are a slip of the hand, and would not fit into memory. */
const MOST_RUNS = 100_000

/** How many runs a plan would have, without making it. */
function countOf({ plan, items, runs, max_items }: PlanInput): number {
  const places = items === null ? 1 : Math.min(items, max_items ?? items)
  switch (plan.kind) {
    case 'pairs':
      return places * plan.pairs.length
    case 'mixed_all':
      return (places * plan.models.length * (plan.models.length - 1)) / 2
    case 'mixed_random':
      return places * plan.runs_per_item
    case 'each':
      return items === null ? runs : places * plan.models.length
  }
}

/**
 * The runs of a batch, in order: item by item, and for each item pair by pair. Pure: the same input gives the same plan on every machine.
 *
 * Items are shuffled by `shuffled`. For `mixed_random`, two positions of the list are drawn with the stream `PAIRS + item`, `item` being
 * the position in the shuffled order. An item's partner from the second source has the item's place in the shuffled order, from the
 * start again where the second source gave fewer.
 *
 * @throws UserError when there would be more than a hundred thousand.
 */
export function planRuns(input: PlanInput): PlannedRun[] {
  const { items, secondary, seed, max_items } = input
  const count = countOf(input)
  if (count > MOST_RUNS) {
    throw new UserError(
      `That would be ${count.toLocaleString('en-US')} runs; a batch has at most ${MOST_RUNS.toLocaleString('en-US')}. Lower runs, runs_per_item or max_items, or name fewer models.`,
    )
  }
  const seeds = randomOf(mixed(seed), RUN_SEEDS)
  const all = items === null ? [null] : Array.from({ length: items }, (_, at) => at)
  const ordered = items !== null && input.shuffle ? shuffled(all, seed) : all
  const chosen = max_items === null ? ordered : ordered.slice(0, max_items)
  return chosen
    .flatMap((item, place) =>
      modelsFor(input, place).map((models) => ({
        item,
        secondary: secondary ? place % secondary : null,
        models,
      })),
    )
    .map((run, index) => ({ index, ...run, seed: Math.floor(seeds() * 2 ** 32) }))
}

function modelsFor({ plan, items, runs, seed }: PlanInput, place: number): string[][] {
  switch (plan.kind) {
    case 'pairs':
      return plan.pairs
    case 'mixed_all':
      return plan.models.flatMap((a, i) => plan.models.slice(i + 1).map((b) => [a, b]))
    case 'mixed_random': {
      const random = randomOf(mixed(seed), PAIRS + place)
      return Array.from({ length: plan.runs_per_item }, () => drawTwo(plan.models, random))
    }
    case 'each':
      if (items !== null) return plan.models.map((model) => [model])
      return Array.from({ length: runs }, (_, at) => [plan.models[at % plan.models.length] as string])
  }
}

function drawTwo(list: string[], random: () => number): string[] {
  const first = Math.floor(random() * list.length)
  const rest = list.filter((_, at) => at !== first)
  return [list[first] as string, rest[Math.floor(random() * rest.length)] as string]
}

/**
 * Fisher and Yates: from the last place down to the second, each is exchanged with a place drawn from those up to and including it,
 * `floor(random * (place + 1))`, random being mulberry32 (random.ts) from the seed and stream 1.
 */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = randomOf(mixed(seed), SHUFFLE)
  const order = [...list]
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const moved = order[at] as T
    order[at] = order[other] as T
    order[other] = moved
  }
  return order
}

/** A seed may have 53 bits, the generator takes 32: the upper ones are not lost. */
const mixed = (seed: number): number => (seed % 2 ** 32) ^ Math.trunc(seed / 2 ** 32)

/** Stable, so that no run of a batch can start twice. A retry gets an id of its own. */
export const batchRunId = (batchId: string, index: number, attempt: number): string =>
  attempt === 0 ? `${batchId}-${index + 1}` : `${batchId}-${index + 1}-${attempt + 1}`

/** The batch of a run's id, if it is one of a batch's. */
export const batchOfRunId = (runId: string): string | null => /^([^-]+)-\d/.exec(runId)?.[1] ?? null
