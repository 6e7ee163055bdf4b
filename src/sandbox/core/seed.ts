/** A new world: one server, its channels, its people, and the bot with the permissions of its invite. */
import { randomBytes } from 'node:crypto'
import { PERMISSIONS, type Permission } from './permissions.ts'
import type { Application, Guild, GuildChannel, Member, Role, User } from './shapes.ts'
import type { World } from './world.ts'

export interface Seeded {
  application: Application
  bot: User
  guild: Guild
  people: Record<string, string>
}

const bits = (...names: Permission[]) => names.reduce((sum, name) => sum | PERMISSIONS[name], 0n)

/** What a new server lets everyone do. https://docs.discord.com/developers/topics/permissions#permissions-for-timed-out-members and Discord's own defaults */
const EVERYONE = bits(
  'view_channel',
  'send_messages',
  'send_messages_in_threads',
  'create_public_threads',
  'create_private_threads',
  'embed_links',
  'attach_files',
  'add_reactions',
  'use_external_emojis',
  'mention_everyone',
  'read_message_history',
  'use_application_commands',
  'change_nickname',
)

/** The bot's own role when the invite names nothing else. */
const DEFAULT_INVITE = bits(
  'view_channel',
  'send_messages',
  'send_messages_in_threads',
  'create_public_threads',
  'manage_threads',
  'manage_webhooks',
  'embed_links',
  'attach_files',
  'add_reactions',
  'use_external_emojis',
  'read_message_history',
)

const CHANNELS: [name: string, type: 0 | 15, topic: string][] = [
  ['general', 0, 'Say hello'],
  ['backrooms', 0, 'Where models talk to each other. Try /backrooms start'],
  ['status', 0, 'What narrators have to say'],
  ['transcripts', 0, 'Runs, word for word'],
  ['media', 0, 'Pictures'],
  ['logs', 0, 'What happened behind the scenes'],
  ['archive', 15, 'Runs kept as posts'],
]

const PEOPLE: [name: string, shown: string][] = [
  ['ada', 'Ada'],
  ['ben', 'Ben'],
  ['cleo', 'Cleo'],
]

export function makeUser(id: string, username: string, shown: string | null, bot = false): User {
  return {
    id,
    username,
    global_name: shown,
    avatar: null,
    discriminator: bot ? '0001' : '0',
    public_flags: 0,
    flags: 0,
    ...(bot ? { bot: true } : {}),
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  }
}

export function makeRole(id: string, name: string, permissions: bigint, position: number): Role {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  }
}

function makeMember(user: User, roles: string[], joined: string): Member {
  return {
    user,
    nick: null,
    avatar: null,
    banner: null,
    roles,
    joined_at: joined,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  }
}

export function makeChannel(
  id: string,
  guildId: string,
  type: GuildChannel['type'],
  name: string,
  position: number,
): GuildChannel {
  return {
    id,
    type,
    guild_id: guildId,
    name,
    position,
    parent_id: null,
    topic: null,
    nsfw: false,
    flags: 0,
    rate_limit_per_user: 0,
    permission_overwrites: [],
    ...(type === 4 ? {} : { last_message_id: null, default_auto_archive_duration: 1440 }),
    ...(type === 15
      ? { available_tags: [], default_reaction_emoji: null, default_sort_order: null, default_forum_layout: 0 as const }
      : {}),
  }
}

/** A bot token of Discord's look: the bot's id, a time, a secret. */
export function makeToken(botId: string): string {
  return `${Buffer.from(botId).toString('base64url')}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`
}

export function seed(world: World, permissions: bigint = DEFAULT_INVITE): Seeded {
  const guildId = world.newId()
  const applicationId = world.newId()
  const bot = makeUser(applicationId, 'Backrooms', null, true)
  const people: Record<string, string> = {}
  const joined = world.iso()

  world.roles.put(guildId, makeRole(guildId, '@everyone', EVERYONE, 0))
  const botRole = { ...makeRole(world.newId(), 'Backrooms', permissions, 1), managed: true, tags: { bot_id: bot.id } }
  world.roles.put(botRole.id, botRole)

  for (const [name, shown] of PEOPLE) {
    const user = makeUser(world.newId(), name, shown)
    people[name] = user.id
    world.members.put(user.id, makeMember(user, [], joined))
  }
  world.members.put(bot.id, makeMember(bot, [botRole.id], joined))

  CHANNELS.forEach(([name, type, topic], position) => {
    const channel = { ...makeChannel(world.newId(), guildId, type, name, position), topic }
    world.channels.put(channel.id, channel)
  })

  const seeded: Seeded = {
    application: {
      id: applicationId,
      name: 'Backrooms',
      description: '',
      flags: 0,
      token: makeToken(applicationId),
      verify_key: randomBytes(32).toString('hex'),
    },
    bot,
    guild: { id: guildId, name: 'The Backrooms', owner_id: people.ada ?? '' },
    people,
  }
  world.storage.put('world', '0', seeded)
  return seeded
}
