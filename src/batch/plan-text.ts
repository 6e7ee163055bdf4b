import { money } from '../core/figures.ts'
import type { BatchPlan } from './plan.ts'

/** The exact runs of a plan, to read: one paragraph each, with every variable. */
export function planText({ lines, manifest }: BatchPlan): string {
  const { seed, estimate, notes, from } = manifest
  const head = [
    `${lines.length} runs, seed ${seed}, ${estimate === null ? 'cost unknown' : `about ${money(estimate)} in all`}${from === null ? '' : `, items from ${from}`}`,
    ...notes,
  ]
  const runs = lines.map(({ title, models, dream_id, vars, estimate: price }, at) =>
    [
      `${at + 1}. ${title}`,
      `   models: ${models.join(', ')}`,
      ...(dream_id === null ? [] : [`   item: ${dream_id}`]),
      `   estimate: ${price === null ? 'unknown' : money(price)}`,
      ...Object.entries(vars).map(([name, value]) => `   ${name}: ${value.replaceAll(/\s+/g, ' ').slice(0, 200)}`),
    ].join('\n'),
  )
  return `${[...head, '', ...runs].join('\n')}\n`
}
