import { setTimeout as delay } from 'node:timers/promises'
import {
  Client,
  type ClientOptions,
  DefaultRestOptions,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  GatewayIntentBits,
  Options,
  REST,
  type RESTOptions,
} from 'discord.js'
import { UserError } from '../core/errors.ts'
import type { Log } from '../engine/ports.ts'

export interface Connection {
  token: string
  /** Without the version; null: Discord's own. */
  apiUrl: string | null
  log: Log
}

/**
 * discord.js' client with intents that need no one's approval: servers, and messages. Of messages only those that mention the bot carry their text.
 * Its REST retries (answers to interactions are harmless to repeat).
 */
export function makeClient({ token, apiUrl, log }: Connection): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    // Rule 9: nothing that is said pings anyone.
    allowedMentions: { parse: [], repliedUser: false },
    rest: apiOptions(apiUrl),
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      GuildMemberManager: { maxSize: 200, keepOverLimit: (member) => member.id === member.client.user.id },
    }),
  })
  keepToken(client.rest, token, log)
  logEvents(client, log)
  return client
}

/**
 * For messages: never sends twice by itself. A POST that Discord took but whose answer was lost would otherwise be a second message;
 * whoever owes it looks first. `breakOff` ends uploads under way, which may take minutes.
 */
export function makeRest({ token, apiUrl, log }: Connection, breakOff: AbortSignal): REST {
  const makeRequest = withPatience(breakOff)
  const rest = new REST({ version: '10', ...apiOptions(apiUrl), retries: 0, makeRequest }).setToken(token)
  keepToken(rest, token, log)
  return rest
}

/** REST gives every request this long (ms); one with files gets so much more for each MB. */
const ANSWER_MS = DefaultRestOptions.timeout
const ANSWER_MS_PER_MB = 2000

/** A large file may take longer than REST's patience, and would be sent from its beginning again and again. */
const withPatience =
  (breakOff: AbortSignal): RESTOptions['makeRequest'] =>
  (url, init) => {
    if (!(init.body instanceof FormData)) return DefaultRestOptions.makeRequest(url, init)
    let bytes = 0
    for (const part of init.body.values()) bytes += part instanceof Blob ? part.size : 0
    const patience = AbortSignal.timeout(ANSWER_MS + Math.ceil((bytes / 1024 / 1024) * ANSWER_MS_PER_MB))
    return DefaultRestOptions.makeRequest(url, { ...init, signal: AbortSignal.any([patience, breakOff]) })
  }

/** An API of another address serves its pictures there too. */
function apiOptions(apiUrl: string | null): NonNullable<ClientOptions['rest']> {
  return apiUrl === null ? {} : { api: apiUrl.replace(/\/+(v10\/?)?$/, ''), cdn: new URL(apiUrl).origin }
}

/** REST drops its token on any 401, even a stray one of a proxy, and then fails for good. Given back after a while: a storm of 401s gets an address banned. */
const TOKEN_BACK_MS = 30_000

function keepToken(rest: REST, token: string, log: Log): void {
  let waiting = false
  rest.on('response', (request, response) => {
    if (response.status !== 401 || waiting || request.route.startsWith('/interactions')) return
    waiting = true
    log.error({ route: request.route }, 'Discord refused the token (401); trying it again in 30 s')
    setTimeout(() => {
      waiting = false
      rest.setToken(token)
    }, TOKEN_BACK_MS).unref()
  })
}

function logEvents(client: Client, log: Log): void {
  client.on('error', (err) => log.error({ err }, 'the Discord client reported an error'))
  client.on('warn', (message) => log.warn({}, message))
  client.on('shardError', (err, shard) => log.warn({ err, shard }, 'the gateway connection broke'))
  client.on('shardDisconnect', (event, shard) => log.warn({ code: event.code, shard }, 'disconnected from the gateway'))
  client.on('shardReconnecting', (shard) => log.info({ shard }, 'reconnecting to the gateway'))
  client.on('shardResume', (shard, replayed) => log.info({ shard, replayed }, 'back at the gateway'))
  client.on('guildCreate', (guild) => log.info({ guild: guild.id, name: guild.name }, 'joined a server'))
  client.on('guildDelete', (guild) => log.info({ guild: guild.id, name: guild.name }, 'left a server'))
}

/** Tries until it works: at start Discord may be away for a while. What Discord refuses for good is thrown at once. */
export async function persistently<T>(
  what: string,
  attempt: () => Promise<T>,
  log: Log,
  signal: AbortSignal,
): Promise<T> {
  for (let nth = 0; ; nth++) {
    try {
      return await attempt()
    } catch (err) {
      if (signal.aborted || isFinal(err)) throw err
      const seconds = Math.min(2 ** nth, 30)
      log.warn({ err, seconds }, `could not ${what}; trying again`)
      await delay(seconds * 1000, undefined, { signal }).catch(() => undefined)
    }
  }
}

function isFinal(error: unknown): boolean {
  if (error instanceof UserError) return true
  if (error instanceof DiscordAPIError) return error.status < 500 && error.status !== 429
  return error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid
}
