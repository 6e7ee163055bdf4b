import type { SlashCommand } from '../../src/discord/command.ts'
import { requireManager } from '../../src/discord/permissions.ts'
import { tellPrivately } from '../../src/discord/replies.ts'
import { settingsLines } from '../../src/discord/settings.ts'

export default {
  data: { name: 'show', description: "This server's settings" },
  async execute(interaction, room) {
    requireManager(interaction.member, 'see its settings')
    await tellPrivately(interaction, settingsLines(await room.store.settings(interaction.guildId)))
  },
} satisfies SlashCommand
