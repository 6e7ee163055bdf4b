import type { Press, Slash, SlashCommand } from '../../src/discord/command.ts'
import { linkOf } from '../../src/discord/describe.ts'
import { LIVE, runChoices, runOption } from '../../src/discord/find-run.ts'
import type { Room } from '../../src/discord/room.ts'
import { refuseHindered, steer } from '../../src/discord/steer.ts'

export default {
  data: { name: 'step', description: 'Let a run take one turn, then pause', options: [runOption] },
  execute: (interaction, room) => step(interaction, room),
  autocomplete: (interaction, room) => runChoices(interaction, room, LIVE),
  components: { step: (press, [id], room) => step(press, room, id) },
} satisfies SlashCommand

const step = (interaction: Slash | Press, room: Room, id?: string) =>
  steer(
    interaction,
    room,
    'step',
    async (run) => {
      await refuseHindered(run, room)
      await room.steering.step(run.id)
      return `${linkOf(run)} takes one turn, then pauses.`
    },
    id,
  )
