import type { CommandFolder } from '../../src/discord/command.ts'

export default { description: 'Conversations between language models', first: 'start' } satisfies CommandFolder
