import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../../src/core/errors.ts'
import { count, money, plural } from '../../src/core/figures.ts'
import type { Spending } from '../../src/core/store.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { plain } from '../../src/discord/describe.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import { usageChart } from '../../src/discord/usage-chart.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const MAX_DAYS = 366
/** How many people and models are named; the chart and the sum hold all. */
const NAMED = 8

export default {
  data: {
    name: 'usage',
    description: 'What the runs of this server have used, by day, person and model',
    options: [
      { type: ApplicationCommandOptionType.Integer, name: 'days', description: 'How many days back; 14 by default' },
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const days = interaction.options.getInteger('days') ?? 14
    if (days < 1 || days > MAX_DAYS)
      throw new UserError(`days must be a whole number from 1 to ${MAX_DAYS}, not ${days}.`)
    const today = Math.floor(Date.now() / DAY_MS)
    const since = today - days + 1
    const spending = await room.store.spending(interaction.guildId, since * DAY_MS)
    if (spending.length === 0) {
      await tellPrivately(interaction, `No run of this server has used anything in ${plural(days, 'day')}.`)
      return
    }
    const dates = Array.from({ length: days }, (_, i) => new Date((since + i) * DAY_MS).toISOString().slice(0, 10))
    const chart = await usageChart(spending, dates)
    await tellPrivately(interaction, {
      content: [
        `**${total(spending)}** in ${plural(days, 'day')}`,
        `By person: ${ranked(spending, ({ person_name }) => person_name ?? 'nobody')}`,
        `By model: ${ranked(spending, ({ model }) => model)}`,
      ].join('\n'),
      files: [{ attachment: chart, name: 'usage.png', description: `Usage by day and model: ${total(spending)}` }],
    })
  },
} satisfies SlashCommand

function ranked(spending: Spending[], by: (each: Spending) => string): string {
  const groups = [...Map.groupBy(spending, by)].sort(([, a], [, b]) => weight(b) - weight(a))
  const named = groups.slice(0, NAMED).map(([name, group]) => `${plain(name.slice(0, 40))} ${total(group)}`)
  return [...named, ...(groups.length > NAMED ? [`${groups.length - NAMED} more`] : [])].join(', ')
}

/** Money first, tokens where it says nothing. */
const weight = (group: Spending[]): number => sum(group, ({ cost }) => cost) * 1e9 + tokens(group)

function total(group: Spending[]): string {
  const unknown = sum(group, (each) => each.unknown)
  const unpriced = unknown > 0 ? ` and ${plural(unknown, 'call')} of unknown price` : ''
  return `${money(sum(group, ({ cost }) => cost))}${unpriced} (${count(tokens(group))} tokens)`
}

const tokens = (group: Spending[]): number =>
  sum(group, ({ input, cached, written, output }) => input + cached + written + output)

const sum = (group: Spending[], of: (each: Spending) => number): number =>
  group.reduce((all, each) => all + of(each), 0)
