import type { ModelInfo } from '../../src/core/model.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { ofLines } from '../../src/discord/describe.ts'
import { tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'

export default {
  data: { name: 'models', description: 'The models that can speak, and what they cost' },
  async execute(interaction, room) {
    const { models: allowed } = await room.store.settings(interaction.guildId)
    const models = room.catalog.models().filter(({ alias }) => allowed.length === 0 || allowed.includes(alias))
    const byProvider = Map.groupBy(models, ({ provider }) => provider)
    const lines = [...byProvider.values()].flatMap((group) => [heading(group, room), ...group.map(line)])
    lines.push('USD per million tokens in and out. Any other model of a provider: `provider:model`.')
    await tellPrivately(
      interaction,
      ofLines(lines, (left) => `… and ${left} more, which \`lm1:\` completes.`),
    )
  },
} satisfies SlashCommand

function heading(group: ModelInfo[], room: Room): string {
  const [model] = group
  if (!model) return ''
  const missing = room.models.missing(model)
  return `**${model.provider}**${missing.length === 0 ? '' : ` · needs ${missing.map((name) => `\`${name}\``).join(', ')}`}`
}

function line({ alias, display_name, api_name, price }: ModelInfo): string {
  const cost =
    price === null ? 'price unknown' : price.input + price.output === 0 ? 'free' : `$${price.input} / $${price.output}`
  return `\`${alias}\` ${display_name} (${api_name}) · ${cost}`
}
