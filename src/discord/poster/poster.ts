import type { REST } from 'discord.js'
import { Routes } from 'discord-api-types/v10'
import type { Bus } from '../../core/bus.ts'
import { runLane } from '../../core/delivery.ts'
import { UserError } from '../../core/errors.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import { makeAnnouncements } from '../announcements.ts'
import { makeDashboards } from '../dashboard.ts'
import { makeFaces } from '../faces.ts'
import { makePanels } from '../panel.ts'
import { makePreviews } from '../preview.ts'
import { makeWebhooks } from '../webhooks.ts'
import { makeApi } from './api.ts'
import { makeDeliver } from './deliver.ts'
import type { Hooks } from './hooks.ts'
import { type Lane, type LaneParts, makeLane } from './lane.ts'
import { obstacleTo } from './obstacle.ts'
import { lastMessage } from './once.ts'
import { ownPermissions } from './own-permissions.ts'
import { makePlaces, type Place } from './places.ts'
import { reopen } from './reopen.ts'
import { retryBlocked } from './retrying.ts'
import { makeSettled } from './settled.ts'
import { LACKS_PERMISSION, lacks, troubleOf } from './trouble.ts'
import { type Trims, voiceIn } from './voice.ts'

export interface PosterOptions {
  /** Must not retry by itself (`retries: 0`): a POST whose answer was lost would be doubled. */
  rest: REST
  store: Store
  bus: Bus
  log: Log
  applicationId: string
  botUserId: string
  /** Where emojis have their pictures: `https://cdn.discordapp.com`. */
  cdnUrl: string
  /** Whether a turn is shown while it is written. */
  stream: boolean
  /** Where kept files are. */
  dataDir: string
  hooks: Hooks
  /** For rehearsals against an API whose rate limits are lifted. */
  unlimited?: boolean
  /** How often (ms) what waits for a person is tried again; five minutes by default. */
  retryMs?: number
}

const RETRY_MS = 5 * 60_000

/** Puts into Discord what the store owes it (rule 2), keeps panels true, and shows turns while they are written. */
export interface Poster {
  /** Takes up everything that is owed, half-written or stale. */
  start(): Promise<void>
  /** Resolves when nothing is owed any more that can be delivered, or after so many ms. */
  flush(ms: number): Promise<void>
  /** Stops; what is still owed stays owed. */
  close(): Promise<void>
  /** Why a run could not go on in its thread now, as a sentence; null: nothing is known that hinders it. */
  obstacle(run: Run): Promise<string | null>
  /** Deletes a run's thread and its announcement. Throws UserError where the bot may not. */
  removeThread(run: Run): Promise<void>
}

export function createPoster(options: PosterOptions): Poster {
  const { rest, store, bus, log, applicationId, botUserId, cdnUrl, stream, dataDir } = options
  if (options.unlimited) rest.options.globalRequestsPerSecond = Number.POSITIVE_INFINITY
  const api = makeApi(rest)
  const places = makePlaces(api)
  const permissions = ownPermissions(api, botUserId)
  const webhooks = makeWebhooks({ api, store, log, applicationId, permissions })
  const hooks: Hooks = {
    ...options.hooks,
    async onBlocked(runId, sentence) {
      const channelId = sentence === LACKS_PERMISSION ? (await store.run(runId))?.channel_id : null
      const missing = channelId ? await permissions.missing(channelId) : null
      await options.hooks.onBlocked(runId, missing === null || !channelId ? sentence : lacks(missing, channelId))
    },
  }
  const faces = makeFaces({ api, store, log, applicationId, cdnUrl })
  const announcements = makeAnnouncements({ api, store, log })
  const settled = makeSettled({ api, store, log })
  const seen = (run: Run) => void settled.look(run)
  const panels = makePanels({ api, store, bus, log, webhooks, announcements, hooks, seen })
  const dashboards = makeDashboards({ api, store, bus, log })
  const trims = trimsOf(store)
  const voice = (place: Place, lane: string) =>
    voiceIn({ api, faces, webhooks, trims, applicationId, botUserId }, place, lane)
  const previews = makePreviews({
    api,
    store,
    bus,
    log,
    stream,
    wake,
    lastMessage: (run) => lastMessage(store, run),
  })
  const deliver = makeDeliver({
    api,
    store,
    bus,
    log,
    places,
    panels,
    dashboards,
    previews,
    settled,
    voice,
    release: (lane) => webhooks.release(lane),
    botUserId,
    dataDir,
  })

  const laneParts: LaneParts = {
    ...{ store, bus, log, deliver, previews, voice, hooks },
    reopen: (threadId) => reopen(api, threadId),
    wakeIn,
  }
  const lanes = new Map<string, Lane>()
  const alarms = new Map<string, NodeJS.Timeout>()
  const leaving = new Set<string>()
  let closed = false
  let started = false

  function wake(lane: string): void {
    if (closed || !started || leaving.has(lane)) return
    const there = lanes.get(lane) ?? makeLane(lane, laneParts, () => lanes.delete(lane))
    lanes.set(lane, there)
    there.wake()
  }

  function wakeIn(lane: string, ms: number): void {
    if (alarms.has(lane)) return
    const ring = () => {
      alarms.delete(lane)
      wake(lane)
    }
    alarms.set(lane, setTimeout(ring, ms).unref())
  }

  const off = [
    bus.on('owed', ({ lane }) => wake(lane)),
    // A run that was blocked goes on when a person resumes it.
    bus.on('changed', ({ run_id, run }) => run?.channel_id !== null && wake(runLane(run_id))),
    retryBlocked({ store, bus, log, permissions }, options.retryMs ?? RETRY_MS),
  ]

  async function remove(run: Run): Promise<void> {
    const announcement = (await store.delivered(run.id)).find(({ body }) => body.kind === 'announce')?.message_id
    if (run.thread_id !== null) await gone(api.request('delete', Routes.channel(run.thread_id)), 'Manage Threads')
    if (announcement && run.channel_id !== null)
      await gone(api.request('delete', Routes.channelMessage(run.channel_id, announcement)), 'View Channel')
  }

  return {
    async start() {
      await trims.load()
      started = true
      const [owing, shown] = await Promise.all([store.lanesOwing(), previews.start()])
      for (const lane of new Set([...owing, ...shown.map(runLane)])) wake(lane)
      await settled.start()
      await panels.start()
      await dashboards.start()
    },
    async flush(ms) {
      const until = Date.now() + ms
      // A lane that owes something and yet sleeps is blocked: waiting for it helps nobody.
      while (lanes.size > 0 && Date.now() < until) await settling(bus, Math.min(until - Date.now(), 100))
    },
    async close() {
      closed = true
      for (const stop of off) stop()
      previews.close()
      panels.close()
      dashboards.close()
      await Promise.all([...lanes.values()].map((lane) => lane.stop()))
    },
    obstacle: (run) => obstacleTo(run, { api, webhooks, permissions, hooks }),
    async removeThread(run) {
      const lane = runLane(run.id)
      leaving.add(lane)
      const back = await panels.leave(run.id)
      try {
        await lanes.get(lane)?.stop()
        lanes.delete(lane)
        await remove(run)
        await previews.forget(run.id)
        await store.loseLane(lane, 'The run was deleted.')
        await webhooks.release(lane)
        bus.emit({ type: 'settled', lane })
      } catch (error) {
        back()
        throw error
      } finally {
        leaving.delete(lane)
      }
    },
  }
}

async function gone(removal: Promise<unknown>, permission: string): Promise<void> {
  try {
    await removal
  } catch (error) {
    const trouble = troubleOf(error)
    if (trouble.kind === 'blocked')
      throw new UserError(
        `I may not delete the run's thread: give me ${permission} there, or delete it yourself first.`,
      )
    if (trouble.kind === 'later')
      throw new UserError(`I could not delete the run's thread: ${trouble.text} Try again in a moment.`)
  }
}

/** The next lane that has nothing left to do, or so many ms. */
function settling(bus: Bus, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    const off = bus.on('settled', done)
    function done() {
      clearTimeout(timer)
      off()
      resolve()
    }
  })
}

const TRIMS = 'api_trims'

function trimsOf(store: Store): Trims & { load(): Promise<void> } {
  return {
    known: false,
    async load() {
      this.known = (await store.fact(TRIMS)) !== null
    },
    async learn() {
      this.known = true
      await store.setFact(TRIMS, 'yes')
    },
  }
}
