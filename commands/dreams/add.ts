import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../../src/core/errors.ts'
import { option } from '../../src/discord/batch-options.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { requireStarter } from '../../src/discord/permissions.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import { isDay, parseDreams } from '../../src/dreams/file.ts'

const { String: TEXT } = ApplicationCommandOptionType

export default {
  data: {
    name: 'add',
    description: 'Keep a dream',
    options: [
      { ...option(TEXT, 'text', 'The dream'), required: true },
      option(TEXT, 'source', 'Whose it is; mine by default'),
      option(TEXT, 'date', 'When it was dreamed, as 2026-03-09; today by default'),
      option(TEXT, 'id', 'Its id; made from the text by default. One that is there already is replaced'),
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    requireStarter(interaction.member, await room.store.settings(interaction.guildId))
    const { options } = interaction
    const content = options.getString('text', true)
    if (content.trim() === '') throw new UserError('text: there is nothing in that dream.')
    const date = options.getString('date') ?? new Date().toISOString().slice(0, 10)
    if (!isDay(date)) throw new UserError(`date: "${date}" should be a day like 2026-03-09.`)
    const row = { content, date, source: options.getString('source') ?? 'mine', id: options.getString('id') ?? '' }
    const { dreams } = parseDreams('the dream', Buffer.from(JSON.stringify(row)))
    const { added, changed } = await room.dreams.main.put(dreams)
    const what = added > 0 ? 'Kept' : changed > 0 ? 'Replaced' : 'It was there already'
    const id = dreams[0]?.id ?? ''
    await tellPrivately(
      interaction,
      `${what}, as \`${id}\` in ${room.dreams.main.name}. \`/dreamsim3 ids:${id}\` runs it.`,
    )
  },
} satisfies SlashCommand
