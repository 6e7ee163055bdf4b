/** Webhooks, the application's own (an interaction's token) included. https://docs.discord.com/developers/resources/webhook */
import { guildChannelOf, need, needInGuild } from '../../core/access.ts'
import { deleteInteractionMessage, editInteractionMessage, followUp, interactionMessage } from '../../core/callbacks.ts'
import type { MessageBody } from '../../core/message-body.ts'
import { edit, erase } from '../../core/message-changes.ts'
import { webhookPayload } from '../../core/payloads.ts'
import type { Message } from '../../core/shapes.ts'
import { viewMessage } from '../../core/views.ts'
import {
  createWebhook,
  deleteWebhook,
  type Execution,
  editWebhook,
  executeWebhook,
  webhookMessage,
  webhookOf,
} from '../../core/webhooks.ts'
import { type Call, flag, idOfQuery, nothing, ok, part, type Route } from '../route.ts'

const WEBHOOK = 'GuildIncomingWebhookResponse|ApplicationIncomingWebhookResponse'
const MESSAGE = 'MessageResponse'

/** A webhook shown to the bot: who made it, the token of its own. */
const shown = (call: Call, webhook: Parameters<typeof webhookPayload>[1]) => ok(webhookPayload(call.world, webhook))

/** Through its own token a webhook is shown without its maker. */
function bare(call: Call, webhook: Parameters<typeof webhookPayload>[1]) {
  const { user: _, ...rest } = webhookPayload(call.world, { ...webhook, application_id: webhook.application_id }) as {
    user: unknown
  }
  return ok({ ...rest, token: webhook.token })
}

function manageable(call: Call) {
  const webhook = webhookOf(call.world, part(call, 'webhook_id'))
  need(call.world, call.world.bot.id, guildChannelOf(call.world, webhook.channel_id), 'manage_webhooks')
  return webhook
}

const managed: Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/webhooks',
    bucket: 'manage webhooks',
    auth: 'bot',
    request: 'CreateWebhook',
    response: WEBHOOK,
    run: (call) =>
      shown(call, createWebhook(call.world, call.world.bot, part(call, 'channel_id'), call.body as { name: string })),
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/webhooks',
    bucket: 'manage webhooks',
    auth: 'bot',
    response: `${WEBHOOK.split('|')[0]}[]`,
    run: (call) => {
      const channel = guildChannelOf(call.world, part(call, 'channel_id'))
      need(call.world, call.world.bot.id, channel, 'manage_webhooks')
      return ok(
        call.world.webhooks
          .values()
          .filter((w) => w.channel_id === channel.id)
          .map((w) => webhookPayload(call.world, w)),
      )
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/webhooks',
    bucket: 'manage webhooks',
    auth: 'bot',
    response: `${WEBHOOK.split('|')[0]}[]`,
    run: (call) => {
      needInGuild(call.world, call.world.bot.id, part(call, 'guild_id'), 'manage_webhooks')
      return ok(call.world.webhooks.values().map((w) => webhookPayload(call.world, w)))
    },
  },
  {
    method: 'GET',
    path: '/webhooks/:webhook_id',
    bucket: 'manage webhooks',
    auth: 'bot',
    response: WEBHOOK,
    run: (call) => shown(call, manageable(call)),
  },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook_id',
    bucket: 'manage webhooks',
    auth: 'bot',
    request: 'EditWebhook',
    response: WEBHOOK,
    run: (call) =>
      shown(call, editWebhook(call.world, manageable(call), call.body as Parameters<typeof editWebhook>[2])),
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook_id',
    bucket: 'manage webhooks',
    auth: 'bot',
    run: (call) => {
      deleteWebhook(call.world, manageable(call))
      return nothing
    },
  },
]

const threadOf = (call: Call) => idOfQuery(call, 'thread_id')?.toString()

const named = (call: Call) => webhookOf(call.world, part(call, 'webhook_id'), part(call, 'webhook_token'))

const byToken: Route[] = [
  {
    method: 'GET',
    path: '/webhooks/:webhook_id/:webhook_token',
    bucket: 'read webhook',
    auth: 'open',
    response: WEBHOOK,
    run: (call) => bare(call, named(call)),
  },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook_id/:webhook_token',
    bucket: 'manage webhooks',
    auth: 'open',
    request: 'EditWebhook',
    response: WEBHOOK,
    run: (call) => {
      const { name, avatar } = call.body as { name?: string; avatar?: string | null }
      return bare(
        call,
        editWebhook(call.world, named(call), {
          ...(name ? { name } : {}),
          ...(avatar === undefined ? {} : { avatar }),
        }),
      )
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook_id/:webhook_token',
    bucket: 'manage webhooks',
    auth: 'open',
    run: (call) => {
      deleteWebhook(call.world, named(call))
      return nothing
    },
  },
]

/** Through its own routes a webhook's messages are whole, whatever the bot's intents. */
const whole = (call: Call, message: Message) => ok(viewMessage(call.world, message))

function messages(interaction: boolean): Route[] {
  const base = interaction ? '/webhooks/:webhook_id/:interaction_token' : '/webhooks/:webhook_id/:webhook_token'
  const common = { auth: 'open' as const, ...(interaction ? { interaction: true as const } : {}) }
  const token = (call: Call) => part(call, interaction ? 'interaction_token' : 'webhook_token')
  const found = (call: Call) =>
    interaction
      ? interactionMessage(call.world, token(call), part(call, 'message_id')).stored
      : webhookMessage(call.world, named(call), part(call, 'message_id'), threadOf(call))
  return [
    {
      ...common,
      method: 'POST',
      path: base,
      bucket: interaction ? 'interaction webhook' : 'execute webhook',
      request: 'IncomingWebhookRequestPartial',
      response: MESSAGE,
      run: (call) => {
        if (interaction) return whole(call, followUp(call.world, token(call), call.body as MessageBody, call.uploads))
        const message = executeWebhook(call.world, named(call), call.body as Execution, call.uploads, threadOf(call))
        return flag(call, 'wait') ? whole(call, message) : nothing
      },
    },
    {
      ...common,
      method: 'GET',
      path: `${base}/messages/:message_id`,
      bucket: 'read webhook',
      response: MESSAGE,
      run: (call) => whole(call, found(call).message),
    },
    {
      ...common,
      method: 'PATCH',
      path: `${base}/messages/:message_id`,
      bucket: interaction ? 'interaction webhook' : 'edit webhook message',
      request: 'IncomingWebhookUpdateRequestPartial',
      response: MESSAGE,
      run: (call) => {
        const body = call.body as MessageBody
        if (interaction)
          return whole(
            call,
            editInteractionMessage(call.world, token(call), part(call, 'message_id'), body, call.uploads),
          )
        return whole(
          call,
          edit(call.world, found(call), body, call.uploads, named(call).application_id === null).message,
        )
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: `${base}/messages/:message_id`,
      bucket: interaction ? 'interaction webhook' : 'edit webhook message',
      run: (call) => {
        if (interaction) deleteInteractionMessage(call.world, token(call), part(call, 'message_id'))
        else erase(call.world, found(call))
        return nothing
      },
    },
  ]
}

export const webhookRoutes: Route[] = [...managed, ...byToken, ...messages(false)]

/** The same addresses with the application's id in them; `rest/app.ts` tells the two apart. */
export const interactionWebhookRoutes: Route[] = messages(true)
