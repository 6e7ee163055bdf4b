import { Routes } from 'discord-api-types/v10'
import type { DeliveryBody } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import type { Api } from './api.ts'
import { troubleOf } from './trouble.ts'

/** Takes the buttons off the notice of a pause when the run has gone on or ended: pressed later, they could only answer that it is too late. */
export interface Settled {
  /** Runs that were paused when the process began. */
  start(): Promise<void>
  /** Whether these are the words of a pause with a button to go on. */
  offersToGoOn(body: DeliveryBody): boolean
  /** Such a notice now stands there. */
  posted(runId: string, messageId: string): Promise<void>
  /** Call when a run may have changed. Resolves when its notice is as it has to be. Never throws. */
  look(run: Run): Promise<void>
}

export function makeSettled({ api, store, log }: { api: Api; store: Store; log: Log }): Settled {
  /** Runs that may have a notice with buttons, and its id where that is known. */
  const open = new Map<string, string | null>()
  const settled = new Set<string>()
  const work = new Map<string, Promise<void>>()

  const offersToGoOn = (body: DeliveryBody): boolean =>
    body.kind === 'notice' && (body.buttons?.some(({ custom_id }) => custom_id.startsWith('resume:')) ?? false)

  /** Before a run is paused anew, the notice of its last pause was settled. */
  const lastOf = async (run: Run): Promise<string | null> =>
    (await store.delivered(run.id)).findLast(({ body }) => offersToGoOn(body))?.message_id ?? null

  async function settle(run: Run): Promise<void> {
    if (run.status === 'paused' && !open.has(run.id)) open.set(run.id, null)
    if (run.status === 'paused' || !open.has(run.id) || run.thread_id === null) return
    const messageId = open.get(run.id) ?? (await lastOf(run))
    open.delete(run.id)
    if (messageId === null || settled.has(messageId)) return
    settled.add(messageId)
    const body = { components: [], allowed_mentions: { parse: [] } }
    await api.request('patch', Routes.channelMessage(run.thread_id, messageId), { body })
  }

  async function look(run: Run): Promise<void> {
    const next = (work.get(run.id) ?? Promise.resolve())
      .then(() => settle(run))
      .catch((error) => log.debug({ run: run.id, reason: troubleOf(error).text }, 'the buttons of a notice stay'))
    work.set(run.id, next)
    await next
    if (work.get(run.id) === next) work.delete(run.id)
  }

  return {
    async start() {
      for (const { id } of await store.runs({ status: ['paused'] })) open.set(id, null)
    },
    offersToGoOn,
    async posted(runId, messageId) {
      open.set(runId, messageId)
      // It may have gone on while this was on its way.
      const run = await store.run(runId)
      if (run) await look(run)
    },
    look,
  }
}
