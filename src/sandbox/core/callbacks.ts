/** How a bot answers an interaction: the first answer, its edits, follow-ups. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object */
import { channelOf } from './access.ts'
import type { Upload } from './attachments.ts'
import { checkAutocomplete } from './choice-rules.ts'
import { asComponents, numbered } from './components.ts'
import { invalidForm, refuse } from './errors.ts'
import { AUTOCOMPLETE, COMMAND, followable, MODAL, note, unanswered } from './interactions.ts'
import { EPHEMERAL, LOADING, type MessageBody, write } from './message-body.ts'
import { edit, erase } from './message-changes.ts'
import { post, reopen } from './messages.ts'
import { checkModal } from './modal-rules.ts'
import { type CommandChoice, type Interaction, isThread, type Message } from './shapes.ts'
import type { StoredMessage } from './storage.ts'
import type { World } from './world.ts'

const REPLY = 4
const DEFER = 5
const DEFER_UPDATE = 6
const UPDATE = 7
const CHOICES = 8
const OPEN_MODAL = 9

export interface Callback {
  type: number
  data?: (MessageBody & { choices?: CommandChoice[]; custom_id?: string; title?: string }) | null
}

export interface Answered {
  interaction: Interaction
  message?: Message
}

/** Which answers an interaction takes. */
function takes(interaction: Interaction, type: number): boolean {
  if (interaction.type === AUTOCOMPLETE) return type === CHOICES
  if (type === REPLY || type === DEFER) return true
  if (type === OPEN_MODAL) return interaction.type !== MODAL
  return (
    (type === UPDATE || type === DEFER_UPDATE) && interaction.type !== COMMAND && interaction.message_id !== undefined
  )
}

/** The first answer. Throws 10062, 40060, 50035. */
export function answer(world: World, id: string, token: string, callback: Callback, uploads: Upload[]): Answered {
  const interaction = unanswered(world, id, token)
  const { type } = callback
  if (!takes(interaction, type)) {
    throw invalidForm(
      'type',
      'INTERACTION_CALLBACK_TYPE_INVALID',
      `An interaction of type ${interaction.type} cannot be answered with a callback of type ${type}`,
    )
  }
  if (type === CHOICES) {
    const choices = callback.data?.choices ?? []
    checkAutocomplete(world, choices, interaction.focused_type ?? 3)
    return { interaction: note(world, interaction, { answered: type, choices }) }
  }
  if (type === OPEN_MODAL) {
    const components = asComponents(callback.data?.components)
    checkModal(world, components)
    const modal = { ...callback.data, components: numbered(components) }
    return { interaction: note(world, interaction, { answered: type, modal }) }
  }
  if (type === UPDATE || type === DEFER_UPDATE) return update(world, interaction, type, callback.data ?? {}, uploads)
  return reply(world, interaction, type, callback.data ?? {}, uploads)
}

function update(world: World, interaction: Interaction, type: number, body: MessageBody, uploads: Upload[]): Answered {
  const original = world.message(interaction.message_id ?? '')
  if (!original) throw refuse(10008)
  const edited = type === UPDATE ? edit(world, original, body, uploads) : original
  const noted = note(world, interaction, {
    answered: type,
    original: original.message.id,
    deferred: type === DEFER_UPDATE,
    ephemeral: original.ephemeral_for !== undefined,
  })
  return { interaction: noted, message: edited.message }
}

function reply(world: World, interaction: Interaction, type: number, body: MessageBody, uploads: Upload[]): Answered {
  const ephemeral = ((body.flags ?? 0) & EPHEMERAL) !== 0
  const deferred = type === DEFER
  const written = deferred
    ? { content: '', embeds: [], components: [], attachments: [], flags: LOADING | (ephemeral ? EPHEMERAL : 0) }
    : write(world, body, { uploads, interaction: true, ephemeral })
  const stored = speak(world, interaction, written, body, ephemeral)
  const noted = note(world, interaction, { answered: type, original: stored.message.id, deferred, ephemeral })
  return { interaction: noted, message: stored.message }
}

/** Types 20 and 23: slash and menu commands; answers to components and modals reply to their message. https://docs.discord.com/developers/resources/message#message-object-message-types */
function speak(
  world: World,
  interaction: Interaction,
  written: Parameters<typeof post>[1]['written'],
  body: MessageBody,
  ephemeral: boolean,
  followUp?: Message,
): StoredMessage {
  // The person's right to write there counts. https://github.com/discord/discord-api-docs/issues/5517
  const place = channelOf(world, interaction.channel_id)
  const channel = isThread(place) && !ephemeral ? reopen(world, place, interaction.user_id) : place
  const on = followUp ?? (interaction.message_id ? world.message(interaction.message_id)?.message : undefined)
  const menu = interaction.metadata.target_message_id !== undefined
  const type = on ? 19 : interaction.type === COMMAND ? (menu ? 23 : 20) : 0
  const { user } = interaction.metadata
  return post(world, {
    channel,
    author: world.bot,
    written,
    allowed: body.allowed_mentions ?? (on ? { parse: ['users', 'roles', 'everyone'], replied_user: false } : undefined),
    type,
    extra: {
      webhook_id: world.application.id,
      application_id: world.application.id,
      interaction_metadata: {
        ...interaction.metadata,
        ...(followUp ? { original_response_message_id: followUp.id } : {}),
      },
      ...(interaction.type === COMMAND && interaction.command_name && !followUp
        ? { interaction: { id: interaction.id, type: interaction.type, name: interaction.command_name, user } }
        : {}),
      ...(body.tts ? { tts: true } : {}),
    },
    interaction_id: interaction.id,
    ...(ephemeral ? { ephemeral_for: interaction.user_id } : {}),
    ...(on ? { replied: on } : {}),
  })
}

/** Sends a follow-up; right after a deferred answer it fills that in instead. https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message */
export function followUp(world: World, token: string, body: MessageBody, uploads: Upload[]): Message {
  const interaction = followable(world, token)
  const original = interaction.original ? world.message(interaction.original) : undefined
  if (interaction.deferred && interaction.answered === DEFER && original) {
    return fill(world, interaction, original, body, uploads).message
  }
  const ephemeral = ((body.flags ?? 0) & EPHEMERAL) !== 0
  const written = write(world, body, { uploads, interaction: true, ephemeral })
  const { message } = speak(world, interaction, written, body, ephemeral, original?.message)
  if (interaction.deferred) note(world, interaction, { deferred: false })
  return message
}

/** Fills in a deferred answer: the message stops loading. */
function fill(
  world: World,
  interaction: Interaction,
  original: StoredMessage,
  body: MessageBody,
  uploads: Upload[],
): StoredMessage {
  const settled = { ...original, message: { ...original.message, flags: original.message.flags & ~LOADING } }
  const edited = edit(world, settled, body, uploads)
  if (interaction.deferred) note(world, interaction, { deferred: false })
  return edited
}

/** `@original` or a follow-up, by the interaction's token. Throws 10008, 10015, 50027. */
export function interactionMessage(
  world: World,
  token: string,
  messageId: string,
): { interaction: Interaction; stored: StoredMessage } {
  const interaction = followable(world, token)
  const stored = world.message(messageId === '@original' ? (interaction.original ?? '0') : messageId)
  const own = stored && (stored.interaction_id === interaction.id || stored.message.id === interaction.original)
  if (!stored || !own) throw refuse(10008)
  return { interaction, stored }
}

export function editInteractionMessage(
  world: World,
  token: string,
  messageId: string,
  body: MessageBody,
  uploads: Upload[],
): Message {
  const { interaction, stored } = interactionMessage(world, token, messageId)
  if (stored.message.id !== interaction.original) return edit(world, stored, body, uploads).message
  return fill(world, interaction, stored, body, uploads).message
}

export function deleteInteractionMessage(world: World, token: string, messageId: string): void {
  const { interaction, stored } = interactionMessage(world, token, messageId)
  erase(world, stored)
  if (stored.message.id === interaction.original && interaction.deferred) note(world, interaction, { deferred: false })
}
