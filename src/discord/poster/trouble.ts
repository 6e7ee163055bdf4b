import { DiscordAPIError, HTTPError } from 'discord.js'
import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10'
import { shorten } from '../../core/shorten.ts'

/** What a failed request means for whoever made it. */
export type Trouble =
  /** Try again. `doubtful`: Discord may have done it all the same, so look first. */
  | { kind: 'later'; doubtful: boolean; text: string }
  /** The thread or channel is no more: nothing can be posted there again. */
  | { kind: 'gone'; text: string }
  /** Somebody has locked the thread: nothing can be posted there until they unlock it. */
  | { kind: 'locked'; text: string }
  /** Nothing can be changed in a thread that was archived; a message would open it again unless it was locked. */
  | { kind: 'archived'; text: string }
  /** A person has to change something in Discord, then it works again. */
  | { kind: 'blocked'; text: string }
  | { kind: 'webhook_gone'; text: string }
  | { kind: 'message_gone'; text: string }
  /** Discord will never take this message as it is. */
  | { kind: 'refused'; text: string }

/** What Discord's refusal alone tells. */
export const LACKS_PERMISSION =
  'The bot may not write there: it needs Send Messages, Create Public Threads, Send Messages in Threads, Embed Links, Read Message History and Attach Files.'

/** The same, where it is known what the bot lacks. */
export const lacks = (missing: string, channelId: string): string =>
  `The bot may not write there: give it ${missing} in <#${channelId}>.`

/** Why a run waits whose thread is locked. */
export const LOCKED = 'The thread is locked: unlock it, then resume.'

type Known = Pick<Trouble, 'kind' | 'text'>

// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
const KNOWN = new Map<number, Known>([
  [Codes.UnknownChannel, { kind: 'gone', text: 'The thread or its channel was deleted.' }],
  [Codes.ThreadLocked, { kind: 'locked', text: LOCKED }],
  [
    Codes.InvalidActionOnArchivedThread,
    { kind: 'archived', text: 'The thread is archived and locked: unlock it, then resume.' },
  ],
  [Codes.UnknownGuild, { kind: 'blocked', text: 'The bot was removed from the server.' }],
  [
    Codes.MissingAccess,
    { kind: 'blocked', text: 'The bot no longer sees the channel: invite it again, or give it View Channel there.' },
  ],
  [Codes.MissingPermissions, { kind: 'blocked', text: LACKS_PERMISSION }],
  [
    Codes.MaximumActiveThreads,
    { kind: 'blocked', text: 'The server has as many active threads as Discord allows: archive some.' },
  ],
  [
    Codes.MaximumActiveAnnouncementThreads,
    { kind: 'blocked', text: 'The channel has as many active announcement threads as Discord allows: archive some.' },
  ],
  [Codes.UnknownWebhook, { kind: 'webhook_gone', text: 'The webhook was deleted.' }],
  [Codes.InvalidWebhookToken, { kind: 'webhook_gone', text: 'The webhook was replaced.' }],
  [
    Codes.MessageWasBlockedByAutomaticModeration,
    { kind: 'refused', text: "The server's AutoMod blocks it. Whoever manages the server can exempt the bot." },
  ],
  [
    Codes.TitleWasBlockedByAutomaticModeration,
    { kind: 'refused', text: "The server's AutoMod blocks the thread's title: start the run with another `title`." },
  ],
  [Codes.MessageBlockedByHarmfulLinksFilter, { kind: 'refused', text: 'Discord takes a link in it for harmful.' }],
  [Codes.UnknownMessage, { kind: 'message_gone', text: 'The message was deleted.' }],
])

/** The request never left this machine. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Reads an error of a request. Its text holds no address: a webhook's has its token in it. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof DiscordAPIError) return apiTrouble(error)
  if (error instanceof HTTPError)
    return { kind: 'later', doubtful: error.status >= 500, text: `Discord answered with status ${error.status}.` }
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && UNSENT.has(code))
    return { kind: 'later', doubtful: false, text: `Discord cannot be reached (${code}).` }
  // A token that was taken back or dropped: REST refuses before it sends.
  if (typeof message === 'string' && message.startsWith('Expected token'))
    return { kind: 'later', doubtful: false, text: 'Discord does not accept the token at the moment.' }
  return { kind: 'later', doubtful: true, text: 'The connection to Discord broke.' }
}

/** What is sent has more bytes than Discord takes there, or whatever stands before it. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof DiscordAPIError && (error.code === Codes.RequestEntityTooLarge || error.status === 413)

function apiTrouble(error: DiscordAPIError): Trouble {
  const known = typeof error.code === 'number' ? KNOWN.get(error.code) : undefined
  if (known) return known as Trouble
  // What is wrong with a form is told in further lines, as long as the form.
  const message = shorten(error.message.replaceAll(/\s+/g, ' ').replace(/\.$/, ''), 300)
  const text = `Discord answered ${error.status}: ${message} (${error.code}).`
  if (error.status >= 500) return { kind: 'later', doubtful: true, text }
  if (error.status === 401 || error.status === 429) return { kind: 'later', doubtful: false, text }
  // Not from Discord's API but from what stands before it, which answers in HTML.
  if (typeof error.code !== 'number' || (error.status === 403 && error.code === 0))
    return { kind: 'later', doubtful: false, text: `Something before Discord answered with status ${error.status}.` }
  return { kind: 'refused', text }
}
