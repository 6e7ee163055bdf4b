import { z } from 'zod'
import { type OptionRow, RUN_OPTIONS } from '../../config/options.ts'
import { UserError } from '../../core/errors.ts'
import { ASK_ABOVE, estimateRun } from '../../core/estimate.ts'
import { money, range } from '../../core/figures.ts'
import type { RunSpec } from '../../core/run.ts'
import type { Person } from '../../core/steering.ts'
import { costLimit, modelsOf, requireModels } from '../../discord/launch.ts'
import type { ServeParts } from './parts.ts'

/** Every option of a run under its one name, for programs, which have no completion: the templates are named. */
export function startShape({ catalog }: Pick<ServeParts, 'catalog'>): Record<string, z.ZodType> {
  const templates = catalog.templates().map(({ name }) => name)
  return Object.fromEntries(
    Object.entries(RUN_OPTIONS as Record<string, OptionRow>).map(([name, row]) => {
      const schema = schemaOf(row)
      if (name !== 'template') return [name, schema.optional().describe(row.description)]
      return [name, schema.describe(`${row.description}: ${templates.join(', ')}`)]
    }),
  )
}

function schemaOf({ kind, min, max, length, choices }: OptionRow): z.ZodType {
  if (kind === 'choice' && choices) return z.enum(choices)
  if (kind === 'whole' || kind === 'number') {
    const number = kind === 'whole' ? z.number().int() : z.number()
    return number.min(min ?? Number.MIN_SAFE_INTEGER).max(max ?? Number.MAX_SAFE_INTEGER)
  }
  const text = z.string().max(length ?? 1000)
  if (kind === 'names') return z.union([text, z.array(z.string())])
  if (kind === 'vars') return z.union([text, z.record(z.string(), z.string())])
  return text
}

/** Where a person would be asked before a dear run, a program says up to which amount it agrees. */
export const agreement = {
  accept_cost: z
    .number()
    .min(0)
    .optional()
    .describe(
      'USD that this run may cost. Leave it out at first: a start whose estimate is high is refused with the estimate. Give that amount only when the person you work for has agreed to it',
    ),
}

/** Starts a run under the rules of the server in which it opens. Throws UserError before anything is spent. */
export async function startRun(parts: ServeParts, asked: Record<string, unknown>, person: Person) {
  const { catalog, models, steering, store } = parts
  const { accept_cost, ...options } = asked
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const channel = typeof given.channel === 'string' ? given.channel : null
  const place = await parts.place(channel, person)
  const spec = catalog.resolveRun(given)
  // Without a server there are no settings.
  const settings = await store.settings(place.guild_id ?? '')
  requireModels(modelsOf(spec), settings, { models })
  const wanted = typeof given.max_cost === 'number' ? given.max_cost : templateCost(parts, spec.template)
  const whole = { ...spec, max_cost: costLimit(spec, wanted, settings) }
  const spender = { guild_id: place.guild_id, starter_id: person.id, starter_name: person.name, spec: whole }
  const refusal = await parts.purse.refusal(spender)
  if (refusal !== null) throw new UserError(refusal)
  requireAgreement(whole, settings.ask_above ?? ASK_ABOVE, typeof accept_cost === 'number' ? accept_cost : 0)
  return { run: await steering.start(whole, place), notes: catalog.startNotes(spec) }
}

/** Rule 10: above an amount the start of a run asks first. */
function requireAgreement(spec: RunSpec, above: number, accepted: number): void {
  const estimate = estimateRun(spec)
  const { high } = estimate
  if (high <= above || high <= accepted) return
  throw new UserError(
    `This run may cost ${range(estimate)}, more than ${money(above)}, so nothing was started. Ask the person you work for; if they agree, call start_run again with accept_cost: ${Math.ceil(high * 100) / 100}. Or give it a smaller max_turns or max_cost.`,
  )
}

function templateCost({ catalog }: ServeParts, template: string): number | undefined {
  return catalog.templates().find(({ name }) => name === template)?.defaults.max_cost
}
