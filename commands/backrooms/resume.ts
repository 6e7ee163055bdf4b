import type { Press, Slash, SlashCommand } from '../../src/discord/command.ts'
import { linkOf } from '../../src/discord/describe.ts'
import { LIVE, runChoices, runOption } from '../../src/discord/find-run.ts'
import type { Room } from '../../src/discord/room.ts'
import { refuseHindered, steer } from '../../src/discord/steer.ts'

export default {
  data: { name: 'resume', description: 'Let a paused run go on', options: [runOption] },
  execute: (interaction, room) => resume(interaction, room),
  autocomplete: (interaction, room) => runChoices(interaction, room, LIVE),
  components: { resume: (press, [id], room) => resume(press, room, id) },
} satisfies SlashCommand

const resume = (interaction: Slash | Press, room: Room, id?: string) =>
  steer(
    interaction,
    room,
    'resume',
    async (run) => {
      await refuseHindered(run, room)
      await room.steering.resume(run.id)
      return `${linkOf(run)} goes on.`
    },
    id,
  )
