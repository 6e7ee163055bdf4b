import { type APIApplicationCommandBasicOption, ApplicationCommandOptionType } from 'discord-api-types/v10'
import { days } from '../archive/days.ts'
import { type ArchiveFilter, type ArchiveRow, dayOf } from '../core/archive.ts'
import { END_REASONS } from '../core/run.ts'
import { option } from './batch-options.ts'
import { choicesFor } from './choices.ts'
import type { Choice, Completion, Slash } from './command.ts'
import { plain } from './describe.ts'
import { modelEntries, templateEntries } from './entries.ts'
import type { Room } from './room.ts'

const { String: TEXT } = ApplicationCommandOptionType

export const filterOptions: APIApplicationCommandBasicOption[] = [
  option(TEXT, 'query', 'Words that must all occur in title, prompt or transcript; parts of words will do'),
  option(TEXT, 'model', 'An alias that took part', true),
  option(TEXT, 'template', 'Which template', true),
  option(TEXT, 'since', 'Begun on or after this day: 2026-03-09, 2026-03 or 2026 (UTC)'),
  option(TEXT, 'until', 'Begun on or before this day, month or year (UTC)'),
  option(TEXT, 'end', 'How it ended', true),
]

export function givenFilter({ options, guildId }: Slash): Omit<ArchiveFilter, 'limit'> {
  const text = (name: string) => options.getString(name)?.trim() || undefined
  const [since, until] = [text('since'), text('until')]
  return {
    guild_id: guildId,
    query: text('query'),
    model: text('model'),
    template: text('template'),
    exit_reason: text('end'),
    ...(since === undefined ? {} : { since: days(since, 'since').from }),
    ...(until === undefined ? {} : { until: days(until, 'until').to }),
  }
}

export async function completeFilter(interaction: Completion, room: Room): Promise<Choice[]> {
  const { name, value } = interaction.options.getFocused(true)
  if (name === 'model') return choicesFor(value, modelEntries(room))
  if (name === 'template') return choicesFor(value, templateEntries(room))
  if (name === 'end')
    return choicesFor(
      value,
      END_REASONS.map((reason) => ({ value: reason })),
    )
  return []
}

/** A link to its thread, or its title. */
export const archivedLink = (row: ArchiveRow): string =>
  row.thread_id === null ? `**${plain(row.title)}**` : `<#${row.thread_id}> **${plain(row.title)}**`

/** `roleplay` · opus × sonnet · 2026-03-09 · max_turns · `log` */
export function archivedFacts(row: ArchiveRow): string {
  return `\`${row.template}\` · ${plain(row.models.join(' × '))} · ${dayOf(row)} · \`${row.exit_reason ?? 'unknown end'}\``
}

/** How `/archive show` names it: by its run's id, else its log. */
export const archivedName = (row: ArchiveRow): string => row.run_id ?? row.log_file
