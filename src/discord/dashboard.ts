import { Routes } from 'discord-api-types/v10'
import { ProviderWaits } from '../batch/provider-waits.ts'
import type { Batch, BatchRun } from '../core/batches.ts'
import type { Bus } from '../core/bus.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import { dashboardMessage } from './dashboard-message.ts'
import type { PanelMessage } from './panel-message.ts'
import type { Api } from './poster/api.ts'
import { troubleOf } from './poster/trouble.ts'

/** Keeps each batch's dashboard true, seldom enough for Discord. */
export interface Dashboards {
  message(batch: Batch): Promise<PanelMessage>
  /** Whatever a dashboard did not show when the process ended is shown now. */
  start(): Promise<void>
  close(): void
}

/** At least so long (ms) between two edits of one dashboard. */
const PACE = 4000
/** News come in small flocks: wait (ms) until one is complete. */
const FLOCK = 200

interface Board {
  timer: NodeJS.Timeout | undefined
  editedAt: number
  edit: Promise<void>
}

interface Options {
  api: Api
  store: Store
  bus: Bus
  log: Log
}

export function makeDashboards({ api, store, bus, log }: Options): Dashboards {
  const boards = new Map<string, Board>()
  let closed = false

  async function message(batch: Batch): Promise<PanelMessage> {
    const [tally, live, failed, done] = await Promise.all([
      store.batchTally(batch.id),
      store.runs({ batch_id: batch.id, status: ['going', 'paused'] }),
      store.batchRuns(batch.id, { status: ['failed'], limit: 5, newest: true }),
      store.batchRuns(batch.id, { status: ['done'], limit: 8, newest: true }),
    ])
    const runOf = async ({ run_id }: BatchRun) => (run_id === null ? null : store.run(run_id))
    const ended = await Promise.all(failed.map(runOf))
    const finished = (await Promise.all(done.map(runOf))).filter((run) => run !== null)
    return dashboardMessage({
      batch,
      tally,
      live,
      finished,
      provider: batch.status === 'going' ? waits.of(batch.id) : null,
      limit: waits.paceOf(batch.id),
      failed: failed.map((row, at) => ({ ...row, thread_id: ended[at]?.thread_id ?? null })),
      now: Date.now(),
    })
  }

  function touch(id: string, notBefore = 0): void {
    if (closed) return
    const board = boards.get(id) ?? { timer: undefined, editedAt: 0, edit: Promise.resolve() }
    boards.set(id, board)
    if (board.timer) return
    const wait = Math.max(FLOCK, notBefore, board.editedAt + PACE - Date.now())
    board.timer = setTimeout(() => {
      board.timer = undefined
      board.edit = board.edit.then(() => refresh(id, board)).catch((error) => complain(id, error))
    }, wait)
  }

  async function refresh(id: string, board: Board): Promise<void> {
    const batch = await store.batch(id)
    if (!batch || batch.message_id === null || batch.message_place === null) return
    board.editedAt = Date.now()
    try {
      const route = Routes.channelMessage(batch.message_place, batch.message_id)
      await api.request('patch', route, { body: { ...(await message(batch)), allowed_mentions: { parse: [] } } })
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble.kind === 'later') throw error
      log.debug({ batch: id, reason: trouble.text }, 'a dashboard cannot be edited')
    }
    await store.batchShown(id, batch.rev)
    if (batch.status !== 'ended') return
    boards.delete(id)
    waits.forget(id)
  }

  function complain(id: string, error: unknown): void {
    log.warn({ batch: id, reason: troubleOf(error).text }, 'a dashboard is not up to date')
    touch(id, PACE)
  }

  const off = bus.on('batch', ({ batch_id }) => touch(batch_id))
  const waits = new ProviderWaits(bus, (id) => touch(id))

  return {
    message,
    async start() {
      for (const id of await store.staleBatches()) touch(id)
    },
    close() {
      closed = true
      off()
      waits.close()
      for (const { timer } of boards.values()) clearTimeout(timer)
    },
  }
}
