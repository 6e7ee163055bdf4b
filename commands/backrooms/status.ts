import { actorsNow } from '../../src/core/actors.ts'
import { money, plural } from '../../src/core/figures.ts'
import { used } from '../../src/core/notices.ts'
import type { Run } from '../../src/core/run.ts'
import type { Slash, SlashCommand } from '../../src/discord/command.ts'
import { linkOf, plain } from '../../src/discord/describe.ts'
import { LIVE, runChoices, runNamed, runOption, runsHere } from '../../src/discord/find-run.ts'
import { tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export default {
  data: { name: 'status', description: 'How a run is doing, or how the server is', options: [runOption] },
  async execute(interaction, room) {
    const named = interaction.options.getString('run')
    const runs =
      named === null ? await runsHere(interaction, room, LIVE) : [await runNamed(room, interaction.guildId, named)]
    const [run] = runs
    const text = run && runs.length === 1 ? ofRun(run) : await ofServer(interaction, room)
    await tellPrivately(interaction, text)
  },
  autocomplete: (interaction, room) => runChoices(interaction, room),
} satisfies SlashCommand

function ofRun(run: Run): string {
  const { spec } = run
  const actors = actorsNow(run).map(({ name, model }) => `${plain(name)} (\`${model.alias}\`)`)
  const limits = [
    spec.max_turns === null ? 'no limit of rounds' : `at most ${plural(spec.max_turns, 'round')}`,
    spec.max_cost === null ? 'no limit of cost' : `at most ${money(spec.max_cost)}`,
  ]
  return [
    `${linkOf(run)} ${stateSentence(run)}`,
    `Template \`${spec.template}\`, with ${actors.join(', ')}`,
    `${used(run)}; ${limits.join(', ')}`,
    `Started <t:${Math.floor(run.created_at / 1000)}:R>${run.starter_name === null ? '' : ` by ${plain(run.starter_name)}`}, run \`${run.id}\``,
  ].join('\n')
}

function stateSentence(run: Run): string {
  const why = run.status_text === null ? '' : `: ${run.status_text}`
  return run.status === 'ended' ? `has ended (\`${run.end_reason}\`)${why}` : `is **${run.status}**${why}`
}

async function ofServer(interaction: Slash, room: Room): Promise<string> {
  const live = await room.store.runs({ guild_id: interaction.guildId, status: LIVE })
  const going = live.filter((run) => run.status === 'going').length
  const spent = await room.store.spentSince(interaction.guildId, Math.floor(Date.now() / DAY_MS) * DAY_MS)
  return [
    `${going} going, ${live.length - going} paused in this server; ${money(spent)} spent today (UTC).`,
    "Use this in a run's thread, or name one with `run:`, to see how it is doing.",
  ].join('\n')
}
