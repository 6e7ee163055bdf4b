import type { CommandFolder } from '../../src/discord/command.ts'

export default { description: 'The dreams that runs can begin from' } satisfies CommandFolder
