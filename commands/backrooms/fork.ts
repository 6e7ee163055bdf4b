import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { parseRunOptions } from '../../src/config/options.ts'
import { UserError } from '../../src/core/errors.ts'
import { choicesForLast } from '../../src/discord/choices.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { modelEntries } from '../../src/discord/entries.ts'
import { findRun, runChoices, runOfButton, runOption } from '../../src/discord/find-run.ts'
import { forkRun } from '../../src/discord/fork.ts'
import { deferPrivately } from '../../src/discord/replies.ts'

export default {
  data: {
    name: 'fork',
    description: 'Start a new run from any turn of this one',
    options: [
      {
        type: ApplicationCommandOptionType.Integer,
        name: 'from',
        description: 'The last turn it keeps, counted from 1; default: all of them',
        min_value: 1,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'models',
        description: 'Other models in place of its actors, in order, commas between; default: the same',
        autocomplete: true,
      },
      {
        type: ApplicationCommandOptionType.Integer,
        name: 'max_turns',
        description: 'Ends after this many rounds, those it keeps among them',
      },
      {
        type: ApplicationCommandOptionType.Number,
        name: 'max_cost',
        description: 'What the new run may cost, in USD; default: as the first',
      },
      runOption,
    ],
  },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const run = await findRun(interaction, room, ['going', 'paused', 'ended'])
    const from = interaction.options.getInteger('from')
    const models = namesIn(interaction.options.getString('models') ?? '').map((ref) => room.catalog.model(ref))
    if (models.length > run.spec.actors.length)
      throw new UserError(`That run has ${run.spec.actors.length} actors, but ${models.length} models are named.`)
    const { max_turns, max_cost } = parseRunOptions({
      max_turns: interaction.options.getInteger('max_turns'),
      max_cost: interaction.options.getNumber('max_cost'),
    })
    await forkRun(interaction, run, room, {
      // People count turns from 1.
      ...(from === null ? {} : { from: from - 1 }),
      models,
      limits: { ...(max_turns === undefined ? {} : { max_turns }), ...(max_cost === undefined ? {} : { max_cost }) },
    })
  },
  async autocomplete(interaction, room) {
    const { name, value } = interaction.options.getFocused(true)
    return name === 'models' ? choicesForLast(value, modelEntries(room, value), true) : runChoices(interaction, room)
  },
  components: {
    /** A button below an end notice or on the panel. */
    async fork(press, [id], room) {
      await deferPrivately(press)
      await forkRun(press, await runOfButton(press, id, room), room)
    },
  },
} satisfies SlashCommand

const namesIn = (typed: string): string[] =>
  typed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
