import { whyNoneArchived } from '../../src/archive/explain.ts'
import { UserError } from '../../src/core/errors.ts'
import { completeFilter, filterOptions, givenFilter } from '../../src/discord/archive-options.ts'
import { archivedMessage } from '../../src/discord/archived-message.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'

export default {
  data: {
    name: 'random',
    description: 'Any run that has ended, perhaps among those that match',
    options: filterOptions,
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const filter = givenFilter(interaction)
    const row = await room.store.randomArchived(filter)
    const run = row && (await room.store.archived(row.log_file))
    if (!run) throw new UserError(await whyNoneArchived(filter, room.store))
    await tellPrivately(interaction, archivedMessage(run))
  },
  autocomplete: completeFilter,
} satisfies SlashCommand
