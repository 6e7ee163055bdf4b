/** Messages as one reader gets them: signed addresses, the thread and the message referred to, content where it may be read. */
import { INTENTS } from './events.ts'
import { readMedia } from './media.ts'
import { isDirect, isThread, type Message } from './shapes.ts'
import type { World } from './world.ts'

/** Flag HAS_THREAD. https://docs.discord.com/developers/resources/message#message-object-message-flags */
const HAS_THREAD = 1 << 5

export function viewMessage(world: World, message: Message, nested = false): Message {
  const { pinned_at: _, ...rest } = message
  const view: Message = {
    ...rest,
    ...readMedia(world, message),
  }
  if (message.reactions) view.reactions = message.reactions.map(({ users: _, ...shown }) => shown)
  if (message.flags & HAS_THREAD) {
    const thread = world.channels.get(message.id)
    if (thread && isThread(thread)) view.thread = thread
  }
  if (!nested && message.message_reference?.message_id && (message.type === 19 || message.type === 21)) {
    const referred = world.message(message.message_reference.message_id)
    view.referenced_message = referred ? viewMessage(world, referred.message, true) : null
  }
  return view
}

/**
 * Whether a bot without the message-content intent may read it: its own, in a direct message, or where it is mentioned.
 * Messages of its own webhooks are another author's. https://docs.discord.com/developers/events/gateway#message-content-intent
 */
function readableByBot(world: World, message: Message): boolean {
  if (message.author.id === world.bot.id) return true
  if (message.mentions.some((user) => user.id === world.bot.id)) return true
  const channel = world.channels.get(message.channel_id)
  return channel !== undefined && isDirect(channel)
}

export function withoutContent(world: World, view: Message): Message {
  const referred = view.referenced_message
  const inner = referred ? { referenced_message: withoutContent(world, referred) } : {}
  if (readableByBot(world, view)) return { ...view, ...inner }
  return { ...view, ...inner, content: '', embeds: [], attachments: [], components: [] }
}

/** What the bot gets over REST: emptied unless the application has been granted the intent. */
export function viewForBot(world: World, message: Message): Message {
  const view = viewMessage(world, message)
  const { nonce: _, ...rest } = view
  return world.privilegedIntents & INTENTS.message_content ? rest : withoutContent(world, rest)
}
