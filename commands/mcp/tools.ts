import { UserError } from '../../src/core/errors.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines } from '../../src/discord/describe.ts'
import { completeMcp, serverOption, toolLine } from '../../src/discord/mcp-options.ts'
import { requireManager } from '../../src/discord/permissions.ts'
import { deferPrivately, tellPrivately } from '../../src/discord/replies.ts'

export default {
  data: { name: 'tools', description: 'What a server can do', options: [serverOption] },
  async execute(interaction, room) {
    requireManager(interaction.member, 'see the tools of its MCP servers')
    await deferPrivately(interaction)
    const server = interaction.options.getString('server', true)
    const tools = await room.mcp.tools(server)
    if (tools.length === 0) throw new UserError(`The MCP server "${server}" has no tools.`)
    await tellPrivately(
      interaction,
      ofLines(tools.map(toolLine), (left) => `… and ${left} more, which \`/mcp call\` completes.`),
    )
  },
  autocomplete: completeMcp,
} satisfies SlashCommand
