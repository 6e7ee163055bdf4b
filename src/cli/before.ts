import { modelsOf } from '../core/actors.ts'
import { UserError } from '../core/errors.ts'
import { ASK_ABOVE, estimateRun } from '../core/estimate.ts'
import { money, range } from '../core/figures.ts'
import type { RunSpec } from '../core/run.ts'
import type { Parts } from './parts.ts'

/** Throws UserError when a key is missing for one of the run's models, narrators and media agents included. */
export function requireKeys(spec: RunSpec, { models }: Pick<Parts, 'models'>): void {
  const missing = modelsOf(spec).flatMap((model) =>
    models.missing(model).map((variable) => ({ variable, alias: model.alias })),
  )
  const [first] = missing
  if (!first) return
  const users = [...new Set(missing.filter(({ variable }) => variable === first.variable).map(({ alias }) => alias))]
  throw new UserError(
    `To use ${new Intl.ListFormat('en').format(users)}, set ${first.variable}: put it into the file .env (see .env.example).`,
  )
}

/** Why a run should be thought about first: it may cost more than others. Null: nothing speaks against it. */
export function dear(spec: RunSpec): string | null {
  const estimate = estimateRun(spec)
  return estimate.high <= ASK_ABOVE ? null : `This run may cost ${range(estimate)}, more than ${money(ASK_ABOVE)}.`
}
