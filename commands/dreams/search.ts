import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { snippetOf } from '../../src/core/archive.ts'
import { dreamQuery } from '../../src/core/dreams.ts'
import { count } from '../../src/core/figures.ts'
import { option } from '../../src/discord/batch-options.ts'
import { choicesFor } from '../../src/discord/choices.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { plain } from '../../src/discord/describe.ts'
import { dreamHead } from '../../src/discord/dreams.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import { findSome } from '../../src/dreams/explain.ts'

const { String: TEXT } = ApplicationCommandOptionType
const SHOWN = 10
const MOST = 1000

export default {
  data: {
    name: 'search',
    description: 'Find dreams by words in them',
    options: [
      option(TEXT, 'query', 'Words that must all occur, at least as parts of words; none: the newest dreams'),
      option(TEXT, 'source', 'Whose dreams: all (default), mine, rsos, any other', true),
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const query = interaction.options.getString('query') ?? undefined
    const source = interaction.options.getString('source') ?? 'all'
    const { dreams } = await findSome(room.dreams.main, dreamQuery({ query, source, limit: MOST }))
    const lines = dreams
      .slice(0, SHOWN)
      .map((dream) => `${dreamHead(dream)} ${snippetOf(dream.content, query, 120)}`.slice(0, 300))
    const many =
      dreams.length === MOST
        ? `${count(MOST)} or more dreams`
        : `${count(dreams.length)} ${dreams.length === 1 ? 'dream' : 'dreams'}`
    const head = `${many}${query ? ` with \`${plain(query)}\`` : ''}${dreams.length > SHOWN ? `, the newest ${SHOWN}` : ''}:`
    const next = query
      ? `\`/dreamsim3 query:${query}${source === 'mine' ? '' : ` source:${source}`}\` runs a conversation for each.`
      : ''
    await tellPrivately(interaction, fitted([head, ...lines], next))
  },
  autocomplete: async (interaction) =>
    choicesFor(interaction.options.getFocused(), [{ value: 'all' }, { value: 'mine' }, { value: 'rsos' }]),
} satisfies SlashCommand

/** As many lines as a message holds, and what comes after them. */
function fitted(lines: string[], last: string): string {
  let text = ''
  for (const line of lines) {
    if (text.length + line.length + last.length > 1950) break
    text += `${line}\n`
  }
  return `${text}${last}`
}
