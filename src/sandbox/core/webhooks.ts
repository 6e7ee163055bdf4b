/** Webhooks: made by the bot, executed by whoever has the token. https://docs.discord.com/developers/resources/webhook */
import { createHash, randomBytes } from 'node:crypto'
import { channelOf, guildChannelOf, need, placeOf } from './access.ts'
import { needScheme } from './addresses.ts'
import type { Upload } from './attachments.ts'
import { characters } from './characters.ts'
import { invalidForm, refuse } from './errors.ts'
import { INTENTS } from './events.ts'
import { type MessageBody, write } from './message-body.ts'
import { needWritable, post, reopen } from './messages.ts'
import { storePicture } from './pictures.ts'
import { makeUser } from './seed.ts'
import { isDirect, isThread, type Message, type User, type Webhook } from './shapes.ts'
import { forumPost } from './thread-start.ts'
import type { World } from './world.ts'

/** https://docs.discord.com/developers/resources/webhook#create-webhook */
function checkName(field: string, name: string): void {
  const trimmed = name.trim()
  if (trimmed.length < 1 || characters(trimmed) > 80)
    throw invalidForm(field, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 80 in length.')
  for (const word of ['clyde', 'discord']) {
    if (trimmed.toLowerCase().includes(word)) {
      throw invalidForm(field, 'USERNAME_INVALID_CONTAINS', `Username cannot contain "${word}"`)
    }
  }
  if (/^(everyone|here)$/i.test(trimmed))
    throw invalidForm(field, 'USERNAME_INVALID', 'Username cannot be "everyone" or "here"')
}

export function createWebhook(
  world: World,
  by: User,
  channelId: string,
  wish: { name: string; avatar?: string | null },
): Webhook {
  const channel = guildChannelOf(world, channelId)
  need(world, by.id, channel, 'manage_webhooks')
  if (channel.type === 4) throw refuse(50024)
  checkName('name', wish.name)
  const here = world.webhooks.values().filter((webhook) => webhook.channel_id === channelId).length
  if (here >= world.limits.webhooksPerChannel) throw refuse(30007)
  const webhook: Webhook = {
    id: world.newId(),
    type: 1,
    guild_id: channel.guild_id,
    channel_id: channelId,
    name: wish.name.trim(),
    avatar: wish.avatar ? storePicture(world, wish.avatar, 'avatar') : null,
    application_id: by.id === world.bot.id ? world.application.id : null,
    token: randomBytes(51).toString('base64url'),
    user: by,
    url: '',
  }
  world.webhooks.put(webhook.id, webhook)
  announce(world, webhook)
  return webhook
}

export function editWebhook(
  world: World,
  webhook: Webhook,
  change: { name?: string | null; avatar?: string | null; channel_id?: string | null },
): Webhook {
  if (typeof change.name === 'string') checkName('name', change.name)
  if (change.channel_id) guildChannelOf(world, change.channel_id)
  const edited: Webhook = {
    ...webhook,
    ...(typeof change.name === 'string' ? { name: change.name.trim() } : {}),
    ...(change.avatar === undefined
      ? {}
      : { avatar: change.avatar === null ? null : storePicture(world, change.avatar, 'avatar') }),
    ...(change.channel_id ? { channel_id: change.channel_id } : {}),
  }
  world.webhooks.put(edited.id, edited)
  announce(world, edited)
  return edited
}

export function deleteWebhook(world: World, webhook: Webhook): void {
  world.webhooks.remove(webhook.id)
  announce(world, webhook)
}

function announce(world: World, webhook: Webhook): void {
  world.dispatch({
    t: 'WEBHOOKS_UPDATE',
    d: { guild_id: webhook.guild_id, channel_id: webhook.channel_id },
    guild_id: webhook.guild_id,
    intents: INTENTS.guild_webhooks,
    to_bot: true,
  })
}

/** Throws 10015 for an unknown webhook, 50027 for a wrong token. */
export function webhookOf(world: World, id: string, token?: string): Webhook {
  const webhook = world.webhooks.get(id)
  if (!webhook) throw refuse(10015)
  if (token !== undefined && webhook.token !== token) throw refuse(50027)
  return webhook
}

export interface Execution extends MessageBody {
  username?: string | null
  avatar_url?: string | null
  thread_name?: string | null
  applied_tags?: string[] | null
}

/** Sends through a webhook. Throws 10003, 50083/160005 in a locked thread, 220001 to 220003 around forums. https://docs.discord.com/developers/resources/webhook#execute-webhook */
export function executeWebhook(
  world: World,
  webhook: Webhook,
  body: Execution,
  uploads: Upload[],
  threadId?: string,
): Message {
  const channel = guildChannelOf(world, webhook.channel_id)
  const plainWebhook = webhook.application_id === null
  if (typeof body.username === 'string') checkName('username', body.username)
  needScheme('avatar_url', body.avatar_url, ['http', 'https'])
  const author: User = {
    ...makeUser(webhook.id, (body.username ?? webhook.name).trim(), null, true),
    discriminator: '0000',
    avatar: body.avatar_url ? avatarFrom(world, body.avatar_url) : webhook.avatar,
  }
  const extra: Partial<Message> = {
    webhook_id: webhook.id,
    ...(webhook.application_id ? { application_id: webhook.application_id } : {}),
    ...(body.tts ? { tts: true } : {}),
  }
  if (channel.type === 15 && !threadId) {
    if (!body.thread_name) throw refuse(220001)
    return forumPost(
      world,
      webhook.user,
      channel,
      { name: body.thread_name, applied_tags: body.applied_tags ?? [], message: body },
      uploads,
      { author, extra, plainWebhook },
    ).message
  }
  if (body.thread_name) throw refuse(channel.type === 15 ? 220002 : 220003)
  const written = write(world, body, { uploads, plainWebhook })
  const place = threadId ? placeFor(world, webhook, threadId) : channel
  needWritable(place)
  return post(world, { channel: place, author, written, allowed: body.allowed_mentions, extra }).message
}

/** The thread a webhook writes to: one of its own channel's, reopened when archived and not locked. */
function placeFor(world: World, webhook: Webhook, threadId: string) {
  const thread = channelOf(world, threadId)
  if (isDirect(thread) || !isThread(thread)) throw refuse(10003)
  if (placeOf(world, thread)?.id !== webhook.channel_id) throw refuse(10003)
  return reopen(world, thread, webhook.id)
}

/** The message of a webhook that its own routes may touch; `threadId` must be given when it is in a thread. Throws 10008. */
export function webhookMessage(world: World, webhook: Webhook, messageId: string, threadId?: string) {
  const stored = world.message(messageId)
  const where = threadId ?? webhook.channel_id
  if (!stored || stored.message.webhook_id !== webhook.id || stored.message.channel_id !== where) throw refuse(10008)
  return stored
}

/** Discord fetches the picture and shows it under a hash of its own. */
function avatarFrom(world: World, url: string): string {
  const hash = createHash('md5').update(url).digest('hex')
  if (!world.avatars.get(hash)) world.avatars.put(hash, { id: hash, url })
  return hash
}
