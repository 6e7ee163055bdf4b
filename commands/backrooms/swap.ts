import { actorsNow } from '../../src/core/actors.ts'
import { choicesFor } from '../../src/discord/choices.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { plain } from '../../src/discord/describe.ts'
import { modelEntries } from '../../src/discord/entries.ts'
import { LIVE, runChoices, runOption } from '../../src/discord/find-run.ts'
import { requireModels } from '../../src/discord/launch.ts'
import { actorChoices, actorNamed, actorOption, steer } from '../../src/discord/steer.ts'

export default {
  data: {
    name: 'swap',
    description: "Put another model in an actor's place",
    options: [
      actorOption('actor', 'Name or number of the actor that leaves', true),
      actorOption('model', 'Alias or provider:model of the one that takes its place', true),
      runOption,
    ],
  },
  execute: (interaction, room) =>
    steer(interaction, room, 'swap the models of', async (run) => {
      const actor = actorNamed(run, interaction.options.getString('actor', true))
      const model = room.catalog.model(interaction.options.getString('model', true))
      requireModels([model], await room.store.settings(interaction.guildId), room)
      const swapped = await room.steering.swap(run.id, actor, model)
      return `**${plain(actorsNow(swapped)[actor]?.name ?? '')}** takes the place of **${plain(actorsNow(run)[actor]?.name ?? '')}**.`
    }),
  async autocomplete(interaction, room) {
    const { name, value } = interaction.options.getFocused(true)
    if (name === 'run') return runChoices(interaction, room, LIVE)
    return name === 'model' ? choicesFor(value, modelEntries(room, value)) : actorChoices(interaction, room)
  },
} satisfies SlashCommand
