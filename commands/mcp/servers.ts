import { plural } from '../../src/core/figures.ts'
import type { ServerState } from '../../src/core/mcp.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines, plain } from '../../src/discord/describe.ts'
import { requireManager } from '../../src/discord/permissions.ts'
import { tellPrivately } from '../../src/discord/replies.ts'

const MARKS: Record<ServerState['state'], string> = { idle: '⚪', connecting: '🟡', connected: '🟢', waiting: '🔴' }

export default {
  data: { name: 'servers', description: 'The MCP servers of this bot and how they are' },
  async execute(interaction, room) {
    requireManager(interaction.member, 'see its MCP servers')
    const lines = [...room.mcp.state().map(line), ...room.mcp.problems().map((problem) => `⚠️ ${plain(problem)}`)]
    await tellPrivately(
      interaction,
      lines.length === 0
        ? 'There are no MCP servers: describe some in `mcp.config.json`.'
        : ofLines(lines, (left) => `… and ${left} more in \`mcp.config.json\`.`),
    )
  },
} satisfies SlashCommand

function line({ name, type, state, trouble, tools, since }: ServerState): string {
  const about = [
    state === 'idle' ? 'not needed yet' : state,
    ...(tools === null ? [] : [plural(tools, 'tool')]),
    ...(state === 'connected' && since !== null ? [`since <t:${Math.floor(since / 1000)}:R>`] : []),
  ]
  return `${MARKS[state]} **${plain(name)}** (${type}) · ${about.join(' · ')}${trouble === null ? '' : `\n-# ${plain(trouble)}`}`
}
