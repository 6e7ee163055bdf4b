import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { whyNoneArchived } from '../../src/archive/explain.ts'
import { type ArchiveRow, snippetOf } from '../../src/core/archive.ts'
import { UserError } from '../../src/core/errors.ts'
import { plural } from '../../src/core/figures.ts'
import { talkOf } from '../../src/core/log-talk.ts'
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
    if (total === 0) throw new UserError(await whyNoneArchived(filter, room.store))
    const pages = Math.ceil(total / PAGE)
    if (rows.length === 0)
      throw new UserError(pages === 1 ? 'There is only one page.' : `There are only ${plural(pages, 'page')}.`)
    const found = await Promise.all(rows.map((row) => entry(row, filter.query, room)))
    const head = `${plural(total, 'run')}${pages > 1 ? `, page ${page} of ${pages}` : ''}:`
    await tellPrivately(interaction, [head, ...found].join('\n').slice(0, 2000))
  },
  autocomplete: completeFilter,
} satisfies SlashCommand

async function entry(row: ArchiveRow, query: string | undefined, room: Room): Promise<string> {
  const whole = await room.store.archived(row.log_file)
  const talk = whole ? talkOf(whole) : ''
  const texts = [talk, row.prompt, row.title]
  const snippets = texts.map((text) => snippetOf(text, query, 120))
  const snippet =
    query === undefined
      ? snippetOf(row.prompt || talk, undefined, 120)
      : (snippets.find((each) => each.includes('**')) ?? '')
  return `${archivedLink(row)} · ${archivedFacts(row)} · \`${archivedName(row)}\`\n> ${snippet}`.slice(0, 390)
}
