import type { CommandFolder } from '../../src/discord/command.ts'

export default { description: 'What runs may do in this server' } satisfies CommandFolder
