import { DiscordAPIError } from 'discord.js'
import { type APIWebhook, PermissionFlagsBits, RESTJSONErrorCodes, Routes } from 'discord-api-types/v10'
import type { SettingsStore } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Api } from './poster/api.ts'
import type { OwnPermissions } from './poster/own-permissions.ts'

export interface Hook {
  id: string
  token: string
}

interface NoHook {
  /** One sentence: why the bot has to speak itself. */
  why: string
}

/** Which webhook speaks in a lane. A lane keeps its webhook, so that its messages can be found and edited through it. */
export interface Webhooks {
  of(channelId: string, lane: string): Promise<Hook | NoHook>
  /** Known without asking Discord, for what may not wait. */
  known(lane: string): string | null
  /** Why the bot speaks itself in this channel, as far as that is known. */
  whyNot(channelId: string): string | null
  /** Discord says this webhook is no more. */
  dropped(channelId: string, hookId: string): void
  /** The lane is done: its webhook may carry another. */
  release(lane: string): Promise<void>
}

const NAME = 'Backrooms'
const NO_PERMISSION = 'the bot has no Manage Webhooks permission in this channel'
/** Threads of one channel share their webhook's rate limit, so a busy channel gets more of them. Discord allows 15, and others want some. */
const MOST_HOOKS = 5
const LANES_PER_HOOK = 4
/** How long (ms) a refusal is believed. */
const ASK_AGAIN_AFTER = 60_000

interface ChannelHooks {
  hooks: Hook[]
  full: boolean
}

interface Options {
  api: Api
  store: SettingsStore
  log: Log
  applicationId: string
  permissions: Pick<OwnPermissions, 'in'>
}

export function makeWebhooks({ api, store, log, applicationId, permissions }: Options): Webhooks {
  const channels = new Map<string, ChannelHooks>()
  const refused = new Map<string, { why: string; until: number }>()
  const lanes = new Map<string, { channelId: string; hookId: string }>()
  const queues = new Map<string, Promise<unknown>>()

  const factOf = (lane: string) => `webhook:${lane}`

  async function hooksOf(channelId: string): Promise<ChannelHooks> {
    const known = channels.get(channelId)
    if (known) return known
    const all = await api.request<APIWebhook[]>('get', Routes.channelWebhooks(channelId))
    const hooks = all.flatMap(({ id, token, application_id }) =>
      application_id === applicationId && token ? [{ id, token }] : [],
    )
    const found = { hooks, full: false }
    channels.set(channelId, found)
    return found
  }

  async function make(channelId: string): Promise<Hook> {
    try {
      const made = await api.request<APIWebhook>('post', Routes.channelWebhooks(channelId), { body: { name: NAME } })
      if (!made.token) throw new Error('Discord gave the webhook no token.')
      log.info({ channel: channelId, webhook: made.id }, 'made a webhook')
      return { id: made.id, token: made.token }
    } catch (error) {
      // It may be there all the same: the next look at the channel's list tells.
      channels.delete(channelId)
      throw error
    }
  }

  const load = (hook: Hook) => [...lanes.values()].filter(({ hookId }) => hookId === hook.id).length

  async function choose(channelId: string, lane: string): Promise<Hook> {
    const there = await hooksOf(channelId)
    const before = lanes.get(lane)?.hookId ?? (await store.fact(factOf(lane)))
    const kept = there.hooks.find(({ id }) => id === before)
    const free = kept ?? there.hooks.toSorted((a, b) => load(a) - load(b))[0]
    if (kept || (free && (load(free) < LANES_PER_HOOK || there.full || there.hooks.length >= MOST_HOOKS)))
      return remember(channelId, lane, kept ?? (free as Hook), before)
    try {
      const made = await make(channelId)
      const { hooks } = await hooksOf(channelId)
      if (!hooks.some(({ id }) => id === made.id)) hooks.push(made)
      return await remember(channelId, lane, made, before)
    } catch (error) {
      if (!free || !isRefusal(error)) throw error
      there.full = true
      channels.set(channelId, there)
      return remember(channelId, lane, free, before)
    }
  }

  async function remember(channelId: string, lane: string, hook: Hook, before: string | null): Promise<Hook> {
    lanes.set(lane, { channelId, hookId: hook.id })
    if (hook.id !== before) await store.setFact(factOf(lane), hook.id)
    return hook
  }

  async function ask(channelId: string, lane: string): Promise<Hook | NoHook> {
    const no = refused.get(channelId)
    if (no && no.until > Date.now()) return { why: no.why }
    // Discord counts every refusal against the bot: it asks for no webhook where it may have none.
    const there = channels.has(channelId) ? null : await permissions.in(channelId)
    if (there !== null && (there & PermissionFlagsBits.ManageWebhooks) === 0n) return refuse(channelId, NO_PERMISSION)
    try {
      const hook = await choose(channelId, lane)
      refused.delete(channelId)
      return hook
    } catch (error) {
      const why = isRefusal(error)
      if (!why) throw error
      return refuse(channelId, why)
    }
  }

  function refuse(channelId: string, why: string): NoHook {
    refused.set(channelId, { why, until: Date.now() + ASK_AGAIN_AFTER })
    return { why }
  }

  return {
    of(channelId, lane) {
      // One at a time for each channel: two runs that start together shall not both make its first webhook.
      const next = (queues.get(channelId) ?? Promise.resolve()).then(
        () => ask(channelId, lane),
        () => ask(channelId, lane),
      )
      queues.set(channelId, next)
      return next
    },
    known: (lane) => lanes.get(lane)?.hookId ?? null,
    whyNot: (channelId) => refused.get(channelId)?.why ?? null,
    dropped(channelId, hookId) {
      const there = channels.get(channelId)
      if (there) there.hooks = there.hooks.filter(({ id }) => id !== hookId)
      for (const [lane, { hookId: used }] of lanes) if (used === hookId) lanes.delete(lane)
    },
    async release(lane) {
      lanes.delete(lane)
      await store.setFact(factOf(lane), null)
    },
  }
}

/** Why Discord will not let the bot have a webhook here; null when the error says something else. */
function isRefusal(error: unknown): string | null {
  if (!(error instanceof DiscordAPIError)) return null
  if (error.code === RESTJSONErrorCodes.MissingPermissions) return NO_PERMISSION
  if (error.code === RESTJSONErrorCodes.MaximumNumberOfWebhooksReached)
    return 'this channel has as many webhooks as Discord allows, and none is the bot’s'
  return null
}
