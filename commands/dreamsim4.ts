import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../src/core/errors.ts'
import {
  batchFrom,
  batchOptions,
  completeBatchOption,
  givenBatchOptions,
  modelsOption,
  option,
  pairsOption,
} from '../src/discord/batch-options.ts'
import { startBatch } from '../src/discord/batch-start.ts'
import type { SlashCommand } from '../src/discord/command.ts'
import { deferPrivately } from '../src/discord/replies.ts'

export default {
  data: {
    name: 'dreamsim4',
    description: 'A sequence of conversations without a dream to begin with, as one batch',
    options: [
      modelsOption,
      option(ApplicationCommandOptionType.Integer, 'runs', 'How many runs, cycling through the models; 30 by default'),
      pairsOption,
      ...batchOptions,
    ],
  },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const { runs, ...given } = givenBatchOptions(interaction)
    if (given.models === undefined && given.pairs === undefined)
      throw new UserError('Name `models:` (each converses with itself, in turn, `runs:` times) or `pairs:`.')
    if (given.pairs !== undefined && runs !== undefined)
      throw new UserError(
        '`runs:` goes with `models:`; each of `pairs:` is one run, so name a pair as often as you want it.',
      )
    const raw = {
      template: 'dreamsim4',
      ...given,
      data_source: { kind: 'none' },
      ...(runs === undefined ? {} : { sequence: { runs } }),
    }
    await startBatch(interaction, room, batchFrom(raw, 'dreamsim4', room), {
      dryRun: interaction.options.getBoolean('dry_run') ?? false,
      channel: interaction.options.getChannel('channel')?.id ?? null,
    })
  },
  autocomplete: completeBatchOption,
} satisfies SlashCommand
