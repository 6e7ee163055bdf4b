/** What the schema does not check of a channel's fields. https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel */
import { characters } from './characters.ts'
import { invalidForm, refuse } from './errors.ts'
import type { ForumTag, GuildChannel } from './shapes.ts'
import type { World } from './world.ts'

const CATEGORY = 4
const FORUM = 15

/** A category "that contains up to 50 channels". https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
const MOST_CHILDREN = 50
const MOST_TAGS = 20
const TAG_NAME = 20

interface Fields {
  name?: string
  topic?: string | null
  parent_id?: string | null
  available_tags?: Partial<ForumTag>[] | null
}

export function checkChannel(world: World, channel: GuildChannel, wish: Fields): void {
  if (wish.name !== undefined && wish.name.trim() === '')
    throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
  const longest = channel.type === FORUM ? 4096 : 1024
  if (wish.topic && characters(wish.topic) > longest)
    throw invalidForm('topic', 'BASE_TYPE_MAX_LENGTH', `Must be ${longest} or fewer in length.`)
  if (wish.parent_id) checkParent(world, channel, wish.parent_id)
  if (wish.available_tags) checkTagList(channel, wish.available_tags)
}

function checkParent(world: World, channel: GuildChannel, parentId: string): void {
  const parent = world.channels.get(parentId)
  if (channel.type === CATEGORY)
    throw invalidForm('parent_id', 'CHANNEL_PARENT_INVALID', 'Categories cannot have subcategories')
  if (parent?.type !== CATEGORY) throw invalidForm('parent_id', 'CHANNEL_PARENT_INVALID_TYPE', 'Not a category')
  const inside = world.guildChannels().filter((other) => other.parent_id === parentId && other.id !== channel.id)
  if (inside.length >= MOST_CHILDREN)
    throw invalidForm('parent_id', 'CHANNEL_PARENT_MAX_CHANNELS', 'Maximum number of channels in category reached (50)')
}

/** https://docs.discord.com/developers/resources/channel#forum-tag-object */
function checkTagList(channel: GuildChannel, tags: Partial<ForumTag>[]): void {
  if (channel.type !== FORUM) throw refuse(50024)
  if (tags.length > MOST_TAGS) throw refuse(30048)
  tags.forEach((tag, at) => {
    const path = `available_tags.${at}`
    const name = (tag.name ?? '').trim()
    if (characters(name) > TAG_NAME)
      throw invalidForm(`${path}.name`, 'BASE_TYPE_BAD_LENGTH', `Must be ${TAG_NAME} or fewer in length.`)
    if (tag.emoji_id && tag.emoji_name)
      throw invalidForm(path, 'TAG_EMOJI_INVALID', 'At most one of emoji_id and emoji_name may be set')
    if (tags.findIndex((other) => (other.name ?? '').trim() === name) !== at)
      throw invalidForm(`${path}.name`, 'TAG_NAME_DUPLICATED', 'Tag names must be unique')
    if (tag.id && !channel.available_tags?.some((known) => known.id === tag.id))
      throw invalidForm(`${path}.id`, 'TAG_INVALID', 'Unknown tag')
  })
}
