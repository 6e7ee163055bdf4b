/** Where the page finds a user's picture: `avatar_url` beside the hash that Discord's objects carry. */
import type { Message, User } from '../core/shapes.ts'
import type { World } from '../core/world.ts'

type Faced<T> = T & { avatar_url?: string }

/** Addresses of Discord's CDN (https://docs.discord.com/developers/reference#image-formatting-cdn-endpoints): what lies there for a real bot lies in this sandbox, and is served under the picture's hash. */
const CDN = /^https:\/\/cdn\.discordapp\.com\/|^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/

export function faced(world: World, user: User): Faced<User> {
  if (!user.avatar) return user
  const given = world.avatars.get(user.avatar)?.url
  // One of Discord's plain ones says no more than no picture: the page draws who has none by their name, as everywhere.
  if (given && CDN.test(given) && given.includes('/embed/avatars/')) return user
  const url = given && !CDN.test(given) ? given : `/avatars/${user.id}/${user.avatar}.png`
  return { ...user, avatar_url: url }
}

/** A message whose author, and the author it answers, have faces. */
function facedMessage(world: World, message: Message): Message {
  const { referenced_message: referred } = message
  return {
    ...message,
    author: faced(world, message.author),
    ...(referred ? { referenced_message: { ...referred, author: faced(world, referred.author) } } : {}),
  }
}

/** A message's reactions as this person sees them: `me` is theirs, not the bot's. */
export function reactionsFor(world: World, messageId: string, me: User): Record<string, unknown>[] {
  const reactions = world.message(messageId)?.message.reactions ?? []
  return reactions.map(({ users, ...shown }) => ({ ...shown, me: (users as string[]).includes(me.id) }))
}

/** A message as this person's page draws it. */
export function messageFor(world: World, message: Message, me: User): Message {
  const reactions = reactionsFor(world, message.id, me)
  const { reactions: _, ...rest } = facedMessage(world, message)
  return reactions.length > 0 ? { ...rest, reactions } : rest
}
