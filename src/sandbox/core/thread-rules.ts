/** What the schema does not check of a thread's fields. https://docs.discord.com/developers/resources/channel#modify-channel-json-params-thread */
import { may } from './access.ts'
import { invalidForm, refuse } from './errors.ts'
import type { GuildChannel, Thread, User } from './shapes.ts'
import type { World } from './world.ts'

/** Throws 50035 for a name of white space alone. */
export function checkThreadName(name: string): void {
  if (name.trim() === '') throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
}

/** PINNED, the one flag that can be set: in forums, one post at a time, by who manages threads. https://docs.discord.com/developers/resources/channel#channel-object-channel-flags */
const PINNED = 1 << 1

/** Throws 50024 outside of forums, 50013. @returns the thread's flags with what may be set of the wish */
export function threadFlags(world: World, userId: string, thread: Thread, parent: GuildChannel, wish: number): number {
  const changed = (wish ^ thread.flags) & PINNED
  if (!Number.isInteger(wish) || wish < 0)
    throw invalidForm('flags', 'NUMBER_TYPE_COERCE', `Value "${wish}" is not int.`)
  if (!changed) return thread.flags
  if (parent.type !== 15) throw refuse(50024)
  if (!may(world, userId, thread, 'manage_threads')) throw refuse(50013)
  return thread.flags ^ changed
}

/** Flag REQUIRE_TAG. https://docs.discord.com/developers/resources/channel#channel-object-channel-flags */
const REQUIRE_TAG = 1 << 4

/**
 * Tags of a post: only a forum's own, each once; moderated ones are put on and taken off by who manages threads.
 * Throws 40066 and 40067 where a tag is needed, 50035, 50013. https://docs.discord.com/developers/resources/channel#forum-tag-object
 */
export function checkTags(world: World, owner: User, forum: GuildChannel, tags: string[], before: string[] = []): void {
  if (forum.type !== 15) {
    if (tags.length > 0) throw refuse(50024)
    return
  }
  const known = forum.available_tags ?? []
  const manages = may(world, owner.id, forum, 'manage_threads')
  tags.forEach((id, at) => {
    if (!known.some((tag) => tag.id === id)) throw invalidForm(`applied_tags.${at}`, 'TAG_INVALID', 'Unknown tag')
    if (tags.indexOf(id) !== at) throw invalidForm(`applied_tags.${at}`, 'TAG_DUPLICATED', 'Each tag can be set once')
  })
  const changed = (id: string) => tags.includes(id) !== before.includes(id)
  if (!manages && known.some((tag) => tag.moderated && changed(tag.id))) throw refuse(50013)
  if (!(forum.flags & REQUIRE_TAG) || tags.length > 0) return
  throw refuse(manages || known.some((tag) => !tag.moderated) ? 40067 : 40066)
}
