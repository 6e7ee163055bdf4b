import type { APIEmbed } from 'discord-api-types/v10'
import type { ModelInfo } from '../../src/core/model.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'

export default {
  data: { name: 'models', description: 'The models that can speak, what they cost, and which key opens them' },
  async execute(interaction, room) {
    const { models: allowed } = await room.store.settings(interaction.guildId)
    const models = room.catalog.registered().filter(({ alias }) => allowed.length === 0 || allowed.includes(alias))
    await tellPrivately(interaction, { content: introduction(room), embeds: modelEmbeds(models, room) })
  },
} satisfies SlashCommand

function introduction({ catalog }: Room): string {
  const voice = catalog.offline
    ? 'No key is set: an **offline voice**, which is no language model, speaks for each of them and costs nothing.\n'
    : ''
  return `${voice}Aliases, and USD per million tokens in / out. Any other model of a provider: \`openrouter:nousresearch/hermes-4-405b\`, \`ollama:llama3.2\`.`
}

/** All embeds of a message together: 6,000 characters; one description: 4,096. https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const ALL_EMBEDS = 5900
const ONE_DESCRIPTION = 4000

/** One embed a provider. Where there are too many models for one message, the longest lists are cut and counted. */
export function modelEmbeds(models: ModelInfo[], room: Pick<Room, 'models'>): APIEmbed[] {
  const groups = [...Map.groupBy(models, ({ provider }) => provider).values()].map((group) => ({
    title: heading(group[0] as ModelInfo, room),
    lines: group.map(line),
    left: 0,
  }))
  for (const group of groups) while (lengthOf(group) > ONE_DESCRIPTION) cut(group)
  while (groups.reduce((all, group) => all + group.title.length + lengthOf(group), 0) > ALL_EMBEDS)
    cut(groups.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a)))
  return groups.map((group) => ({ title: group.title, description: described(group) }))
}

interface Group {
  lines: string[]
  left: number
}

const described = ({ lines, left }: Group): string =>
  [...lines, ...(left > 0 ? [`… and ${left} more, which \`lm1:\` completes.`] : [])].join('\n')

const lengthOf = (group: Group): number =>
  group.lines.reduce((all, each) => all + each.length + 1, 0) + (group.left > 0 ? 50 : 0)

function cut(group: Group): void {
  group.lines.pop()
  group.left++
}

function heading(model: ModelInfo, room: Pick<Room, 'models'>): string {
  const missing = room.models.missing(model)
  return `${model.provider} · ${missing.length === 0 ? 'ready' : `set ${missing.join(', ')}`}`
}

function line({ alias, display_name, api_name, price }: ModelInfo): string {
  const cost =
    price === null ? 'price unknown' : price.input + price.output === 0 ? 'free' : `$${price.input} / $${price.output}`
  return `\`${alias}\` **${display_name}** · ${cost} · ${api_name}`
}
