import type { Press, Slash, SlashCommand } from '../../src/discord/command.ts'
import { linkOf } from '../../src/discord/describe.ts'
import { LIVE, runChoices, runOption } from '../../src/discord/find-run.ts'
import type { Room } from '../../src/discord/room.ts'
import { steer } from '../../src/discord/steer.ts'

export default {
  data: { name: 'pause', description: 'Let a run rest after the turn under way', options: [runOption] },
  execute: (interaction, room) => pause(interaction, room),
  autocomplete: (interaction, room) => runChoices(interaction, room, LIVE),
  components: { pause: (press, [id], room) => pause(press, room, id) },
} satisfies SlashCommand

const pause = (interaction: Slash | Press, room: Room, id?: string) =>
  steer(
    interaction,
    room,
    'pause',
    async (run) => {
      await room.steering.pause(run.id, `Paused by ${interaction.member.displayName}.`)
      return `${linkOf(run)} rests after the turn under way; \`/backrooms resume\` lets it go on.`
    },
    id,
  )
