import { parseRunOptions } from '../../src/config/options.ts'
import { UserError } from '../../src/core/errors.ts'
import type { RunSpec } from '../../src/core/run.ts'
import type { GuildSettings } from '../../src/core/store.ts'
import type { Slash, SlashCommand } from '../../src/discord/command.ts'
import { costLimit, launch, modelsOf, requireModels } from '../../src/discord/launch.ts'
import { personOf } from '../../src/discord/people.ts'
import { requireStarter } from '../../src/discord/permissions.ts'
import { placeFor, requireForMedia } from '../../src/discord/place.ts'
import { deferPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'
import { completeOption, givenOptions, startOptions, untangle } from '../../src/discord/start-options.ts'
import { requireKnownOptions } from '../../src/discord/unknown-options.ts'

export default {
  data: { name: 'start', description: 'Open a thread in which language models converse', options: startOptions() },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const settings = await room.store.settings(interaction.guildId)
    requireStarter(interaction.member, settings)
    const channel = interaction.options.getChannel('channel')?.id ?? settings.default_channel
    const place = await placeFor(interaction, channel)
    const spec = chosenSpec(interaction, room, settings)
    requireModels(modelsOf(spec), settings, room)
    requireForMedia(place, spec)
    const notes = room.catalog.startNotes(spec)
    const at = { guild_id: interaction.guildId, channel_id: place.id, person: personOf(interaction.member) }
    await launch(interaction, room, { spec, settings, begin: () => room.steering.start(spec, at), notes })
  },
  autocomplete: completeOption,
} satisfies SlashCommand

function chosenSpec(interaction: Slash, room: Room, settings: GuildSettings): RunSpec {
  const templates = new Map(room.catalog.templates().map((template) => [template.name, template]))
  const typed = givenOptions(interaction)
  requireKnownOptions(typed)
  const given = untangle(typed, (name) => templates.has(name))
  if (given.template === undefined)
    throw new UserError('Choose a template with `template:`; `/backrooms templates` shows what there is.')
  const options = parseRunOptions(given)
  const spec = room.catalog.resolveRun(options)
  const asked = options.max_cost ?? templates.get(spec.template)?.defaults.max_cost
  return { ...spec, max_cost: costLimit(spec, asked, settings) }
}
