import { type APIApplicationCommandBasicOption, ApplicationCommandOptionType } from 'discord-api-types/v10'
import { type OptionName, type OptionRow, RUN_OPTIONS } from '../config/options.ts'
import { choicesFor, choicesForLast } from './choices.ts'
import type { Choice, Completion, Slash } from './command.ts'
import { mediaEntries, modelEntries, profileEntries, templateEntries, toolEntries } from './entries.ts'
import { THREAD_PARENTS } from './place.ts'
import type { Room } from './room.ts'

const ROWS = Object.entries(RUN_OPTIONS) as [OptionName, OptionRow][]

/**
 * A run's options as slash options, in the table's order.
 *
 * `lm1` and `template` are needed, but only `lm1` is marked so: Discord wants required options before all others, and between the two
 * stands the optional `lm2`, so that `/backrooms start opus sonnet roleplay` can be typed where values are taken in order. A missing
 * template gets a sentence of ours instead.
 *
 * No `min_value` either: Discord's client would refuse `max_turns:0` without saying what is allowed; we say it.
 */
export const startOptions = (): APIApplicationCommandBasicOption[] => ROWS.map(([name, row]) => slashOption(name, row))

function slashOption(name: OptionName, row: OptionRow): APIApplicationCommandBasicOption {
  const base = { name, description: row.description, required: name === 'lm1' }
  if (row.kind === 'whole') return { ...base, type: ApplicationCommandOptionType.Integer }
  if (row.kind === 'number') return { ...base, type: ApplicationCommandOptionType.Number }
  if (row.kind === 'channel')
    return { ...base, type: ApplicationCommandOptionType.Channel, channel_types: [...THREAD_PARENTS] }
  const type = ApplicationCommandOptionType.String as const
  if (row.kind === 'choice')
    return { ...base, type, choices: (row.choices ?? []).map((choice) => ({ name: choice, value: choice })) }
  const limit = row.length === undefined ? {} : { max_length: row.length }
  return name in COMPLETIONS || row.kind === 'model'
    ? { ...base, type, ...limit, autocomplete: true }
    : { ...base, type, ...limit }
}

/** What was given, by option name. Channels are ids. */
export type Given = Partial<Record<OptionName, string | number>>

export function givenOptions(interaction: Slash): Given {
  const given: Given = {}
  for (const [name] of ROWS) {
    const value = interaction.options.get(name)?.value
    if (typeof value === 'string' || typeof value === 'number') given[name] = value
  }
  return given
}

export async function completeOption(interaction: Completion, room: Room): Promise<Choice[]> {
  const { name, value } = interaction.options.getFocused(true)
  const row = (RUN_OPTIONS as Record<string, OptionRow | undefined>)[name]
  if (row?.kind === 'model') return choicesFor(value, modelEntries(room, value))
  return (await COMPLETIONS[name]?.(value, room, interaction)) ?? []
}

/** The other options that are completed, and from what. */
const COMPLETIONS: Record<
  string,
  (typed: string, room: Room, interaction: Completion) => Choice[] | Promise<Choice[]>
> = {
  template: (typed, room) => choicesFor(typed, templateEntries(room)),
  profiles: (typed, room) => choicesForLast(typed, profileEntries(room)),
  media: (typed, room, { options }) => choicesForLast(typed, mediaEntries(room, options.getString('template'))),
  tools: async (typed, room) => choicesForLast(typed, await toolEntries(room, typed.split(',').at(-1)?.trim() ?? '')),
}

const LMS = ['lm1', 'lm2', 'lm3', 'lm4', 'lm5', 'lm6'] as const

/**
 * Values typed without names fill `lm1`, `lm2`, `template` whatever they are: `/backrooms start opus roleplay` and `… opus sonnet haiku
 * gallery` put the template among the models. Where exactly one of them names a template, and `template` holds none, it is that one.
 */
export function untangle(given: Given, isTemplate: (name: string) => boolean): Given {
  if (given.template !== undefined && isTemplate(String(given.template))) return given
  const misplaced = LMS.filter((lm) => given[lm] !== undefined && isTemplate(String(given[lm])))
  const [at] = misplaced
  if (at === undefined || misplaced.length > 1) return given
  const models = (['lm1', 'lm2', 'template', 'lm3', 'lm4', 'lm5', 'lm6'] as const)
    .filter((name) => name !== at)
    .map((name) => given[name])
    .filter((value) => value !== undefined)
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !LMS.includes(name as (typeof LMS)[number])))
  return { ...rest, ...Object.fromEntries(models.map((model, index) => [LMS[index], model])), template: given[at] }
}
