import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../../src/core/errors.ts'
import { archivedName } from '../../src/discord/archive-options.ts'
import { archivedMessage } from '../../src/discord/archived-message.ts'
import { option } from '../../src/discord/batch-options.ts'
import { choicesFor } from '../../src/discord/choices.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'

export default {
  data: {
    name: 'show',
    description: 'One run that has ended, with its transcript as a file',
    options: [
      { ...option(ApplicationCommandOptionType.String, 'run', 'Its id, as the search shows it', true), required: true },
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const name = interaction.options.getString('run', true).trim()
    const run = (await room.store.archivedRun(name)) ?? (await room.store.archived(name))
    if (!run || (run.guild_id !== null && run.guild_id !== interaction.guildId))
      throw new UserError(`The archive has no run \`${name}\`; \`/archive search\` shows what there is.`)
    await tellPrivately(interaction, archivedMessage(run))
  },
  async autocomplete(interaction, room) {
    const { rows } = await room.store.searchArchive({ guild_id: interaction.guildId, limit: 200 })
    const entries = rows.map((row) => ({ value: archivedName(row), label: `${row.title} · ${row.models.join(' × ')}` }))
    return choicesFor(interaction.options.getFocused(), entries)
  },
} satisfies SlashCommand
