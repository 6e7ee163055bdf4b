import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { type ArchiveRow, snippetOf } from '../../src/core/archive.ts'
import { UserError } from '../../src/core/errors.ts'
import { plural } from '../../src/core/figures.ts'
import {
  archivedFacts,
  archivedLink,
  archivedName,
  completeFilter,
  filterOptions,
  givenFilter,
} from '../../src/discord/archive-options.ts'
import { option } from '../../src/discord/batch-options.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'

const PAGE = 5

export default {
  data: {
    name: 'search',
    description: 'Find runs that have ended, by words and filters',
    options: [...filterOptions, option(ApplicationCommandOptionType.Integer, 'page', `${PAGE} are shown at a time`)],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const filter = givenFilter(interaction)
    const page = Math.max(1, interaction.options.getInteger('page') ?? 1)
    const { rows, total } = await room.store.searchArchive({ ...filter, limit: PAGE, offset: (page - 1) * PAGE })
    if (total === 0) throw new UserError(await whyNone(filter, room))
    const pages = Math.ceil(total / PAGE)
    if (rows.length === 0) throw new UserError(`There are only ${plural(pages, 'page')}.`)
    const found = await Promise.all(rows.map((row) => entry(row, filter.query, room)))
    const head = `${plural(total, 'run')}${pages > 1 ? `, page ${page} of ${pages}` : ''}:`
    await tellPrivately(interaction, [head, ...found].join('\n').slice(0, 2000))
  },
  autocomplete: completeFilter,
} satisfies SlashCommand

async function entry(row: ArchiveRow, query: string | undefined, room: Room): Promise<string> {
  const whole = await room.store.archived(row.log_file)
  const texts = [whole?.transcript ?? '', row.prompt, row.title]
  const snippets = texts.map((text) => snippetOf(text, query, 120))
  const snippet =
    query === undefined
      ? snippetOf(row.prompt || (whole?.transcript ?? ''), undefined, 120)
      : (snippets.find((each) => each.includes('**')) ?? '')
  return `${archivedLink(row)} · ${archivedFacts(row)} · \`${archivedName(row)}\`\n> ${snippet}`.slice(0, 390)
}

async function whyNone(filter: ReturnType<typeof givenFilter>, room: Room): Promise<string> {
  const count = async (without: Partial<typeof filter>) =>
    (await room.store.searchArchive({ ...filter, ...without, limit: 0 })).total
  const all = await count({
    query: undefined,
    model: undefined,
    template: undefined,
    since: undefined,
    until: undefined,
    exit_reason: undefined,
  })
  if (all === 0) return 'The archive is empty: runs enter it when they have ended.'
  const names = {
    query: 'query',
    model: 'model',
    template: 'template',
    since: 'since',
    until: 'until',
    exit_reason: 'end',
  } as const
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    if (filter[key] === undefined) continue
    const found = await count({ [key]: undefined })
    if (found > 0)
      return `${name}: nothing matches \`${shown(filter[key])}\` here; without it there ${found === 1 ? 'is 1 run' : `are ${found} runs`}.`
  }
  return `Nothing matches; the archive holds ${plural(all, 'run')}. Leave out some of the filters.`
}

const shown = (value: string | number | undefined): string =>
  typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : (value ?? '')
