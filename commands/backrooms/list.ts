import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines, runLine } from '../../src/discord/describe.ts'
import { tellPrivately } from '../../src/discord/replies.ts'

/** How many ended runs are worth showing beside those that go on. */
const ENDED = 10

export default {
  data: { name: 'list', description: "This server's runs: those going, and the last ones that ended" },
  async execute(interaction, room) {
    const live = await room.store.runs({ guild_id: interaction.guildId, status: ['going', 'paused'] })
    const ended = await room.store.runs({ guild_id: interaction.guildId, status: ['ended'], limit: ENDED })
    const lines = [...live, ...ended].map(runLine)
    if (lines.length === 0) lines.push('No run yet. `/backrooms start` begins one.')
    else if (live.length === 0) lines.unshift('No run is going. The last ones:')
    await tellPrivately(
      interaction,
      ofLines(lines, (left) => `… and ${left} more; \`/stop\` and the others find them by name.`),
    )
  },
} satisfies SlashCommand
