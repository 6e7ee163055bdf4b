/** The application's emojis: up to 2,000, at permanent addresses. https://docs.discord.com/developers/resources/emoji#application-owned-emoji */
import { invalidForm, refuse } from './errors.ts'
import { readPicture } from './pictures.ts'
import type { Emoji } from './shapes.ts'
import type { World } from './world.ts'

function checkName(world: World, name: string, self?: string): void {
  if (!/^\w{2,32}$/.test(name))
    throw invalidForm('name', 'STRING_TYPE_REGEX', 'String value did not match validation regex.')
  if (world.emojis.values().some((emoji) => emoji.name === name && emoji.id !== self)) {
    throw invalidForm('name', 'APPLICATION_EMOJI_NAME_ALREADY_TAKEN', 'An emoji with this name already exists')
  }
}

export function createEmoji(world: World, wish: { name: string; image: string }): Emoji {
  checkName(world, wish.name)
  const picture = readPicture(wish.image, 'image')
  if (picture.bytes.byteLength > world.limits.emojiImage) {
    throw invalidForm(
      'image',
      'BINARY_TYPE_MAX_SIZE',
      `File cannot be larger than ${world.limits.emojiImage / 1024}.0 kb.`,
    )
  }
  if (world.emojis.size >= world.limits.applicationEmojis) throw refuse(30008)
  const id = world.newId()
  const emoji: Emoji = {
    id,
    name: wish.name,
    user: world.bot,
    roles: [],
    require_colons: true,
    managed: false,
    animated: picture.content_type === 'image/gif',
    available: true,
  }
  world.storage.putBlob(`emoji:${id}`, { name: wish.name, ...picture })
  world.emojis.put(id, emoji)
  return emoji
}

/** Throws 10014. */
export function emojiOf(world: World, id: string): Emoji {
  const emoji = world.emojis.get(id)
  if (!emoji) throw refuse(10014)
  return emoji
}

export function renameEmoji(world: World, emoji: Emoji, name: string): Emoji {
  checkName(world, name, emoji.id)
  const renamed = { ...emoji, name }
  world.emojis.put(emoji.id, renamed)
  return renamed
}

export function deleteEmoji(world: World, emoji: Emoji): void {
  world.emojis.remove(emoji.id)
  world.storage.removeBlob(`emoji:${emoji.id}`)
}
