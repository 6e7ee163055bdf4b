import { actorsNow } from '../../src/core/actors.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { plain } from '../../src/discord/describe.ts'
import { LIVE, runChoices, runOption } from '../../src/discord/find-run.ts'
import { actorChoices, actorNamed, actorOption, steer } from '../../src/discord/steer.ts'

export default {
  data: {
    name: 'next',
    description: 'Choose who speaks next',
    options: [actorOption('actor', 'Name or number of the actor', true), runOption],
  },
  execute: (interaction, room) =>
    steer(interaction, room, 'choose who speaks next in', async (run) => {
      const actor = actorNamed(run, interaction.options.getString('actor', true))
      await room.steering.next(run.id, actor)
      return `**${plain(actorsNow(run)[actor]?.name ?? '')}** speaks next.`
    }),
  autocomplete: (interaction, room) =>
    interaction.options.getFocused(true).name === 'run'
      ? runChoices(interaction, room, LIVE)
      : actorChoices(interaction, room),
} satisfies SlashCommand
