import { ButtonStyle, ComponentType } from 'discord-api-types/v10'
import { plural } from '../../src/core/figures.ts'
import type { Run } from '../../src/core/run.ts'
import { titleOf } from '../../src/core/title.ts'
import type { Press, SlashCommand } from '../../src/discord/command.ts'
import { linkOf, plain } from '../../src/discord/describe.ts'
import { findRun, runChoices, runOfButton, runOption } from '../../src/discord/find-run.ts'
import { requireSteerer } from '../../src/discord/permissions.ts'
import { deferPrivately, tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'

export default {
  data: {
    name: 'delete',
    description: 'Remove a run with its thread, log and archive row, for good',
    options: [runOption],
  },
  async execute(interaction, room) {
    const run = await findRun(interaction, room, ['going', 'paused', 'ended'])
    requireSteerer(interaction.member, run, 'delete')
    await tellPrivately(interaction, {
      content: `Delete ${linkOf(run)} with its thread, its log, its archive row and ${turnsOf(run)}?`,
      components: [buttons(button(`delete:${run.id}`, 'Delete', ButtonStyle.Danger))],
    })
  },
  autocomplete: (interaction, room) => runChoices(interaction, room),
  components: {
    async delete(press, [id], room) {
      const run = await mine(press, id, room)
      await tellPrivately(press, {
        content: `Really? Nothing of ${linkOf(run)} can be brought back.`,
        components: [buttons(button(`delete-really:${run.id}`, 'Yes, delete it for good', ButtonStyle.Danger))],
      })
    },
    async 'delete-really'(press, [id], room) {
      const run = await mine(press, id, room)
      const title = `**${plain(titleOf(run))}**`
      // In the run's own thread there would be no place left to say it afterwards.
      const isHere = press.channelId === run.thread_id
      if (isHere) await tellPrivately(press, `${title} goes, and this thread with it.`)
      else await deferPrivately(press)
      await room.remove(run)
      if (!isHere) await tellPrivately(press, `${title} is deleted.`)
    },
    async 'delete-not'(press) {
      await tellPrivately(press, 'It stays.')
    },
  },
} satisfies SlashCommand

const turnsOf = ({ next_index: turns }: Run): string =>
  turns < 2 ? `the ${turns === 1 ? 'one turn' : 'turns'} it has` : `all its ${plural(turns, 'turn')}`

async function mine(press: Press, id: string | undefined, room: Room): Promise<Run> {
  const run = await runOfButton(press, id, room)
  requireSteerer(press.member, run, 'delete')
  return run
}

const button = (custom_id: string, label: string, style: ButtonStyle.Danger | ButtonStyle.Secondary) => ({
  type: ComponentType.Button as const,
  custom_id,
  label,
  style,
})

const buttons = (danger: ReturnType<typeof button>) => ({
  type: ComponentType.ActionRow as const,
  components: [danger, button('delete-not', 'Keep it', ButtonStyle.Secondary)],
})
