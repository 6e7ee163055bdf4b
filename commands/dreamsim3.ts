import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../src/core/errors.ts'
import { questionButtons } from '../src/discord/asking.ts'
import { batchButtons } from '../src/discord/batch-buttons.ts'
import {
  batchFrom,
  batchOptions,
  choiceOption,
  completeBatchOption,
  givenBatchOptions,
  modelsOption,
  option,
  pairsOption,
} from '../src/discord/batch-options.ts'
import { startBatch } from '../src/discord/batch-start.ts'
import { choicesFor } from '../src/discord/choices.ts'
import type { SlashCommand } from '../src/discord/command.ts'
import { deferPrivately } from '../src/discord/replies.ts'
import type { Room } from '../src/discord/room.ts'

const { String: TEXT, Integer: WHOLE, Boolean: FLAG } = ApplicationCommandOptionType

export default {
  data: {
    name: 'dreamsim3',
    description: 'One conversation for each dream that matches, as one batch',
    options: [
      option(TEXT, 'query', 'Words that must all occur in the dream, at least as parts of words; none: every dream'),
      option(TEXT, 'source', 'Whose dreams: mine (default), rsos, any other, or all', true),
      option(WHOLE, 'limit', 'At most so many dreams, the newest; 200 by default'),
      modelsOption,
      pairsOption,
      choiceOption('mixed', 'Pairs made of the models: all there are, or drawn at random for each dream', [
        'all',
        'random',
      ]),
      option(WHOLE, 'runs_per_item', 'How often each dream is run with each pair; 1 by default'),
      option(WHOLE, 'max_items', 'Take so many of the dreams found, after shuffling'),
      option(FLAG, 'shuffle', 'Shuffle the dreams; by default when there is a query'),
      option(TEXT, 'ids', 'These dreams and no others, commas between'),
      ...batchOptions,
    ],
  },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const given = givenBatchOptions(interaction)
    // In a config max_items 0 means all of them, and here runs_per_item is gone before anyone checks it.
    for (const name of ['runs_per_item', 'max_items'])
      if (Number(given[name]) < 1)
        throw new UserError(`/dreamsim3: ${name} must be a whole number from 1, not ${given[name]}.`)
    const config = batchFrom(await rawConfig(given, interaction.guildId, room), 'dreamsim3', room)
    const name = given.query === undefined ? 'dreamsim3' : `dreamsim3: ${given.query}`
    await startBatch(
      interaction,
      room,
      { ...config, name },
      {
        dryRun: interaction.options.getBoolean('dry_run') ?? false,
        channel: interaction.options.getChannel('channel')?.id ?? null,
      },
    )
  },
  async autocomplete(interaction, room) {
    const { name, value } = interaction.options.getFocused(true)
    if (name !== 'source') return completeBatchOption(interaction, room)
    return choicesFor(value, [{ value: 'mine' }, { value: 'rsos' }, { value: 'all' }])
  },
  components: { ...batchButtons, ...questionButtons },
} satisfies SlashCommand

async function rawConfig(given: ReturnType<typeof givenBatchOptions>, guildId: string, room: Room) {
  const { query, source, limit, ids, models, pairs, mixed, runs_per_item: often, ...rest } = given
  const repeat = mixed === undefined && typeof often === 'number' && often > 1 ? often : 1
  const list = (value: unknown) => (typeof value === 'string' ? Array<string>(repeat).fill(value).join(',') : undefined)
  const chosen = models ?? (pairs === undefined ? await defaultModel(guildId, room) : undefined)
  return {
    template: 'dreamsim3',
    ...rest,
    models: list(chosen),
    pairs: list(pairs),
    ...(mixed === undefined
      ? {}
      : { mixed: { mode: mixed, ...(often === undefined ? {} : { runs_per_item: often }) } }),
    data_source: {
      query,
      source: source ?? (ids === undefined ? undefined : 'all'),
      limit,
      ids:
        typeof ids === 'string'
          ? ids
              .split(',')
              .map((id) => id.trim())
              .filter((id) => id !== '')
          : undefined,
    },
  }
}

/** `sonnet`, or the first model that may be used in this server. */
async function defaultModel(guildId: string, room: Room): Promise<string | undefined> {
  const { models: allowed } = await room.store.settings(guildId)
  if (allowed.length > 0 && !allowed.includes('sonnet')) return allowed[0]
  const aliases = room.catalog.models().map(({ alias }) => alias)
  return aliases.includes('sonnet') ? 'sonnet' : aliases[0]
}
