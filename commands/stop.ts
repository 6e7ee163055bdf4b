import { ApplicationCommandOptionType, ComponentType } from 'discord-api-types/v10'
import { UserError } from '../src/core/errors.ts'
import type { Run } from '../src/core/run.ts'
import type { Press, Slash, SlashCommand } from '../src/discord/command.ts'
import { linkOf } from '../src/discord/describe.ts'
import {
  isLive,
  LIVE,
  noRun,
  runChoices,
  runLabel,
  runNamed,
  runOfButton,
  runOption,
  runsHere,
} from '../src/discord/find-run.ts'
import { personOf } from '../src/discord/people.ts'
import { maySteer, requireManager, requireSteerer } from '../src/discord/permissions.ts'
import { deferSoon, tellPrivately } from '../src/discord/replies.ts'
import type { Room } from '../src/discord/room.ts'

export default {
  data: {
    name: 'stop',
    description: 'Say ^C^C: end a run now',
    options: [
      runOption,
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'all',
        description: 'All runs of this server (for those who may manage it)',
      },
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    // `/stop all` typed in order fills `run`.
    const isAll = interaction.options.getBoolean('all') ?? interaction.options.getString('run')?.trim() === 'all'
    if (isAll) await stopAll(interaction, room)
    else await stopOne(interaction, room)
  },
  autocomplete: (interaction, room) => runChoices(interaction, room, LIVE, (run) => maySteer(interaction.member, run)),
  components: {
    /** The panel's button, and the select below. */
    async stop(press, [id], room) {
      deferSoon(press)
      const run = await runOfButton(press, press.isStringSelectMenu() ? press.values[0] : id, room)
      await tellPrivately(press, await stop(press, run, room))
    },
  },
} satisfies SlashCommand

async function stopOne(interaction: Slash, room: Room): Promise<void> {
  const named = interaction.options.getString('run')
  const runs =
    named === null ? await runsHere(interaction, room, LIVE) : [await runNamed(room, interaction.guildId, named)]
  const [run] = runs
  if (!run) {
    // None in this channel: those elsewhere in the server may be meant.
    const elsewhere = await room.store.runs({ guild_id: interaction.guildId, status: LIVE })
    if (!elsewhere.some((each) => maySteer(interaction.member, each))) throw new UserError(noRun(LIVE))
    return tellPrivately(interaction, question(elsewhere, interaction.member))
  }
  if (runs.length > 1) await tellPrivately(interaction, question(runs, interaction.member))
  else await tellPrivately(interaction, await stop(interaction, run, room))
}

async function stop(interaction: Slash | Press, run: Run, room: Room): Promise<string> {
  const waits = run.status === 'ended' && run.closed_at === null
  if (!isLive(run) && !waits)
    throw new UserError(`There is no run to stop: ${linkOf(run)} has ended already (\`${run.end_reason}\`).`)
  requireSteerer(interaction.member, run, 'stop')
  const stopped = await room.steering.stop(run.id, personOf(interaction.member))
  return waits
    ? `${linkOf(stopped)} had ended; its narrators and pictures are not waited for any longer.`
    : `\`^C^C\`: ${linkOf(stopped)} has ended.`
}

async function stopAll(interaction: Slash, room: Room): Promise<void> {
  requireManager(interaction.member, 'stop all its runs')
  const runs = await room.store.runs({ guild_id: interaction.guildId, status: LIVE })
  if (runs.length === 0) throw new UserError('There is no run going in this server.')
  const person = personOf(interaction.member)
  const results = await Promise.allSettled(runs.map((run) => room.steering.stop(run.id, person)))
  // One that ended by itself meanwhile is what was asked for.
  for (const result of results)
    if (result.status === 'rejected' && !(result.reason instanceof UserError)) throw result.reason
  await tellPrivately(
    interaction,
    runs.length === 1
      ? 'The one run of this server has ended.'
      : `${runs.length} runs have ended: all that this server had.`,
  )
}

/** Discord's selects hold 25 options; the newest runs are among them. Those that this person may not stop are not offered. */
function question(all: Run[], member: Slash['member']) {
  const runs = all.filter((run) => maySteer(member, run))
  if (runs.length === 0)
    throw new UserError(
      `There are ${all.length} runs here, none of them yours: only who started a run and those who may manage messages here can stop it.`,
    )
  const options = runs.slice(0, 25).map((run) => ({ label: runLabel(run), value: run.id }))
  return {
    content:
      runs.length > 25 ? `${runs.length} runs go on here; these are the newest. Which one?` : 'Which of these runs?',
    components: [
      {
        type: ComponentType.ActionRow as const,
        components: [
          { type: ComponentType.StringSelect as const, custom_id: 'stop', placeholder: 'Choose a run', options },
        ],
      },
    ],
  }
}
