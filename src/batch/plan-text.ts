import type { Estimate } from '../core/estimate.ts'
import { money, plural, range } from '../core/figures.ts'
import type { BatchPlan } from './checked-plan.ts'
import { lineText } from './plan-line.ts'

/** The exact runs of a plan, to read: one paragraph each, with every variable. @param cut as of `lineText` */
export function planText({ lines, manifest }: BatchPlan, cut?: number): string {
  const { seed, estimate, notes, from } = manifest
  const head = [
    `${plural(lines.length, 'run')}, seed ${seed}, ${priceOf(estimate, 'cost unknown')}${from === null ? '' : `, items from ${from}`}`,
    ...notes,
  ]
  const runs = lines.map((line, at) => lineText(line, at, [], cut))
  return `${[...head, '', ...runs].join('\n')}\n`
}

/** `12 runs of dreamsim3 from 12 items with sonnet, for $0.40 to $2.10 in all; seed 5, 4 at once.` `name`: how names are marked. */
export function planSummary({ manifest, runs, items }: BatchPlan, name: (text: string) => string): string {
  const { estimate, models, seed, config, notes } = manifest
  const about = items.length > 0 ? ` from ${plural(items.length, 'item')}` : ''
  const price = priceOf(estimate, 'at unknown cost')
  const limit = config.max_cost === null ? '' : ` (at most ${money(config.max_cost)})`
  const names = models.map(({ alias }) => name(alias)).join(', ')
  const what = `${plural(runs.length, 'run')} of ${name(config.options.template)}${about} with ${names}, ${price}${limit}`
  return [`${what}; seed ${seed}, ${config.concurrency} at once.`, ...notes].join('\n')
}

function priceOf(estimate: Estimate | number | null, unknown: string): string {
  if (estimate === null) return unknown
  if (typeof estimate === 'number') return `for about ${money(estimate)} in all`
  return estimate.high === 0 ? 'at no cost' : `for ${range(estimate)} in all`
}

/** A batch of more runs than this asks first, whatever it costs. */
const MANY_RUNS = 250

/** Why a batch should be thought about before it begins. Null: nothing speaks against it. `above`: USD. */
export function whyAsk({ manifest: { estimate }, runs, doubts }: BatchPlan, above: number): string | null {
  const reasons = [
    ...(doubts.length > 0 ? ['Not all that was asked for was found.'] : []),
    ...(estimate === null ? ['What it will cost is not known, since a model has no price in the registry.'] : []),
    ...(mostOf(estimate) > above ? [`That may be more than ${money(above)}.`] : []),
    ...(runs.length > MANY_RUNS ? ['That is a large batch.'] : []),
  ]
  return reasons.length === 0 ? null : reasons.join(' ')
}

const mostOf = (estimate: Estimate | number | null): number =>
  typeof estimate === 'number' ? estimate : (estimate?.high ?? 0)
