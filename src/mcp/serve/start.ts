import { z } from 'zod'
import { type OptionRow, RUN_OPTIONS } from '../../config/options.ts'
import type { Person } from '../../core/steering.ts'
import { costLimit, modelsOf, requireModels } from '../../discord/launch.ts'
import type { ServeParts } from './parts.ts'

/** Every option of a run under its one name, for programs. */
export const startShape = Object.fromEntries(
  Object.entries(RUN_OPTIONS as Record<string, OptionRow>).map(([name, row]) => {
    const schema = schemaOf(row)
    return [name, (name === 'template' ? schema : schema.optional()).describe(row.description)]
  }),
)

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

/** Starts a run under the rules of the server in which it opens. Throws UserError before anything is spent. */
export async function startRun(parts: ServeParts, options: Record<string, unknown>, person: Person) {
  const { catalog, models, steering, store } = parts
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const channel = typeof given.channel === 'string' ? given.channel : null
  const place = await parts.place(channel, person)
  const spec = catalog.resolveRun(given)
  // Without a server there are no settings.
  const settings = await store.settings(place.guild_id ?? '')
  requireModels(modelsOf(spec), settings, { models })
  const asked = typeof given.max_cost === 'number' ? given.max_cost : undefined
  return steering.start(
    { ...spec, max_cost: costLimit(spec, asked ?? templateCost(parts, spec.template), settings) },
    place,
  )
}

function templateCost({ catalog }: ServeParts, template: string): number | undefined {
  return catalog.templates().find(({ name }) => name === template)?.defaults.max_cost
}
