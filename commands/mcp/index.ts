import type { CommandFolder } from '../../src/discord/command.ts'

export default { description: 'MCP servers and their tools' } satisfies CommandFolder
