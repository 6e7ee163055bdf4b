import { once } from 'node:events'
import { type Client, DiscordAPIError, type REST, RESTJSONErrorCodes } from 'discord.js'
import { type APIApplication, Routes } from 'discord-api-types/v10'
import { UserError } from '../core/errors.ts'
import type { Log } from '../engine/ports.ts'
import { type Connection, makeClient, makeRest, persistently } from './client.ts'
import { answer } from './interactions.ts'
import { inviteUrl } from './invite.ts'
import { type CommandSet, loadCommands } from './loader.ts'
import { hear } from './mentions.ts'
import { registerCommands } from './register.ts'
import type { Room } from './room.ts'

export interface BotOptions extends Connection {
  /** Commands are registered in this server, at once; null: everywhere. */
  guildId: string | null
  /** May be completed after the bot was started, but before it is `ready`. */
  room: Room
  commandsDir: string
}

export interface Bot {
  client: Client
  /** Never retries by itself: for messages. */
  rest: REST
  applicationId: string
  botUserId: string
  inviteUrl: string
  /** Connected, and the commands are registered. Rejects when Discord refuses for good; never settles once the bot was closed. */
  ready: Promise<void>
  /** Ends uploads under way: the process is to end. */
  breakOffUploads(): void
  close(): Promise<void>
}

/**
 * Connects the bot: resolves as soon as Discord knows the token, `ready` when people can use it. Throws on a bad command file, and when
 * Discord refuses the token.
 */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { room, log, guildId } = options
  const commands = await loadCommands(options.commandsDir)
  const closing = new AbortController()
  const uploading = new AbortController()
  const client = makeClient(options)
  const application = await persistently('reach Discord', () => whoAmI(client, options.token), log, closing.signal)
  const invite = inviteUrl(application.id, guildId)

  client.on('interactionCreate', (interaction) => void answer(interaction, commands, room))
  client.on('messageCreate', (message) => void hear(message, room))
  const connected = once(client, 'clientReady', { signal: closing.signal })
  const ready = Promise.all([
    persistently('connect to the gateway', () => client.login(options.token), log, closing.signal),
    connected,
    register(client, application.id, commands, options, invite, closing.signal),
  ]).then(
    () => undefined,
    (error) => {
      // Told to end before it was ready: that is no failure, and nobody needs to hear of it.
      if (closing.signal.aborted) return new Promise<void>(() => undefined)
      throw error
    },
  )
  // Whoever starts the bot awaits it; a failure before then must not end the process unnamed.
  ready.catch(() => undefined)

  return {
    client,
    rest: makeRest(options, uploading.signal),
    applicationId: application.id,
    // The same number for all but the oldest applications.
    botUserId: application.bot?.id ?? application.id,
    inviteUrl: invite,
    ready,
    breakOffUploads: () => uploading.abort(),
    async close() {
      closing.abort()
      // discord.js tells of a reconnection whenever a connection closes, this last time too.
      client.removeAllListeners('shardReconnecting').removeAllListeners('shardDisconnect')
      await client.destroy()
    },
  }
}

async function whoAmI(client: Client, token: string): Promise<APIApplication> {
  client.rest.setToken(token)
  try {
    return (await client.rest.get(Routes.currentApplication())) as APIApplication
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status === 401)
      throw new UserError(
        'DISCORD_TOKEN is refused by Discord: copy the token from the Bot page of your application again.',
      )
    throw error
  }
}

/** Registers the commands; in a server that the bot has not joined yet, as soon as it is invited. */
async function register(
  client: Client,
  applicationId: string,
  { definitions }: CommandSet,
  { guildId, room, log }: BotOptions,
  invite: string,
  signal: AbortSignal,
): Promise<void> {
  const attempt = () => registerCommands({ rest: client.rest, applicationId, guildId, definitions, facts: room.store })
  for (;;) {
    try {
      const changed = await persistently('register the commands', attempt, log, signal)
      log.info(
        { commands: definitions.length, ...(guildId === null ? {} : { guild: guildId }) },
        changed ? 'registered the commands' : 'commands unchanged',
      )
      return
    } catch (error) {
      const isOutside = error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.MissingAccess
      if (!isOutside) throw error
      log.warn(
        { guild: guildId, invite },
        'I am not in the server DISCORD_GUILD_ID yet: open the invite link to add me',
      )
      await joined(client, guildId, log, signal)
    }
  }
}

async function joined(client: Client, guildId: string | null, log: Log, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [guild] = (await once(client, 'guildCreate', { signal })) as [{ id: string }]
    if (guild.id === guildId) return
    log.debug({ guild: guild.id }, 'joined another server than DISCORD_GUILD_ID')
  }
}
