import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { keepAs, requireInside, syncNotes } from '../src/archive/keeping.ts'
import { limitsOf, lineOf, priceOf, singleText } from '../src/batch/plan-line.ts'
import type { BatchConfig, SingleConfig } from '../src/config/config.ts'
import type { RunSpec } from '../src/core/run.ts'
import { shorten } from '../src/core/shorten.ts'
import { option } from '../src/discord/batch-options.ts'
import { startBatch } from '../src/discord/batch-start.ts'
import { findChannel } from '../src/discord/channels.ts'
import { choicesFor } from '../src/discord/choices.ts'
import type { Slash, SlashCommand } from '../src/discord/command.ts'
import { costLimit, launch, modelsOf, requireModels } from '../src/discord/launch.ts'
import { personOf } from '../src/discord/people.ts'
import { requireStarter } from '../src/discord/permissions.ts'
import { placeFor, requireForMedia, THREAD_PARENTS } from '../src/discord/place.ts'
import { deferPrivately, tellPrivately } from '../src/discord/replies.ts'
import type { Room } from '../src/discord/room.ts'

export default {
  data: {
    name: 'run',
    description: 'Run a file of configs/: one conversation, or a batch of them',
    options: [
      { ...option(ApplicationCommandOptionType.String, 'config', 'Its name, without .json', true), required: true },
      option(ApplicationCommandOptionType.Boolean, 'dry_run', 'Show exactly what would run, and spend nothing'),
      option(ApplicationCommandOptionType.Integer, 'seed', 'In place of the one in the file'),
      option(ApplicationCommandOptionType.Number, 'max_cost', 'USD, in place of what the file says'),
      {
        ...option(ApplicationCommandOptionType.Channel, 'channel', 'Where the threads open; here by default'),
        type: ApplicationCommandOptionType.Channel,
        channel_types: [...THREAD_PARENTS],
      },
    ],
  },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const config = room.catalog.config(interaction.options.getString('config', true))
    const dryRun = interaction.options.getBoolean('dry_run') ?? false
    const channel = interaction.options.getChannel('channel')?.id ?? null
    const seed = interaction.options.getInteger('seed')
    const maxCost = interaction.options.getNumber('max_cost')
    if (config.type === 'single') return startSingle(interaction, room, config, { dryRun, channel, seed, maxCost })
    const changed: BatchConfig = { ...config, seed: seed ?? config.seed, max_cost: maxCost ?? config.max_cost }
    await startBatch(interaction, room, changed, { dryRun, channel })
  },
  async autocomplete(interaction, room) {
    const entries = room.catalog
      .configs()
      .filter(({ error }) => error === null)
      .map(({ name, type, description }) => ({ value: name, label: `${name} · ${type} · ${description}` }))
    return choicesFor(interaction.options.getFocused(), entries)
  },
} satisfies SlashCommand

interface Wishes {
  dryRun: boolean
  channel: string | null
  seed: number | null
  maxCost: number | null
}

async function startSingle(interaction: Slash, room: Room, config: SingleConfig, wishes: Wishes): Promise<void> {
  const settings = await room.store.settings(interaction.guildId)
  requireStarter(interaction.member, settings)
  const named = config.options.channel
  const there = named === undefined ? null : await findChannel(interaction.client, interaction.guildId, named)
  const place = await placeFor(interaction, wishes.channel ?? there ?? settings.default_channel)
  const options = {
    ...config.options,
    ...(wishes.seed === null ? {} : { seed: wishes.seed }),
    ...(wishes.maxCost === null ? {} : { max_cost: wishes.maxCost }),
  }
  requireInside(room.catalog.files.root, config.file, config.meta_jsonl)
  const made = room.catalog.resolveRun(options, config.context)
  const notes = [
    ...config.warnings,
    ...syncNotes(config.auto_sync, config.file, room.dreams),
    ...room.catalog.startNotes(made),
  ]
  const spec = { ...made, max_cost: costLimit(made, options.max_cost, settings) }
  requireModels(modelsOf(spec), settings, room)
  requireForMedia(place, spec)
  if (wishes.dryRun) {
    return tellPrivately(interaction, dryRun(config.name, spec, { place: `${place}`, notes }))
  }
  const at = { guild_id: interaction.guildId, channel_id: place.id, person: personOf(interaction.member) }
  const begin = async () => {
    const run = await room.steering.start(spec, at)
    await keepAs(run.id, config, room.store)
    return run
  }
  await launch(interaction, room, { spec, settings, begin, notes })
}

/** What it would be, in short; and all of it, every variable whole, as a file. */
function dryRun(name: string, spec: RunSpec, { place, notes }: { place: string; notes: string[] }) {
  const line = lineOf(spec)
  const watchers = [
    ...(line.profiles.length === 0 ? [] : [`narrators: ${line.profiles.join(', ')}`]),
    ...(line.media.length === 0 ? [] : [`media: ${line.media.join(', ')}`]),
  ]
  const lines = [
    'This would run, and nothing was spent:',
    `**${spec.title}** \`${spec.template}\` · ${spec.actors.map((actor) => actor.name).join(', ')} · ${limitsOf(spec)} · in ${place}`,
    [`estimate: ${priceOf(line)}`, ...watchers, `seed ${line.seed}`].join(' · '),
    ...notes,
    ...Object.entries(spec.vars).map(([variable, value]) => `${variable}: ${shorten(value, 200)}`),
  ]
  return {
    content: shorten(lines.join('\n'), 1990),
    files: [
      { attachment: Buffer.from(`${singleText(spec)}\n`), name: `${name.replaceAll(/[^\w.-]+/g, '_')}_plan.txt` },
    ],
  }
}
