import { type APIApplicationCommandBasicOption, ApplicationCommandOptionType } from 'discord-api-types/v10'
import { splitNames } from '../../src/config/fields.ts'
import { UserError } from '../../src/core/errors.ts'
import type { GuildSettings } from '../../src/core/store.ts'
import { choicesForLast } from '../../src/discord/choices.ts'
import type { Slash, SlashCommand } from '../../src/discord/command.ts'
import { modelEntries } from '../../src/discord/entries.ts'
import { requireManager } from '../../src/discord/permissions.ts'
import { placeFor, THREAD_PARENTS } from '../../src/discord/place.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import type { Room } from '../../src/discord/room.ts'
import {
  amount,
  CLEARED,
  isWord,
  rolesNamed,
  SETTINGS,
  settingNames,
  settingsLines,
} from '../../src/discord/settings.ts'

const AMOUNTS = ['max_cost', 'ask_above', 'person_per_day', 'server_per_day'] as const
const LISTS = ['starters', 'models'] as const

const options: APIApplicationCommandBasicOption[] = [
  ...LISTS.map((name) => ({
    type: ApplicationCommandOptionType.String as const,
    name,
    description: SETTINGS[name].description,
    autocomplete: true as const,
  })),
  {
    type: ApplicationCommandOptionType.Channel,
    name: 'default_channel',
    description: SETTINGS.default_channel.description,
    channel_types: [...THREAD_PARENTS],
  },
  ...AMOUNTS.map((name) => ({
    type: ApplicationCommandOptionType.Number as const,
    name,
    description: SETTINGS[name].description,
  })),
  {
    type: ApplicationCommandOptionType.String,
    name: 'clear',
    description: 'Takes a setting back to what it is by default',
    choices: settingNames.map((name) => ({ name, value: name })),
  },
]

export default {
  data: { name: 'set', description: 'Change what runs may do in this server', options },
  async execute(interaction, room) {
    deferSoon(interaction)
    requireManager(interaction.member, 'change its settings')
    const change = await changes(interaction, room)
    if (Object.keys(change).length === 0) throw new UserError(`Name what to set: ${settingNames.join(', ')}, or clear.`)
    const settings = { ...(await room.store.settings(interaction.guildId)), ...change }
    await room.store.saveSettings(interaction.guildId, settings)
    await tellPrivately(interaction, settingsLines(settings))
  },
  async autocomplete(interaction, room) {
    const { name, value } = interaction.options.getFocused(true)
    if (name === 'models') return choicesForLast(value, [...modelEntries(room, value), { value: 'all' }])
    const { guild } = interaction
    const roles = [...guild.roles.cache.values()].filter((role) => role.id !== guild.id)
    return choicesForLast(value, [...roles.map((role) => ({ value: role.name })), { value: 'everyone' }])
  },
} satisfies SlashCommand

async function changes(interaction: Slash, room: Room): Promise<Partial<GuildSettings>> {
  const { options } = interaction
  const change: Partial<GuildSettings> = {}
  const clear = options.getString('clear') as keyof GuildSettings | null
  if (clear !== null) Object.assign(change, { [clear]: CLEARED[clear] })
  const starters = options.getString('starters')
  if (starters !== null) change.starters = rolesNamed(interaction.guild, starters)
  const models = options.getString('models')
  if (models !== null)
    change.models = isWord(models, 'all') ? [] : splitNames(models).map((ref) => room.catalog.model(ref).alias)
  const channel = options.getChannel('default_channel')
  if (channel) change.default_channel = (await placeFor(interaction, channel.id)).id
  for (const name of AMOUNTS) {
    const value = options.getNumber(name)
    if (value !== null) change[name] = amount(name, value)
  }
  return change
}
