import { parseRunOptions } from '../../src/config/options.ts'
import { UserError } from '../../src/core/errors.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { begun, requireModels, withThread } from '../../src/discord/launch.ts'
import { personOf } from '../../src/discord/people.ts'
import { requireStarter } from '../../src/discord/permissions.ts'
import { placeFor } from '../../src/discord/place.ts'
import { deferPrivately, tellPrivately } from '../../src/discord/replies.ts'
import { completeOption, givenOptions, startOptions, untangle } from '../../src/discord/start-options.ts'

export default {
  data: { name: 'start', description: 'Open a thread in which language models converse', options: startOptions() },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    const settings = await room.store.settings(interaction.guildId)
    requireStarter(interaction.member, settings)
    const templates = new Set((await room.catalog.templates()).map(({ name }) => name))
    const given = untangle(givenOptions(interaction), (name) => templates.has(name))
    if (given.template === undefined)
      throw new UserError('Choose a template with `template:`; `/backrooms templates` shows what there is.')
    const channel = given.channel === undefined ? settings.default_channel : String(given.channel)
    const place = await placeFor(interaction, channel)
    const spec = await room.catalog.resolveRun(parseRunOptions(given))
    requireModels(
      spec.actors.map((actor) => actor.model),
      settings,
      room,
    )
    const run = await room.steering.start(spec, {
      guild_id: interaction.guildId,
      channel_id: place.id,
      person: personOf(interaction.member),
    })
    await tellPrivately(interaction, begun(await withThread(run, room)))
  },
  autocomplete: completeOption,
} satisfies SlashCommand
