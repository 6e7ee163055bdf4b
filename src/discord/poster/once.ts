import {
  type APIMessage,
  type APIThreadChannel,
  type RESTGetAPIGuildThreadsResult,
  Routes,
} from 'discord-api-types/v10'
import type { Bus } from '../../core/bus.ts'
import type { Delivery } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Api } from './api.ts'
import { findAfter } from './history.ts'
import { ownMessage } from './messages.ts'
import type { Place } from './places.ts'
import { idAt, laterId, timeOf } from './snowflake.ts'
import { isTooLarge, troubleOf } from './trouble.ts'
import type { Voice, Words } from './voice.ts'

/** Discord remembers a nonce for a few minutes; within this time (ms) sending again cannot double. */
const NONCE_HOLDS = 110_000
/** Clocks differ: what was sent may be this much (ms) older by Discord's clock than by ours. */
const CLOCKS_DIFFER = 10 * 60_000

/** Puts things into Discord that may be there already, each once (rule 2): after a doubtful attempt it looks first. */
export type Once = ReturnType<typeof makeOnce>

export function makeOnce({ api, store, bus, botUserId }: { api: Api; store: Store; bus: Bus; botUserId: string }) {
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

  /** Words of a persona; `ifTooLarge` are said in their place where Discord finds their files too large. */
  async function speak(
    delivery: Delivery,
    run: Run | null,
    voice: Voice,
    place: Place,
    words: Words,
    ifTooLarge: Words | null = null,
  ): Promise<string> {
    for (const each of ifTooLarge === null ? [words] : [words, ifTooLarge]) {
      const found = await saidBefore(delivery, run, voice, place, each)
      if (found) return found
    }
    const say = (each: Words) => attempt(delivery, () => voice.say(each, delivery.id))
    const message = await say(words).catch((error: unknown) => {
      if (ifTooLarge === null || !isTooLarge(error)) throw error
      return say(ifTooLarge)
    })
    return tellUploads(delivery, message).id
  }

  /** The message of a doubtful attempt, if it is there. */
  async function saidBefore(
    delivery: Delivery,
    run: Run | null,
    voice: Voice,
    place: Place,
    words: Words,
  ): Promise<string | null> {
    const tooLateForNonce = Date.now() - (delivery.attempted_at ?? 0) > NONCE_HOLDS
    if (!doubtful(delivery) || (voice.nonces && !tooLateForNonce)) return null
    const wanted = voice.textFor(words).trim()
    const after = await since(delivery, run, place.threadId !== null && place.threadId === run?.thread_id)
    const found = await findAfter(api, place.target, after, async (message) => {
      if (!voice.mayHaveSaid(message, words.persona) || !(await unknownToUs(message))) return false
      if (message.attachments.length !== (words.files?.length ?? 0)) return false
      return sameWords(await voice.textOf(message), wanted)
    })
    if (!found) return null
    await voice.mend(found.id, words)
    return tellUploads(delivery, found).id
  }

  function tellUploads({ run_id, body }: Delivery, message: APIMessage): APIMessage {
    if (run_id === null || body.kind !== 'post') return message
    // In their order: Discord may change a file's name.
    const files = message.attachments.flatMap(({ url }, at) => {
      const name = body.files[at]?.name
      return name === undefined ? [] : [[name, url] as const]
    })
    if (files.length > 0 && files.length === body.files.length)
      bus.emit({ type: 'uploaded', run_id, files: Object.fromEntries(files) })
    return message
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

  return { doubtful, attempt, triedSince, since, own, speak, openOnce }
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

/** Discord takes white space off the ends; a mark may stand where it was. */
export const sameWords = (posted: string, wanted: string): boolean =>
  posted.replaceAll(/^[\u200b\s]+|[\u200b\s]+$/g, '') === wanted.replaceAll(/^[\u200b\s]+|[\u200b\s]+$/g, '')
