/** What the world holds, in the form Discord puts on the wire. */

export interface User {
  id: string
  username: string
  global_name: string | null
  avatar: string | null
  discriminator: string
  public_flags: number
  flags: number
  bot?: boolean
  banner: null
  accent_color: null
  avatar_decoration_data: null
  collectibles: null
  primary_guild: null
}

export interface Role {
  id: string
  name: string
  permissions: string
  position: number
  color: number
  colors: { primary_color: number; secondary_color: null; tertiary_color: null }
  hoist: boolean
  managed: boolean
  mentionable: boolean
  icon: null
  unicode_emoji: null
  flags: number
  tags?: { bot_id: string }
}

export interface Member {
  user: User
  nick: string | null
  avatar: null
  banner: null
  roles: string[]
  joined_at: string
  premium_since: null
  deaf: boolean
  mute: boolean
  pending: boolean
  flags: number
  communication_disabled_until: string | null
}

/** `type` 0: a role, 1: a member. https://docs.discord.com/developers/resources/channel#overwrite-object */
export interface Overwrite {
  id: string
  type: 0 | 1
  allow: string
  deny: string
}

export interface ForumTag {
  id: string
  name: string
  moderated: boolean
  emoji_id: string | null
  emoji_name: string | null
}

/** Channel types used here: 0 text, 4 category, 5 announcement, 15 forum. */
export interface GuildChannel {
  id: string
  type: 0 | 2 | 4 | 5 | 13 | 15
  guild_id: string
  name: string
  position: number
  parent_id: string | null
  topic: string | null
  nsfw: boolean
  flags: number
  rate_limit_per_user: number
  permission_overwrites: Overwrite[]
  last_message_id?: string | null
  last_pin_timestamp?: string | null
  default_auto_archive_duration?: number
  default_thread_rate_limit_per_user?: number
  available_tags?: ForumTag[]
  default_reaction_emoji?: null
  default_sort_order?: 0 | 1 | null
  default_forum_layout?: 0 | 1 | 2
}

/** Thread types: 10 in an announcement channel, 11 public, 12 private. */
export interface Thread {
  id: string
  type: 10 | 11 | 12
  guild_id: string
  parent_id: string
  owner_id: string
  name: string
  last_message_id: string | null
  flags: number
  rate_limit_per_user: number
  message_count: number
  member_count: number
  total_message_sent: number
  thread_metadata: {
    archived: boolean
    archive_timestamp: string
    auto_archive_duration: number
    locked: boolean
    create_timestamp: string
    invitable?: boolean
  }
  applied_tags?: string[]
}

export interface DirectChannel {
  id: string
  type: 1
  flags: number
  last_message_id: string | null
  recipients: User[]
}

export type Channel = GuildChannel | Thread | DirectChannel

export interface ThreadMember {
  id: string
  user_id: string
  join_timestamp: string
  flags: number
}

export interface Attachment {
  id: string
  filename: string
  size: number
  url: string
  proxy_url: string
  content_type?: string
  width?: number
  height?: number
  title?: string | null
  description?: string
  ephemeral?: boolean
  flags?: number
}

export interface MessageReference {
  type: number
  channel_id: string
  message_id?: string
  guild_id?: string
}

/** A message as stored; `resource` parts that depend on the reader (content, attachment signatures) are made when read. */
export interface Message {
  id: string
  type: number
  channel_id: string
  content: string
  author: User
  timestamp: string
  edited_timestamp: string | null
  tts: boolean
  mention_everyone: boolean
  mentions: User[]
  mention_roles: string[]
  attachments: Attachment[]
  embeds: Record<string, unknown>[]
  components: Record<string, unknown>[]
  pinned: boolean
  /** not shown: ISO time of the pin */
  pinned_at?: string
  flags: number
  reactions?: Record<string, unknown>[]
  nonce?: string | number
  webhook_id?: string
  application_id?: string
  interaction_metadata?: Record<string, unknown>
  interaction?: Record<string, unknown>
  message_reference?: MessageReference
  referenced_message?: Message | null
  position?: number
  thread?: Thread
}

export interface Webhook {
  id: string
  type: 1
  guild_id: string
  channel_id: string
  name: string
  avatar: string | null
  application_id: string | null
  token: string
  user: User
  url: string
}

export interface Emoji {
  id: string
  name: string
  user: User
  roles: string[]
  require_colons: boolean
  managed: boolean
  animated: boolean
  available: boolean
}

export interface CommandChoice {
  name: string
  value: string | number
  name_localizations?: Record<string, string> | null
}

export interface CommandOption {
  type: number
  name: string
  description: string
  required?: boolean
  choices?: CommandChoice[]
  options?: CommandOption[]
  channel_types?: number[]
  min_value?: number
  max_value?: number
  min_length?: number
  max_length?: number
  autocomplete?: boolean
  file_types?: string[]
  name_localizations?: Record<string, string> | null
  description_localizations?: Record<string, string> | null
}

/** `type` 1 slash, 2 user menu, 3 message menu. */
export interface Command {
  id: string
  application_id: string
  version: string
  type: number
  name: string
  description: string
  name_localizations: Record<string, string> | null
  description_localizations: Record<string, string> | null
  options?: CommandOption[]
  default_member_permissions: string | null
  dm_permission?: boolean
  contexts: number[] | null
  integration_types: number[]
  nsfw: boolean
  guild_id?: string
}

/** Interaction types: 2 command, 3 component, 4 autocomplete, 5 modal. */
export interface Interaction {
  id: string
  token: string
  type: number
  channel_id: string
  user_id: string
  created: number
  /** callback type the bot answered with, once it has */
  answered?: number
  /** the message that `@original` names */
  original?: string
  /** a deferred answer that is still to be edited in */
  deferred?: boolean
  ephemeral?: boolean
  /** the message a component sits on, or from whose component a modal was opened */
  message_id?: string
  modal?: Record<string, unknown>
  choices?: CommandChoice[]
  /** of an autocomplete: type of the option that choices are asked for */
  focused_type?: number
  /** what the person typed or clicked, for `interaction_metadata` */
  metadata: Record<string, unknown>
  command_name?: string
}

export interface Guild {
  id: string
  name: string
  owner_id: string
}

export interface Application {
  id: string
  name: string
  description: string
  flags: number
  token: string
  verify_key: string
}

export function isThread(channel: Channel): channel is Thread {
  return channel.type === 10 || channel.type === 11 || channel.type === 12
}

export function isDirect(channel: Channel): channel is DirectChannel {
  return channel.type === 1
}
