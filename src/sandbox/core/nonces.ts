/**
 * A nonce sent with `enforce_nonce` makes a second send of the same message answer with the first, for a few minutes.
 * https://docs.discord.com/developers/resources/message#create-message
 */
import type { StoredMessage } from './storage.ts'
import type { World } from './world.ts'

/** The message already sent with this nonce by this author, if it is still remembered and still there. */
export function sentBefore(world: World, authorId: string, nonce: string | number): StoredMessage | undefined {
  const remembered = world.nonces.get(`${authorId}:${nonce}`)
  if (!remembered || world.now() - remembered.at > world.limits.nonceLife) return undefined
  return world.message(remembered.message_id)
}

export function rememberNonce(world: World, authorId: string, nonce: string | number, messageId: string): void {
  const id = `${authorId}:${nonce}`
  world.nonces.put(id, { id, message_id: messageId, at: world.now() })
}

/** Forgets what is past its time. */
export function forgetNonces(world: World): void {
  for (const { id, at } of world.nonces.values()) {
    if (world.now() - at > world.limits.nonceLife) world.nonces.remove(id)
  }
}
