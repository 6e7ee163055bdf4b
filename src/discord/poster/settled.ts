import { Routes } from 'discord-api-types/v10'
import { type DeliveryBody, runLane } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import type { Api } from './api.ts'
import { troubleOf } from './trouble.ts'

/** Takes the buttons off the notice of a pause when the run has gone on, and off all notices when it has ended: pressed later, they could only answer that it is too late. */
export interface Settled {
  /** Runs that were paused when the process began. */
  start(): Promise<void>
  /** Whether the buttons of these words, if they have any, are of use in the run as it is now. */
  isOpen(body: DeliveryBody, run: Run): boolean
  /** These words now stand there. */
  posted(body: DeliveryBody, runId: string, messageId: string): Promise<void>
  /** Call when a run may have changed. Resolves when its notice is as it has to be. Never throws. */
  look(run: Run): Promise<void>
}

export function makeSettled({ api, store, log }: { api: Api; store: Store; log: Log }): Settled {
  /** Runs that may have a notice with buttons, and its id where that is known. */
  const open = new Map<string, string | null>()
  const settled = new Set<string>()
  /** Notices with a button that is of use until the run ends, of a loop say, which may not be acknowledged yet. */
  const lasting = new Map<string, string[]>()
  const work = new Map<string, Promise<void>>()

  /** Before a run is paused anew, the notice of its last pause was settled. */
  const lastOf = async (run: Run): Promise<string | null> =>
    (await store.delivered(run.id)).findLast(({ body }) => offersToGoOn(body))?.message_id ?? null

  async function settle(run: Run): Promise<void> {
    await settlePause(run)
    if (run.status === 'ended' && run.end_reason !== 'thread_gone' && run.state.reported.length > 0)
      await settleLasting(run)
  }

  async function settleLasting(run: Run): Promise<void> {
    // In an archived thread nothing can be edited; this was done before it was archived.
    if (run.closed_at !== null && (await store.owed(runLane(run.id), 1)).length === 0) return
    const stand = (await store.delivered(run.id)).filter(({ body }) => hasButtons(body) && !offersToGoOn(body))
    const ids = [...(lasting.get(run.id) ?? []), ...stand.map(({ message_id }) => message_id)]
    lasting.delete(run.id)
    for (const id of ids) if (id !== null) await bare(run, id)
  }

  async function settlePause(run: Run): Promise<void> {
    if (run.status === 'paused' && !open.has(run.id)) open.set(run.id, null)
    if (run.status === 'paused' || !open.has(run.id) || run.thread_id === null) return
    const messageId = open.get(run.id) ?? (await lastOf(run))
    open.delete(run.id)
    if (messageId !== null) await bare(run, messageId)
  }

  async function bare(run: Run, messageId: string): Promise<void> {
    if (run.thread_id === null || settled.has(messageId)) return
    settled.add(messageId)
    const body = { components: [], allowed_mentions: { parse: [] } }
    try {
      await api.request('patch', Routes.channelMessage(run.thread_id, messageId), { body })
    } catch (error) {
      log.debug({ run: run.id, reason: troubleOf(error).text }, 'the buttons of a notice stay')
    }
  }

  async function look(run: Run): Promise<void> {
    const next = (work.get(run.id) ?? Promise.resolve())
      .then(() => settle(run))
      .catch((err) => log.error({ err, run: run.id }, 'the buttons of a notice stay'))
    work.set(run.id, next)
    await next
    if (work.get(run.id) === next) work.delete(run.id)
  }

  return {
    async start() {
      for (const { id } of await store.runs({ status: ['paused'] })) open.set(id, null)
    },
    isOpen: (body, { status }) =>
      !hasButtons(body) || status === 'paused' || (status === 'going' && !offersToGoOn(body)),
    async posted(body, runId, messageId) {
      if (!hasButtons(body)) return
      if (offersToGoOn(body)) open.set(runId, messageId)
      else lasting.set(runId, [...(lasting.get(runId) ?? []), messageId])
      // It may have gone on, or ended, while this was on its way.
      const run = await store.run(runId)
      if (run) await look(run)
    },
    look,
  }
}

const hasButtons = (body: DeliveryBody): boolean => body.kind === 'notice' && (body.buttons?.length ?? 0) > 0

/** Whether these are the words of a pause with a button to go on. */
const offersToGoOn = (body: DeliveryBody): boolean =>
  body.kind === 'notice' && (body.buttons?.some(({ custom_id }) => custom_id.startsWith('resume:')) ?? false)
