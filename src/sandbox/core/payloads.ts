/** The large objects of the gateway and of GET routes, made from the world. */
import { may } from './access.ts'
import type { Webhook } from './shapes.ts'
import type { World } from './world.ts'

/** READY without session fields, which the gateway adds. https://docs.discord.com/developers/events/gateway-events#ready */
export function readyPayload(world: World): Record<string, unknown> {
  const inGuild = world.members.get(world.bot.id) !== undefined
  return {
    v: 10,
    user: botUser(world),
    guilds: inGuild ? [{ id: world.guild.id, unavailable: true }] : [],
    application: { id: world.application.id, flags: world.application.flags },
    private_channels: [],
    relationships: [],
    user_settings: {},
    presences: [],
    geo_ordered_rtc_regions: [],
    guild_join_requests: [],
    auth: {},
  }
}

/** GET /users/@me, and the user of READY. https://docs.discord.com/developers/resources/user#user-object */
export function botUser(world: World): Record<string, unknown> {
  return { ...world.bot, mfa_enabled: true, locale: 'en-US', premium_type: 0, email: null, verified: true }
}

/** https://docs.discord.com/developers/resources/guild#guild-object */
export function guildPayload(world: World): Record<string, unknown> {
  return {
    id: world.guild.id,
    name: world.guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: world.guild.owner_id,
    application_id: null,
    region: 'us-central',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: world.roles.values(),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  }
}

/** GUILD_CREATE. https://docs.discord.com/developers/events/gateway-events#guild-create */
export function guildCreatePayload(world: World): Record<string, unknown> {
  const bot = world.members.get(world.bot.id)
  return {
    ...guildPayload(world),
    joined_at: bot?.joined_at ?? world.iso(),
    large: false,
    unavailable: false,
    member_count: world.members.size,
    voice_states: [],
    members: bot ? [bot] : [],
    channels: world.guildChannels(),
    threads: activeThreads(world),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

/** Active threads that the bot can view, its membership with each. https://docs.discord.com/developers/topics/threads#gateway-events */
function activeThreads(world: World): Record<string, unknown>[] {
  return world
    .threads()
    .filter((thread) => !thread.thread_metadata.archived && may(world, world.bot.id, thread, 'view_channel'))
    .map((thread) => {
      const member = world.threadMembers.get(`${thread.id}:${world.bot.id}`)
      return { ...thread, ...(member ? { member } : {}) }
    })
}

/** https://docs.discord.com/developers/resources/application#application-object */
export function applicationPayload(world: World): Record<string, unknown> {
  const owner = world.members.get(world.guild.owner_id)?.user
  return {
    id: world.application.id,
    name: world.application.name,
    icon: null,
    description: world.application.description,
    type: null,
    flags: world.application.flags,
    flags_new: String(world.application.flags),
    bot: world.bot,
    bot_public: true,
    bot_require_code_grant: false,
    integration_types_config: { '0': {} },
    verify_key: world.application.verify_key,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner,
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  }
}

/** A webhook as the bot sees it: the token only of those it may execute. https://docs.discord.com/developers/resources/webhook#webhook-object */
export function webhookPayload(world: World, webhook: Webhook): Record<string, unknown> {
  const own = webhook.application_id === null || webhook.application_id === world.application.id
  const { token, url: _, ...rest } = webhook
  return own ? { ...rest, token, url: `${world.base}/api/webhooks/${webhook.id}/${token}` } : rest
}
