import { createHash } from 'node:crypto'
import { DiscordAPIError, type REST } from 'discord.js'
import {
  type APIApplicationCommand,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationCommandsResult,
  Routes,
} from 'discord-api-types/v10'
import type { SettingsStore } from '../core/store.ts'

type Facts = Pick<SettingsStore, 'fact' | 'setFact'>

export interface Registration {
  rest: REST
  applicationId: string
  /** Commands appear at once in this server; null: everywhere. */
  guildId: string | null
  definitions: RESTPostAPIApplicationCommandsJSONBody[]
  facts: Facts
}

/** What was registered last, and where: kept as a fact. `seal` joins our hash with the version that Discord gave each command. */
interface Registered {
  guild_id: string | null
  seal: string
}

/**
 * Tells Discord the commands, only when they changed: Discord allows 200 new ones a day
 * (https://docs.discord.com/developers/interactions/application-commands#registering-a-command). A change here and a change there
 * (another program, a person) are both seen.
 * @returns whether anything was sent.
 */
export async function registerCommands(registration: Registration): Promise<boolean> {
  const { rest, applicationId, guildId, definitions, facts } = registration
  const key = `commands:${applicationId}`
  const last = JSON.parse((await facts.fact(key)) ?? 'null') as Registered | null
  const hash = createHash('sha256').update(JSON.stringify(definitions)).digest('hex')
  const theirs = (await rest.get(route(applicationId, guildId))) as APIApplicationCommand[]
  if (last?.guild_id === guildId && last.seal === seal(hash, theirs)) return false

  const body = definitions
  const made = (await rest.put(route(applicationId, guildId), { body })) as RESTPutAPIApplicationCommandsResult
  if (last && last.guild_id !== guildId) await clear(rest, applicationId, last.guild_id)
  await facts.setFact(key, JSON.stringify({ guild_id: guildId, seal: seal(hash, made) } satisfies Registered))
  return true
}

/** Commands of an earlier start with another DISCORD_GUILD_ID would be listed beside the new ones, each twice. */
async function clear(rest: REST, applicationId: string, guildId: string | null): Promise<void> {
  try {
    await rest.put(route(applicationId, guildId), { body: [] })
  } catch (error) {
    // The bot is no longer in that server: nothing is listed there.
    if (!(error instanceof DiscordAPIError && (error.status === 403 || error.status === 404))) throw error
  }
}

const route = (applicationId: string, guildId: string | null) =>
  guildId === null ? Routes.applicationCommands(applicationId) : Routes.applicationGuildCommands(applicationId, guildId)

function seal(hash: string, commands: APIApplicationCommand[]): string {
  const versions = commands.map(({ id, version }) => `${id}.${version}`).sort()
  return [hash, ...versions].join(' ')
}
