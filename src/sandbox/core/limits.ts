/** Every number the sandbox holds to, in one table. A test changes them through `world.limits`. */
import { GATEWAY_LIMITS, type GatewayLimits } from './gateway-limits.ts'

export interface Bucket {
  /** requests */
  limit: number
  /** ms */
  window: number
}

export interface Limits {
  /** rate limits are kept; `SANDBOX_LIMITS=off` lifts them */
  rates: boolean
  /** https://docs.discord.com/developers/topics/rate-limits#global-rate-limit */
  global: Bucket
  /** requests answered 401, 403 or 429 (scope shared excepted). https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans */
  invalid: Bucket
  /** by name, see `bucketOf` in rate-limits.ts; Discord publishes no numbers: these are what clients report of its headers */
  buckets: Record<string, Bucket>
  /** renames and topic changes of one channel or thread; not announced in the headers. https://github.com/discord/discord-api-docs/issues/2208 */
  rename: Bucket
  /** per resource and whoever asks, announced by no header, answered with scope `shared`: emojis. https://docs.discord.com/developers/topics/rate-limits */
  shared: Record<string, Bucket>
  /** edits to messages older than an hour, per channel: 30046. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
  oldEdits: Bucket
  /** ms: when a message counts as old */
  oldEditAge: number
  gateway: GatewayLimits

  /** ms to acknowledge an interaction, ms its token lives. https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction */
  acknowledge: number
  interactionLife: number
  /** ms that a nonce is remembered: "the past few minutes". https://docs.discord.com/developers/resources/message#create-message */
  nonceLife: number
  /** ms that an attachment's address lives. https://docs.discord.com/developers/reference#signed-attachment-cdn-urls */
  attachmentLife: number

  /** characters. https://docs.discord.com/developers/resources/message#create-message */
  content: number
  /** characters over all embeds of a message. https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
  embedTotal: number
  /** https://docs.discord.com/developers/components/reference#component-object */
  components: number
  displayText: number
  /** bytes per file. https://docs.discord.com/developers/reference#uploading-files */
  file: number
  /** bytes of a whole request, and of one without files. https://docs.discord.com/developers/resources/message#create-message */
  request: number
  json: number
  attachments: number
  /** bytes. https://docs.discord.com/developers/resources/emoji#create-application-emoji */
  emojiImage: number
  applicationEmojis: number
  /** 30007. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
  webhooksPerChannel: number
  /** 160006; support pages name the number */
  activeThreads: number
  pins: number
  /** 30005. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
  roles: number
  /** https://docs.discord.com/developers/interactions/application-commands#registering-a-command */
  slashCommands: number
  messageCommands: number
  userCommands: number
  commandCreates: { total: number; window: number }
  /** characters over names, descriptions and choice values of one command */
  commandText: number
  /** autocomplete answers */
  choices: number
  /** ms the door waits for an acknowledgement, and for a deferred answer */
  doorAcknowledge: number
  doorDeferred: number
  /** open connections to the whole sandbox; the next is answered 503 */
  connections: number
}

const second = 1000
const minute = 60 * second

export const LIMITS: Limits = {
  rates: true,
  global: { limit: 50, window: second },
  invalid: { limit: 10_000, window: 10 * minute },
  buckets: {
    default: { limit: 10, window: 10 * second },
    'read channel': { limit: 50, window: 10 * second },
    'read messages': { limit: 25, window: 5 * second },
    'create message': { limit: 5, window: 5 * second },
    'edit message': { limit: 5, window: 5 * second },
    'delete message': { limit: 5, window: second },
    'bulk delete': { limit: 1, window: 3 * second },
    react: { limit: 4, window: second },
    typing: { limit: 5, window: 5 * second },
    'create thread': { limit: 10, window: 10 * second },
    'edit channel': { limit: 10, window: 15 * second },
    'thread members': { limit: 10, window: 5 * second },
    'manage webhooks': { limit: 5, window: 5 * second },
    'execute webhook': { limit: 5, window: 2 * second },
    'edit webhook message': { limit: 5, window: 2 * second },
    'read webhook': { limit: 25, window: 5 * second },
    'interaction webhook': { limit: 5, window: 2 * second },
    commands: { limit: 20, window: 20 * second },
    emojis: { limit: 30, window: 30 * second },
    'read guild': { limit: 25, window: 5 * second },
    gateway: { limit: 5, window: 5 * second },
  },
  shared: { emojis: { limit: 100, window: 10 * minute } },
  rename: { limit: 2, window: 10 * minute },
  oldEdits: { limit: 3, window: minute },
  oldEditAge: 60 * minute,
  gateway: GATEWAY_LIMITS,

  acknowledge: 3 * second,
  interactionLife: 15 * minute,
  nonceLife: 5 * minute,
  attachmentLife: 24 * 60 * minute,

  content: 2000,
  embedTotal: 6000,
  components: 40,
  displayText: 4000,
  file: 10 * 1024 * 1024,
  request: 25 * 1024 * 1024,
  json: 8 * 1024 * 1024,
  attachments: 10,
  emojiImage: 256 * 1024,
  applicationEmojis: 2000,
  webhooksPerChannel: 15,
  activeThreads: 1000,
  pins: 250,
  roles: 250,
  slashCommands: 100,
  messageCommands: 15,
  userCommands: 15,
  commandCreates: { total: 200, window: 24 * 60 * minute },
  commandText: 8000,
  choices: 25,
  doorAcknowledge: 3 * second,
  doorDeferred: 15 * second,
  connections: 2000,
}
