import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DiscordAPIError } from 'discord.js'
import {
  type APIMessage,
  type APIThreadChannel,
  ChannelFlags,
  ChannelType,
  type RESTGetAPIGuildThreadsResult,
  RESTJSONErrorCodes,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10'
import type { Bus } from '../../core/bus.ts'
import type { Delivery, DeliveryBody } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import { shorten } from '../../core/shorten.ts'
import { LONGEST_CONTENT } from '../../core/split.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import type { Dashboards } from '../dashboard.ts'
import type { Panels } from '../panel.ts'
import type { Previews } from '../preview.ts'
import type { Api } from './api.ts'
import { findAfter } from './history.ts'
import { HARMLESS, ownMessage, rowsOf } from './messages.ts'
import { isForum, type Place, type Places } from './places.ts'
import { idAt, laterId, timeOf } from './snowflake.ts'
import { troubleOf } from './trouble.ts'
import type { Upload, Voice, Words } from './voice.ts'

export interface DeliverParts {
  api: Api
  store: Store
  bus: Bus
  log: Log
  places: Places
  panels: Panels
  dashboards: Dashboards
  previews: Previews
  voice: (place: Place, lane: string) => Promise<Voice>
  release: (lane: string) => Promise<void>
  botUserId: string
  dataDir: string
}

/** Does what a delivery says, unless it is done already, and resolves to its message's id (null: it makes none). */
export type Deliver = (delivery: Delivery, run: Run | null) => Promise<string | null>

type Kind = DeliveryBody['kind']
type Of<K extends Kind> = Delivery & { body: Extract<DeliveryBody, { kind: K }> }

/** Discord remembers a nonce for a few minutes; within this time (ms) sending again cannot double. */
const NONCE_HOLDS = 110_000
/** Clocks differ: what was sent may be this much (ms) older by Discord's clock than by ours. */
const CLOCKS_DIFFER = 10 * 60_000

export function makeDeliver(parts: DeliverParts): Deliver {
  const { api, store, bus, log, places, panels, previews, botUserId } = parts
  /** Attempts that certainly made nothing; every other attempt may have. */
  const madeNothing = new Set<string>()

  const doubtful = ({ id, attempted_at }: Delivery) => attempted_at !== null && !madeNothing.has(id)

  async function attempt<T>(delivery: Delivery, send: () => Promise<T>): Promise<T> {
    if (delivery.attempted_at === null) await store.attempted(delivery.id, Date.now())
    madeNothing.delete(delivery.id)
    try {
      return await send()
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble.kind !== 'later' || !trouble.doubtful) madeNothing.add(delivery.id)
      throw error
    }
  }

  const unknownToUs = async (message: { id: string }) => (await store.deliveryOfMessage(message.id)) === null
  const triedSince = (delivery: Delivery) => (delivery.attempted_at ?? Date.now()) - CLOCKS_DIFFER

  /** Where to look for a message of this lane from: everything before is acknowledged. */
  async function since(delivery: Delivery, run: Run | null, inThread: boolean): Promise<string> {
    return run && inThread ? lastMessage(store, run) : idAt(triedSince(delivery))
  }

  /** A message of the bot's own. `isIt` tells it from others of the bot's. */
  async function own(
    delivery: Delivery,
    target: string,
    after: () => Promise<string>,
    body: Parameters<typeof ownMessage>[1],
    isIt: (message: APIMessage) => boolean,
  ): Promise<string> {
    if (doubtful(delivery) && Date.now() - (delivery.attempted_at ?? 0) > NONCE_HOLDS) {
      const found = await findAfter(
        api,
        target,
        await after(),
        async (message) => message.author.id === botUserId && isIt(message) && unknownToUs(message),
      )
      if (found) return found.id
    }
    const route = Routes.channelMessages(target)
    return (
      await attempt(delivery, () => api.request<APIMessage>('post', route, { body: ownMessage(delivery.id, body) }))
    ).id
  }

  /** Words of a persona. */
  async function speak(delivery: Delivery, run: Run | null, voice: Voice, place: Place, words: Words): Promise<string> {
    const tooLateForNonce = Date.now() - (delivery.attempted_at ?? 0) > NONCE_HOLDS
    if (doubtful(delivery) && (!voice.nonces || tooLateForNonce)) {
      const wanted = voice.textFor(words).trim()
      const after = await since(delivery, run, place.threadId !== null && place.threadId === run?.thread_id)
      const found = await findAfter(api, place.target, after, async (message) => {
        if (!voice.mayHaveSaid(message, words.persona) || !(await unknownToUs(message))) return false
        if (message.attachments.length !== (words.files?.length ?? 0)) return false
        return sameWords(await voice.textOf(message), wanted)
      })
      if (found) {
        await voice.mend(found.id, words)
        return found.id
      }
    }
    return (await attempt(delivery, () => voice.say(words, delivery.id))).id
  }

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
      const id = await openOnce(delivery, run, name, Routes.threads(channel.id), post)
      await opened(run, { thread_id: id, panel_message_id: id })
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

  /** Opens a thread that nothing tells from another of its name, so after a doubtful attempt it looks among those that are there. */
  async function openOnce(
    delivery: Delivery,
    run: Pick<Run, 'guild_id' | 'channel_id'>,
    name: string,
    route: `/${string}`,
    body: object,
  ): Promise<string> {
    if (doubtful(delivery) && run.guild_id !== null) {
      const active = await api.request<RESTGetAPIGuildThreadsResult>('get', Routes.guildActiveThreads(run.guild_id))
      for (const each of active.threads as APIThreadChannel[]) {
        if (each.parent_id !== run.channel_id || each.owner_id !== botUserId || each.name !== name) continue
        if (timeOf(each.id) < triedSince(delivery)) continue
        if ((await store.runs({ thread_id: each.id, limit: 1 })).length === 0) return each.id
      }
    }
    return (await attempt(delivery, () => api.request<APIThreadChannel>('post', route, { body }))).id
  }

  async function opened(run: Run, set: { thread_id?: string; panel_message_id?: string }): Promise<void> {
    const changed = await store.change(run.id, () => ({ set }))
    // The panel shows nothing of these ids: what it shows is as true as before.
    if (set.panel_message_id && changed) await store.panelShown(run.id, changed.run.rev)
    bus.emit({ type: 'changed', run_id: run.id })
  }

  async function panel(delivery: Of<'panel'>, run: Run): Promise<string> {
    if (run.panel_message_id !== null) return run.panel_message_id
    const target = threadOf(run)
    const isIt = (message: APIMessage) => message.embeds.some(({ footer }) => footer?.text.includes(run.id))
    const id = await own(delivery, target, () => since(delivery, run, true), panels.message(run), isIt)
    await opened(run, { panel_message_id: id })
    return id
  }

  async function turn(delivery: Of<'turn'>, run: Run): Promise<string> {
    const place = placeOf(run)
    const voice = await parts.voice(place, delivery.lane)
    const { persona, content, part } = delivery.body
    const taken = await previews.takeOver(run, delivery.body, voice)
    return taken ?? speak(delivery, run, voice, place, { persona, content, first: part === 0 })
  }

  async function notice(delivery: Of<'notice'> | Of<'end'>, run: Run): Promise<string> {
    const { text, buttons = [] } = delivery.body
    const body = { content: text, ...HARMLESS, ...(buttons.length > 0 ? { components: rowsOf(buttons) } : {}) }
    const isIt = (message: APIMessage) => sameWords(message.content, text.trim())
    return own(delivery, threadOf(run), () => since(delivery, run, true), body, isIt)
  }

  async function post(delivery: Of<'post'>, run: Run | null): Promise<string | null> {
    const { persona, text, files, folded } = delivery.body
    const uploads = await readAll(files)
    if (text.trim() === '' && uploads.length === 0) return null
    const place = await placeOfLane(delivery.lane, run)
    const voice = await parts.voice(place, delivery.lane)
    const content = folded
      ? `||${shorten(text.replaceAll('||', '|\u200b|'), LONGEST_CONTENT - 4)}||`
      : shorten(text, LONGEST_CONTENT)
    return speak(delivery, run, voice, place, { persona, content, first: true, files: uploads })
  }

  async function archive(delivery: Of<'archive'>, run: Run): Promise<null> {
    await panels.last(run.id)
    try {
      await api.request('patch', Routes.channel(threadOf(run)), { body: { archived: true } })
    } catch (error) {
      if (troubleOf(error).kind === 'later') throw error
      log.debug({ run: run.id, reason: troubleOf(error).text }, 'a thread could not be archived')
    }
    await parts.release(delivery.lane)
    return null
  }

  async function dashboard(delivery: Of<'dashboard'>): Promise<string | null> {
    const batch = await store.batch(delivery.body.batch_id)
    if (!batch || batch.message_id !== null) return batch?.message_id ?? null
    const channelId = delivery.lane.slice('channel:'.length)
    const message = await parts.dashboards.message(batch)
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

  async function readAll(files: Of<'post'>['body']['files']): Promise<Upload[]> {
    const uploads: Upload[] = []
    for (const { path, name, content_type, description } of files) {
      try {
        const data = await readFile(join(parts.dataDir, path))
        uploads.push({ name, data, contentType: content_type, description: shorten(description, 1024) })
      } catch (err) {
        log.warn({ err, path }, 'a file that was to be posted is not there any more')
      }
    }
    return uploads
  }

  async function placeOfLane(lane: string, run: Run | null): Promise<Place> {
    if (lane.startsWith('channel:')) return places.of(lane.slice('channel:'.length))
    if (!run) throw new Error(`The lane ${lane} has no run.`)
    return placeOf(run)
  }

  return async (delivery, run) => {
    const { body } = delivery
    if (body.kind === 'post') {
      if (run) await giveWay(delivery, run)
      return post(delivery as Of<'post'>, run)
    }
    if (body.kind === 'dashboard') return dashboard(delivery as Of<'dashboard'>)
    if (!run) throw new Error(`The run of delivery ${delivery.id} is gone.`)
    if (body.kind !== 'turn') await giveWay(delivery, run)
    switch (body.kind) {
      case 'announce':
        return announce(delivery as Of<'announce'>, run)
      case 'thread':
        return thread(delivery as Of<'thread'>, run)
      case 'panel':
        return panel(delivery as Of<'panel'>, run)
      case 'turn':
        return turn(delivery as Of<'turn'>, run)
      case 'notice':
      case 'end':
        return notice(delivery as Of<'notice'> | Of<'end'>, run)
      case 'heard':
        return null
      case 'archive':
        return archive(delivery as Of<'archive'>, run)
    }
  }

  /** What is shown of a turn that is not finished must not stand before this. */
  async function giveWay(delivery: Delivery, run: Run): Promise<void> {
    if (!delivery.lane.startsWith('run:') || !previews.has(run.id) || run.thread_id === null) return
    await previews.clear(run, await parts.voice(placeOf(run), delivery.lane))
  }
}

/** The newest message of the run's thread that is acknowledged. */
export async function lastMessage(store: Store, run: Run): Promise<string> {
  const thread = run.thread_id ?? '0'
  const there = (await store.delivered(run.id)).filter(
    // A person's message may be newer than one of the bot's that is looked for.
    ({ lane, body }) => lane === `run:${run.id}` && body.kind !== 'announce' && body.kind !== 'heard',
  )
  return there.reduce((latest, { message_id }) => laterId(latest, message_id ?? '0'), thread)
}

export function placeOf(run: Run): Place {
  const target = threadOf(run)
  return { channelId: run.channel_id ?? target, threadId: target, target }
}

function threadOf(run: Run): string {
  if (run.thread_id === null) throw new Error(`Run ${run.id} has no thread yet.`)
  return run.thread_id
}

/** Discord takes white space off the ends; a mark may stand where it was. */
const sameWords = (posted: string, wanted: string): boolean =>
  posted.replaceAll(/^[\u200b\s]+|[\u200b\s]+$/g, '') === wanted.replaceAll(/^[\u200b\s]+|[\u200b\s]+$/g, '')
