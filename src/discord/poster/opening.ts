import { DiscordAPIError } from 'discord.js'
import {
  type APIMessage,
  ChannelFlags,
  ChannelType,
  RESTJSONErrorCodes,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10'
import type { Delivery } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import { HARMLESS } from './messages.ts'
import { type Once, sameWords } from './once.ts'
import type { DeliverParts, Of } from './parts.ts'
import { isForum, threadOf } from './places.ts'
import { idAt } from './snowflake.ts'

type Parts = Pick<DeliverParts, 'api' | 'store' | 'bus' | 'places' | 'panels' | 'dashboards'>

/** What opens a run or a batch: its announcement, its thread, its control panel, its dashboard. */
export function makeOpening({ api, store, bus, places, panels, dashboards }: Parts, once: Once) {
  const { doubtful, attempt, triedSince, since, own, openOnce } = once

  async function announce(delivery: Of<'announce'>, run: Run): Promise<string | null> {
    const channelId = run.channel_id ?? ''
    if (isForum(await places.channel(channelId))) return null
    const body = { content: delivery.body.text, ...HARMLESS }
    const isIt = (message: APIMessage) => sameWords(message.content, body.content.trim())
    return own(delivery, channelId, () => since(delivery, run, false), body, isIt)
  }

  async function thread(delivery: Of<'thread'>, run: Run): Promise<string> {
    if (run.thread_id !== null) return run.thread_id
    const channel = await places.channel(run.channel_id ?? '')
    const name = delivery.body.title
    const archiveAfter = { auto_archive_duration: ThreadAutoArchiveDuration.OneWeek }
    if (isForum(channel)) {
      const tags = 'available_tags' in channel ? channel.available_tags : []
      const needsTag = 'flags' in channel && ((channel.flags ?? 0) & ChannelFlags.RequireTag) !== 0
      const post = {
        name,
        ...archiveAfter,
        message: { ...panels.message(run), allowed_mentions: { parse: [] } },
        ...(needsTag && tags[0] ? { applied_tags: [tags[0].id] } : {}),
      }
      const fresh = !doubtful(delivery)
      const id = await openOnce(delivery, run, name, Routes.threads(channel.id), post)
      await opened(run, { thread_id: id, panel_message_id: id }, fresh)
      return id
    }
    const announcement = (await store.delivered(run.id)).find(({ body }) => body.kind === 'announce')?.message_id
    const id =
      (announcement && (await threadFrom(delivery, channel.id, announcement, { name, ...archiveAfter }))) ??
      (await openOnce(delivery, run, name, Routes.threads(channel.id), {
        name,
        ...archiveAfter,
        type:
          channel.type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread,
      }))
    await opened(run, { thread_id: id })
    return id
  }

  /** A thread that hangs from a message has that message's id. Null when the message was deleted. */
  async function threadFrom(
    delivery: Delivery,
    channelId: string,
    messageId: string,
    body: object,
  ): Promise<string | null> {
    try {
      if (doubtful(delivery)) {
        const message = await api.request<APIMessage>('get', Routes.channelMessage(channelId, messageId))
        if (message.thread) return messageId
      }
      await attempt(delivery, () => api.request('post', Routes.threads(channelId, messageId), { body }))
      return messageId
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error
      if (error.code === RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage) return messageId
      if (error.code === RESTJSONErrorCodes.UnknownMessage) return null
      throw error
    }
  }

  /** `fresh`: a panel that was posted just now shows the run as it was given here. */
  async function opened(
    run: Run,
    set: { thread_id?: string; panel_message_id?: string },
    fresh = false,
  ): Promise<void> {
    const changed = await store.change(run.id, () => ({ set }))
    // The panel shows nothing of these ids. Whatever else has changed while it was being posted, it does not show yet.
    if (fresh && changed?.run.rev === run.rev + 1) await store.panelShown(run.id, changed.run.rev)
    bus.emit({ type: 'changed', run_id: run.id, ...(changed && { run: changed.run }) })
  }

  async function panel(delivery: Of<'panel'>, run: Run): Promise<string> {
    if (run.panel_message_id !== null) return run.panel_message_id
    const target = threadOf(run)
    const isIt = (message: APIMessage) => message.embeds.some(({ footer }) => footer?.text.includes(run.id))
    const fresh = !doubtful(delivery)
    const id = await own(delivery, target, () => since(delivery, run, true), panels.message(run), isIt)
    await opened(run, { panel_message_id: id }, fresh)
    return id
  }

  async function dashboard(delivery: Of<'dashboard'>): Promise<string | null> {
    const batch = await store.batch(delivery.body.batch_id)
    if (!batch || batch.message_id !== null) return batch?.message_id ?? null
    const channelId = delivery.lane.slice('channel:'.length)
    const message = await dashboards.message(batch)
    const isIt = ({ embeds }: APIMessage) => embeds.some(({ footer }) => footer?.text.includes(batch.id))
    let [id, place] = ['', channelId]
    if (isForum(await places.channel(channelId))) {
      const post = { name: batch.name.slice(0, 100), message: { ...message, allowed_mentions: { parse: [] } } }
      const where = { guild_id: batch.guild_id, channel_id: channelId }
      id = await openOnce(delivery, where, post.name, Routes.threads(channelId), post)
      place = id
    } else {
      id = await own(delivery, channelId, async () => idAt(triedSince(delivery)), message, isIt)
    }
    await store.changeBatch(batch.id, { message_id: id, message_place: place })
    bus.emit({ type: 'batch', batch_id: batch.id })
    return id
  }

  return { announce, thread, panel, dashboard }
}
