/**
 * What happens in the world, as gateway dispatches. Shape of one:
 *   t, d                 event name and payload as Discord sends it
 *   guild_id             for sharding: (guild_id >> 22) % shards; absent means shard 0
 *   intents              bits, any of which admits it; 0: every session
 *   to_bot               false: only for the page (ephemeral messages, what the bot may not view)
 *   d_without_content    what a session without the MESSAGE_CONTENT intent gets instead of `d`
 *   for_user             the one person who may see it (ephemeral messages)
 * `World.subscribe(listener)` hands each of them over, in order, after its request is on disk.
 */
export interface Dispatch {
  t: string
  d: Record<string, unknown>
  guild_id?: string
  intents: number
  to_bot: boolean
  d_without_content?: Record<string, unknown>
  for_user?: string
}

export type Listener = (dispatch: Dispatch) => void

export class Emitter {
  #listeners = new Set<Listener>()

  /** @returns a function that ends the subscription */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(dispatch: Dispatch): void {
    for (const listener of [...this.#listeners]) listener(dispatch)
  }
}

/** Intents by name. https://docs.discord.com/developers/events/gateway#list-of-intents */
export const INTENTS = {
  guilds: 1 << 0,
  guild_members: 1 << 1,
  guild_moderation: 1 << 2,
  guild_expressions: 1 << 3,
  guild_webhooks: 1 << 5,
  guild_messages: 1 << 9,
  guild_message_reactions: 1 << 10,
  guild_message_typing: 1 << 11,
  direct_messages: 1 << 12,
  message_content: 1 << 15,
} as const
