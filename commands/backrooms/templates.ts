import type { TemplateListing } from '../../src/config/catalog.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines, plain } from '../../src/discord/describe.ts'
import { tellPrivately } from '../../src/discord/replies.ts'

export default {
  data: { name: 'templates', description: 'The templates a run can have' },
  async execute(interaction, room) {
    const lines = [
      ...room.catalog.templates().map(lineOf),
      ...room.catalog.strayTemplates().map((name) => `❌ **${plain(name)}** is no template: it has no template.json.`),
    ]
    await tellPrivately(
      interaction,
      ofLines(lines, (left) => `… and ${left} more, which \`template:\` completes.`),
    )
  },
} satisfies SlashCommand

function lineOf({ name, description, agents, error, warnings }: TemplateListing): string {
  if (error !== null) return `❌ **${plain(name)}** cannot be used: ${error}`
  const marks = warnings.map((warning) => `\n-# ⚠️ ${warning}`)
  return `**${plain(name)}** (${agents}) · ${description}${marks.join('')}`
}
