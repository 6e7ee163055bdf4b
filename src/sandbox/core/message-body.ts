/** What a message's body must hold beyond its schema. https://docs.discord.com/developers/resources/message#create-message */
import { keepUploads, type Upload } from './attachments.ts'
import { characters } from './characters.ts'
import { checkComponents } from './component-rules.ts'
import { asComponents, type Component, IS_COMPONENTS_V2, shownComponents } from './components.ts'
import { checkEmbeds, shownEmbeds } from './embeds.ts'
import { invalidForm, refuse } from './errors.ts'
import { namingFiles, shownInside } from './media.ts'
import { type AllowedMentions, checkAllowedMentions } from './mentions.ts'
import type { Attachment, Message, MessageReference } from './shapes.ts'
import type { World } from './world.ts'

/** A send or an edit, after its schema. */
export interface MessageBody {
  content?: string | null
  embeds?: Record<string, unknown>[] | null
  allowed_mentions?: AllowedMentions | null
  components?: unknown[] | null
  attachments?: { id: string | number; filename?: string | null; description?: string | null }[] | null
  flags?: number | null
  nonce?: string | number | null
  enforce_nonce?: boolean | null
  tts?: boolean | null
  message_reference?: (Partial<MessageReference> & { fail_if_not_exists?: boolean }) | null
  poll?: unknown
  sticker_ids?: string[] | null
}

/** What of a body becomes part of the message. */
export type Written = Pick<Message, 'content' | 'embeds' | 'components' | 'attachments' | 'flags'>

const SUPPRESS_EMBEDS = 1 << 2
export const EPHEMERAL = 1 << 6
export const LOADING = 1 << 7
const SUPPRESS_NOTIFICATIONS = 1 << 12

export interface WriteOptions {
  uploads: Upload[]
  /** EPHEMERAL may be asked for: answers to interactions and their follow-ups */
  interaction?: boolean
  /** the webhook belongs to no application: no interactive components */
  plainWebhook?: boolean
  ephemeral?: boolean
}

/** Checks a new message and makes its parts. Throws 50006, 50035, 40005. */
export function write(world: World, body: MessageBody, options: WriteOptions): Written {
  const flags = settableFlags(body.flags ?? 0, options.interaction === true)
  const written = parts(world, body, options, flags, [])
  if (isEmpty(written)) throw refuse(50006)
  return written
}

/** Lays an edit over a message: absent fields stay, null ones are emptied. */
export function rewrite(world: World, message: Message, body: MessageBody, options: WriteOptions): Written {
  const v2 = (message.flags & IS_COMPONENTS_V2) !== 0 || ((body.flags ?? 0) & IS_COMPONENTS_V2) !== 0
  const kept = message.flags & ~SUPPRESS_EMBEDS
  const flags =
    (body.flags === undefined || body.flags === null ? message.flags : kept | (body.flags & SUPPRESS_EMBEDS)) |
    (v2 ? IS_COMPONENTS_V2 : 0)
  // A message that becomes Components V2 must let go of its other fields. https://docs.discord.com/developers/components/overview
  const switching = v2 && !(message.flags & IS_COMPONENTS_V2)
  const merged: MessageBody = {
    content: body.content === undefined ? message.content : body.content,
    embeds: body.embeds === undefined ? undefined : (body.embeds ?? []),
    components: body.components === undefined ? undefined : (body.components ?? []),
    allowed_mentions: body.allowed_mentions ?? null,
    ...(body.attachments === undefined
      ? {
          attachments: [
            ...message.attachments.map(({ id }) => ({ id })),
            ...options.uploads.map(({ index }) => ({ id: index })),
          ],
        }
      : { attachments: body.attachments ?? [] }),
  }
  if (switching && merged.content) {
    throw invalidForm(
      'content',
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      'The field content must be emptied with IS_COMPONENTS_V2',
    )
  }
  const inside = shownInside(message, message.attachments)
  const written = parts(world, merged, options, flags, message.attachments, inside)
  const embeds = body.embeds === undefined ? message.embeds : written.embeds
  const components = body.components === undefined ? message.components : written.components
  // What an embed or a component showed stays as long as one shows it, whichever attachments the edit lists.
  const still = shownInside({ embeds, components }, inside)
  const listed = written.attachments.filter((file) => !inside.some(({ id }) => id === file.id))
  const result = { ...written, embeds, components, attachments: [...listed, ...still] }
  if (isEmpty(result)) throw refuse(50006)
  return result
}

/** @param present attachments that an edit may keep @param inside those of them that embeds and components show */
function parts(
  world: World,
  body: MessageBody,
  options: WriteOptions,
  flags: number,
  present: Attachment[],
  inside: Attachment[] = [],
): Written {
  if (body.poll) throw invalidForm('poll', 'SANDBOX_NOT_CARRIED', 'Polls are not part of this sandbox')
  if (body.sticker_ids?.length) throw invalidForm('sticker_ids', 'STICKER_INVALID', 'This server has no stickers')
  const content = body.content ?? ''
  if (characters(content) > world.limits.content) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${world.limits.content} or fewer in length.`)
  }
  checkAllowedMentions(body.allowed_mentions)
  const embeds = body.embeds ?? []
  checkEmbeds(world, embeds)
  const components = asComponents(body.components) as Component[]
  const v2 = (flags & IS_COMPONENTS_V2) !== 0
  if (v2 && (content || embeds.length > 0)) {
    const field = content ? 'content' : 'embeds'
    throw invalidForm(
      field,
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      `The field ${field} cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    )
  }
  checkComponents(world, components, v2)
  if (options.plainWebhook && components.some((component) => component.type === 1)) {
    throw invalidForm(
      'components',
      'WEBHOOK_COMPONENTS_NOT_ALLOWED',
      'Only webhooks owned by an application can send interactive components',
    )
  }
  const attachments = keepUploads(world, options.uploads, body.attachments, present, options.ephemeral)
  const files = [...attachments, ...inside.filter((file) => !attachments.some(({ id }) => id === file.id))]
  return {
    content,
    embeds: shownEmbeds(world, namingFiles(embeds, inside), files),
    components: shownComponents(world, namingFiles(components, inside), files),
    attachments,
    flags,
  }
}

function isEmpty(written: Written): boolean {
  return (
    written.content.trim() === '' &&
    written.embeds.length + written.components.length + written.attachments.length === 0
  )
}

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
function settableFlags(flags: number, interaction: boolean): number {
  const allowed = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2 | (interaction ? EPHEMERAL : 0)
  return flags & allowed
}
