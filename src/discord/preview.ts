import { type APIMessage, Routes } from 'discord-api-types/v10'
import { actorsNow } from '../core/actors.ts'
import type { Bus } from '../core/bus.ts'
import { type DeliveryBody, type Persona, runLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import { split } from '../core/split.ts'
import type { Preview, Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Api } from './poster/api.ts'
import { findAfter } from './poster/history.ts'
import { troubleOf } from './poster/trouble.ts'
import type { Voice } from './poster/voice.ts'

type TurnBody = Extract<DeliveryBody, { kind: 'turn' }>

/**
 * Shows a turn in its thread while it is being generated. What it posts is noted in the store before, so that a crash leaves nothing
 * behind. It gives way to every delivery, except to those of the turn that it shows: these take its messages over.
 * All but the listening happens in the run's lane, so never at the same time as a delivery.
 */
export interface Previews {
  /** Resolves to the runs of which messages may be left from before. */
  start(): Promise<string[]>
  /** Whether the lane, when it owes nothing, has something to do here. */
  due(runId: string): boolean
  step(run: Run, voice: Voice): Promise<void>
  /** The message of this part, now with the exact text; null when a new one has to be posted. */
  takeOver(run: Run, body: TurnBody, voice: Voice): Promise<string | null>
  /** Call when the delivery that took over is acknowledged. */
  takenOver(runId: string, messageId: string): Promise<void>
  /** Removes what is shown of this run. */
  clear(run: Run, voice: Voice): Promise<void>
  /** A turn of this run is being shown while it is generated, or is about to be. */
  isWriting(runId: string): boolean
  /** Whether messages of this run may be there. */
  has(runId: string): boolean
  forget(runId: string): Promise<void>
  /** Nobody posts this run: what it writes is not looked at any more. */
  ignore(runId: string): void
  close(): void
}

/** Least time (ms) between two edits of a message; and how often (ms) one webhook is used for previews. */
const PACE = 1000
const WEBHOOK_PACE = 500

interface Writing {
  actor_index: number
  text: string
  reasoning: boolean
}

interface Options {
  api: Api
  store: Store
  bus: Bus
  log: Log
  /** False: `STREAM=off`; only what an earlier process left is cleared. */
  stream: boolean
  wake: (lane: string) => void
  /** The last message of the run's thread that Discord has acknowledged. */
  lastMessage: (run: Run) => Promise<string>
}

export function makePreviews({ api, store, bus, log, stream, wake, lastMessage }: Options): Previews {
  const writing = new Map<string, Writing>()
  const timers = new Map<string, NodeJS.Timeout>()
  const dueNow = new Set<string>()
  const posted = new Set<string>()
  const shown = new Map<number, { name: string; content: string }>()
  const ignored = new Set<string>()
  /** When each run's next step may be, and through which voice it went last. */
  const paces = new Map<string, { next: number; voice: string }>()

  function schedule(runId: string): void {
    if (timers.has(runId) || dueNow.has(runId)) return
    const wait = (paces.get(runId)?.next ?? 0) - Date.now()
    const now = () => {
      timers.delete(runId)
      dueNow.add(runId)
      wake(runLane(runId))
    }
    if (wait <= 0) now()
    else timers.set(runId, setTimeout(now, wait))
  }

  function stopWriting(runId: string): void {
    clearTimeout(timers.get(runId))
    timers.delete(runId)
    if (!writing.delete(runId)) return
    paces.delete(runId)
    if (posted.has(runId)) dueNow.add(runId)
    wake(runLane(runId))
  }

  const off = [
    bus.on('writing', ({ run_id, actor_index, text, reasoning }) => {
      if (!stream || ignored.has(run_id)) return
      writing.set(run_id, { actor_index, text, reasoning })
      schedule(run_id)
    }),
    bus.on('unwritten', ({ run_id }) => stopWriting(run_id)),
    bus.on('committed', ({ run_id }) => stopWriting(run_id)),
    bus.on('ended', ({ run_id }) => ignored.delete(run_id)),
  ]

  function pace(runId: string, voice: Voice): void {
    paces.set(runId, { next: 0, voice: voice.id })
    const sharing = [...paces.values()].filter((other) => other.voice === voice.id).length
    const least = voice.id === 'bot' ? 2 * PACE : Math.max(PACE, sharing * WEBHOOK_PACE)
    paces.set(runId, { next: Date.now() + least, voice: voice.id })
  }

  async function step(run: Run, voice: Voice): Promise<void> {
    dueNow.delete(run.id)
    const now = writing.get(run.id)
    const actor = now && actorsNow(run)[now.actor_index]
    if (!actor) return clear(run, voice)
    pace(run.id, voice)
    // Whoever has something final to say through this webhook goes first.
    if (voice.busy()) return schedule(run.id)
    const persona: Persona = { name: actor.name, face: actor.face, avatar_url: null }
    const contents = now.reasoning ? ['-# thinking …'] : split(now.text).map(({ content }) => content)
    const rows = posted.has(run.id) ? await store.previews(run.id) : []
    if (rows.some((row) => row.message_id === null || shown.get(row.id)?.name !== persona.name))
      return clear(run, voice).then(() => schedule(run.id))
    for (const [part, content] of contents.entries()) {
      if (content.trim() === '') continue
      const row = rows.find((each) => each.part === part)
      const words = { persona, content, first: part === 0 }
      if (!row) await post(run.id, part, words, voice)
      else if (shown.get(row.id)?.content !== content && row.message_id !== null) {
        if ((await voice.change(row.message_id, words)) === null) return clear(run, voice)
        shown.set(row.id, { name: persona.name, content })
      }
      // The turn is complete: its own pieces say the rest.
      if (writing.get(run.id)?.actor_index !== now.actor_index) return
    }
    for (const row of rows.filter(({ part }) => part >= contents.length)) await removeOne(run, row, voice)
    if (writing.get(run.id) !== now) schedule(run.id)
  }

  async function post(
    runId: string,
    part: number,
    words: { persona: Persona; content: string; first: boolean },
    voice: Voice,
  ): Promise<void> {
    posted.add(runId)
    const id = await store.previewIntended(runId, part)
    try {
      const message = await voice.say(words, `preview-${id}`)
      await store.previewPosted(id, message.id)
      shown.set(id, { name: words.persona.name, content: words.content })
    } catch (error) {
      const trouble = troubleOf(error)
      if (!('doubtful' in trouble && trouble.doubtful)) await store.previewGone(id)
      throw error
    }
  }

  /** Finds the message of a preview of which only the intent is known. It is the only one of ours since the last delivery that nobody knows. */
  async function resolve(run: Run, row: Preview, voice: Voice): Promise<string | null> {
    if (row.message_id !== null) return row.message_id
    const others = new Set((await store.previews(run.id)).map(({ message_id }) => message_id))
    const found = await findAfter(api, run.thread_id ?? '', await lastMessage(run), async (message) => {
      if (!voice.mayHaveSaid(message) || others.has(message.id) || message.id === run.panel_message_id) return false
      return (await store.deliveryOfMessage(message.id)) === null
    })
    if (found) await store.previewPosted(row.id, found.id)
    return found?.id ?? null
  }

  async function removeOne(run: Run, row: Preview, voice: Voice): Promise<void> {
    const messageId = await resolve(run, row, voice)
    // One that a delivery took over just before the process ended is a real message now.
    if (messageId !== null && (await store.deliveryOfMessage(messageId)) === null) {
      // One of an earlier process, or one whose removal broke off, may be gone already.
      const certain = shown.delete(row.id)
      try {
        if (certain || (await inThread(run, messageId))) await voice.remove(messageId)
      } catch (error) {
        const trouble = troubleOf(error)
        if (['later', 'locked', 'archived'].includes(trouble.kind)) throw error
        log.warn({ run: run.id, message: messageId, reason: trouble.text }, 'a preview could not be removed')
      }
    }
    await store.previewGone(row.id)
    shown.delete(row.id)
  }

  async function clear(run: Run, voice: Voice): Promise<void> {
    dueNow.delete(run.id)
    if (!posted.has(run.id)) return
    if (run.thread_id !== null) for (const row of await store.previews(run.id)) await removeOne(run, row, voice)
    posted.delete(run.id)
  }

  /** Whether the message was posted under this name: only its text can be changed. */
  async function named(run: Run, row: Preview, messageId: string, persona: Persona, voice: Voice): Promise<boolean> {
    const known = shown.get(row.id)
    if (known) return known.name === persona.name
    const found = await inThread(run, messageId)
    return found !== null && voice.mayHaveSaid(found, persona)
  }

  /** The message, if it is still there, asked in a way that Discord always answers. */
  async function inThread(run: Run, messageId: string): Promise<APIMessage | null> {
    const query = { after: String(BigInt(messageId) - 1n), limit: 1 }
    const [found] = await api.request<APIMessage[]>('get', Routes.channelMessages(run.thread_id ?? ''), { query })
    return found?.id === messageId ? found : null
  }

  return {
    async start() {
      const runs = await store.runsWithPreviews()
      for (const runId of runs) {
        posted.add(runId)
        dueNow.add(runId)
      }
      return runs
    },
    due: (runId) => dueNow.has(runId),
    has: (runId) => posted.has(runId),
    isWriting: (runId) => writing.has(runId),
    step,
    clear,
    async takeOver(run, { part, persona, content }, voice) {
      if (!posted.has(run.id)) return null
      const row = (await store.previews(run.id)).find((each) => each.part === part)
      const messageId = row ? await resolve(run, row, voice) : null
      if (row && messageId !== null && (await named(run, row, messageId, persona, voice))) {
        if (shown.get(row.id)?.content === content) return messageId
        try {
          if (await voice.change(messageId, { persona, content, first: part === 0 })) return messageId
        } catch (error) {
          if (troubleOf(error).kind !== 'message_gone') throw error
        }
      }
      // A later part already stands where this one belongs.
      await clear(run, voice)
      return null
    },
    async takenOver(runId, messageId) {
      for (const row of await store.previews(runId)) {
        if (row.message_id !== messageId) continue
        await store.previewGone(row.id)
        shown.delete(row.id)
      }
    },
    async forget(runId) {
      stopWriting(runId)
      dueNow.delete(runId)
      posted.delete(runId)
      for (const row of await store.previews(runId)) await store.previewGone(row.id)
    },
    ignore(runId) {
      ignored.add(runId)
      stopWriting(runId)
      dueNow.delete(runId)
    },
    close() {
      for (const stop of off) stop()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      writing.clear()
    },
  }
}
