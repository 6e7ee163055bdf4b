import type { CommandFolder } from '../../src/discord/command.ts'

export default { description: 'Runs that have ended: search and read them' } satisfies CommandFolder
