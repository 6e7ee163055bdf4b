/** Where the page finds a user's picture: `avatar_url` beside the hash that Discord's objects carry. */
import type { Message, User } from '../core/shapes.ts'
import type { World } from '../core/world.ts'

type Faced<T> = T & { avatar_url?: string }

/** Discord's CDN is not asked: what lies there for a real bot lies in this sandbox under the same path. */
const CDN = /^https:\/\/cdn\.discordapp\.com(\/(?:emojis|avatars|attachments)\/.+)$/

export function faced(world: World, user: User): Faced<User> {
  const url = user.avatar ? world.avatars.get(user.avatar)?.url : undefined
  return url ? { ...user, avatar_url: CDN.exec(url)?.[1] ?? url } : user
}

/** A message whose author, and the author it answers, have faces. */
export function facedMessage(world: World, message: Message): Message {
  const { referenced_message: referred } = message
  return {
    ...message,
    author: faced(world, message.author),
    ...(referred ? { referenced_message: { ...referred, author: faced(world, referred.author) } } : {}),
  }
}
