import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines } from '../../src/discord/describe.ts'
import { tellPrivately } from '../../src/discord/replies.ts'

export default {
  data: { name: 'templates', description: 'The templates a run can have' },
  async execute(interaction, room) {
    const lines = room.catalog
      .templates()
      .map(({ name, description, agents, error }) =>
        error === null ? `**${name}** (${agents}) · ${description}` : `**${name}** cannot be used: ${error}`,
      )
    await tellPrivately(
      interaction,
      ofLines(lines, (left) => `… and ${left} more, which \`template:\` completes.`),
    )
  },
} satisfies SlashCommand
