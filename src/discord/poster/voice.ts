import { DiscordAPIError, type RawFile } from 'discord.js'
import { type APIMessage, RESTJSONErrorCodes, Routes } from 'discord-api-types/v10'
import type { Persona } from '../../core/delivery.ts'
import { LONGEST_CONTENT, protect } from '../../core/split.ts'
import type { Faces } from '../faces.ts'
import { shownAs, usernameOf } from '../personas.ts'
import type { Hook, Webhooks } from '../webhooks.ts'
import type { Api } from './api.ts'
import { HARMLESS, ownMessage } from './messages.ts'
import type { Place } from './places.ts'

export interface Words {
  persona: Persona
  content: string
  /** The first message of a turn: a bot that speaks for others says here for whom. */
  first: boolean
  files?: Upload[]
}

export interface Upload extends RawFile {
  description: string
}

/** Says a persona's words in one place: its webhook, or without one the bot itself. */
export interface Voice {
  /** Same for all messages that it can edit. */
  id: string
  /** Its messages carry a nonce, so that sending again within minutes is safe. */
  nonces: boolean
  say(words: Words, nonce: string): Promise<APIMessage>
  /** Null when these words do not fit into one message of this voice. */
  change(messageId: string, words: Words): Promise<APIMessage | null>
  /** Makes a message that was said earlier hold these words to the character. */
  mend(messageId: string, words: Words): Promise<void>
  /** A message that is gone already is no error. */
  remove(messageId: string): Promise<void>
  /** Whether this voice may have said it: under this name, if one is given. */
  mayHaveSaid(message: APIMessage, persona?: Persona): boolean
  /** What a message says; a bot without the message-content intent sees a webhook's messages empty. */
  textOf(message: APIMessage): Promise<string>
  /** How the message looks that holds these words (the last, if it takes two). */
  textFor(words: Words): string
  /** Whether others wait to speak through it. */
  busy(): boolean
}

/** Whether this API takes white space off the ends of a message: learned from its first answer in which some is missing, and remembered. */
export interface Trims {
  known: boolean
  learn(): Promise<void>
}

/** A voice before white space at the ends of its words is seen to. */
type RawVoice = Omit<Voice, 'mend'>

export interface VoiceParts {
  trims: Trims
  api: Api
  faces: Faces
  webhooks: Webhooks
  applicationId: string
  botUserId: string
}

export async function voiceIn(parts: VoiceParts, place: Place, lane: string): Promise<Voice> {
  const hook = await parts.webhooks.of(place.channelId, lane)
  return exact('why' in hook ? botVoice(parts, place) : webhookVoice(parts, place, hook), parts.trims)
}

function exact(voice: RawVoice, trims: Trims): Voice {
  const edged = (words: Words) => /^\s|\s$/.test(words.content)
  const guarded = (words: Words): Words => ({ ...words, content: protect(words.content) })
  const asNeeded = (words: Words) => (trims.known ? guarded(words) : words)

  async function mended(message: APIMessage, words: Words): Promise<APIMessage> {
    const wanted = voice.textFor(words)
    if (trims.known || !edged(words) || message.content === wanted || message.content !== wanted.trim()) return message
    await trims.learn()
    return (await voice.change(message.id, guarded(words))) ?? message
  }

  return {
    ...voice,
    say: async (words, nonce) => mended(await voice.say(asNeeded(words), nonce), words),
    async change(id, words) {
      const message = await voice.change(id, asNeeded(words))
      return message && mended(message, words)
    },
    async mend(id, words) {
      if (edged(words)) await voice.change(id, guarded(words))
    },
  }
}

function webhookVoice({ api, faces, webhooks, applicationId }: VoiceParts, place: Place, hook: Hook): RawVoice {
  const thread = place.threadId === null ? {} : { thread_id: place.threadId }
  const messageRoute = (id: string) => Routes.webhookMessage(hook.id, hook.token, id)

  async function tellIfDropped<T>(request: Promise<T>): Promise<T> {
    try {
      return await request
    } catch (error) {
      if (isGone(error)) webhooks.dropped(place.channelId, hook.id)
      throw error
    }
  }

  return {
    id: hook.id,
    nonces: false,
    async say({ persona, content, files = [] }) {
      const body = { content, ...(await shownAs(persona, faces)), ...HARMLESS, ...attachmentsOf(files) }
      const query = { wait: true, ...thread }
      return tellIfDropped(api.request<APIMessage>('post', Routes.webhook(hook.id, hook.token), { body, query, files }))
    },
    change: (id, { content }) =>
      tellIfDropped(
        api.request<APIMessage>('patch', messageRoute(id), {
          body: { content, allowed_mentions: { parse: [] } },
          query: thread,
        }),
      ),
    remove: (id) => tellIfDropped(gone(api.request('delete', messageRoute(id), { query: thread }))),
    mayHaveSaid: (message, persona) =>
      (message.webhook_id === hook.id ||
        (message.webhook_id !== undefined && message.application_id === applicationId)) &&
      (!persona || usernameOf(message.author.username) === usernameOf(persona.name)),
    async textOf(message) {
      if (message.content !== '') return message.content
      const read = await tellIfDropped(api.request<APIMessage>('get', messageRoute(message.id), { query: thread }))
      return read.content
    },
    textFor: ({ content }) => content,
    busy: () => api.waiting('post', Routes.webhook(hook.id, hook.token)) > 0,
  }
}

/** Without Manage Webhooks: the bot's own messages, name in bold before a turn's first piece, or alone before it where both do not fit. */
function botVoice({ api, botUserId }: VoiceParts, { target }: Place): RawVoice {
  const named = ({ persona, content, first }: Words): string[] => {
    if (!first) return [content]
    const name = `**${usernameOf(persona.name).replaceAll(/[\\*_~|`>#[\]()-]/g, '\\$&')}**`
    const both = `${name}\n${content}`
    return both.length <= LONGEST_CONTENT ? [both] : [name, content]
  }
  const route = (id: string) => Routes.channelMessage(target, id)
  return {
    id: 'bot',
    nonces: true,
    async say(words, nonce) {
      const { files = [] } = words
      const [last = '', ...leads] = named(words).reverse()
      const post = (body: object, uploads: Upload[] = []) =>
        api.request<APIMessage>('post', Routes.channelMessages(target), { body, files: uploads })
      for (const content of leads) await post(ownMessage(`${nonce}n`, { content, ...HARMLESS }))
      return post(ownMessage(nonce, { content: last, ...HARMLESS, ...attachmentsOf(files) }), files)
    },
    async change(id, words) {
      const [content, ...more] = named(words)
      if (more.length > 0) return null
      return api.request<APIMessage>('patch', route(id), { body: { content, allowed_mentions: { parse: [] } } })
    },
    remove: (id) => gone(api.request('delete', route(id))),
    mayHaveSaid: (message) => message.author.id === botUserId && message.embeds.length === 0,
    textOf: async (message) => message.content,
    textFor: (words) => named(words).at(-1) ?? '',
    busy: () => false,
  }
}

function attachmentsOf(files: Upload[]): object {
  if (files.length === 0) return {}
  return { attachments: files.map(({ name, description }, id) => ({ id, filename: name, description })) }
}

function isGone(error: unknown): boolean {
  const codes: unknown[] = [RESTJSONErrorCodes.UnknownWebhook, RESTJSONErrorCodes.InvalidWebhookToken]
  return error instanceof DiscordAPIError && codes.includes(error.code)
}

async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!(error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage)) throw error
  })
}
