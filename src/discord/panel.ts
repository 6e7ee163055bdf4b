import { Routes } from 'discord-api-types/v10'
import type { Bus } from '../core/bus.ts'
import { runLane } from '../core/delivery.ts'
import type { Run, RunStatus } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Announcements } from './announcements.ts'
import { type PanelMessage, panelMessage, stateOf } from './panel-message.ts'
import type { Api } from './poster/api.ts'
import type { Hooks } from './poster/hooks.ts'
import { reopen } from './poster/reopen.ts'
import { LOCKED, type Trouble, troubleOf } from './poster/trouble.ts'
import type { Webhooks } from './webhooks.ts'

/** Keeps each run's control panel true, seldom enough for Discord. */
export interface Panels {
  message(run: Run): PanelMessage
  /** Whatever a panel did not show when the process ended is shown now. */
  start(): Promise<void>
  /** Shows how a run ended and leaves its panel alone from then on: in an archived thread nothing can be edited. */
  last(runId: string): Promise<void>
  /** Its place is being deleted: nothing is edited any more, until the returned function is called because that failed. */
  leave(runId: string): Promise<() => void>
  close(): void
}

/** At least so long (ms) between two edits of one panel; and so many panels of live runs are edited each second. */
const PACE = 5000
/** Between two edits when the run was paused or resumed: whoever did that is looking. */
const URGENT_PACE = 1000
const EDITS_PER_SECOND = 2
/** News come in small flocks: wait (ms) until one is complete. */
const FLOCK = 150

interface Panel {
  /** What it shows of the run's status, as far as this process knows. */
  status: RunStatus | undefined
  timer: NodeJS.Timeout | undefined
  editedAt: number
  edit: Promise<void>
}

interface Options {
  api: Api
  store: Store
  bus: Bus
  log: Log
  webhooks: Webhooks
  announcements: Announcements
  hooks: Hooks
  /** Given every run that has changed. */
  seen: (run: Run) => void
}

export function makePanels({ api, store, bus, log, webhooks, announcements, hooks, seen }: Options): Panels {
  const panels = new Map<string, Panel>()
  const finished = new Set<string>()
  let closed = false

  const message = (run: Run) => panelMessage(run, run.channel_id === null ? null : webhooks.whyNot(run.channel_id))

  function touch(runId: string, { notBefore = 0, urgent = false } = {}): void {
    if (closed || finished.has(runId)) return
    const panel = panels.get(runId) ?? { status: undefined, timer: undefined, editedAt: 0, edit: Promise.resolve() }
    panels.set(runId, panel)
    if (panel.timer && !urgent) return
    clearTimeout(panel.timer)
    const pace = urgent ? URGENT_PACE : Math.max(PACE, (panels.size * 1000) / EDITS_PER_SECOND)
    const wait = Math.max(FLOCK, notBefore, panel.editedAt + pace - Date.now())
    panel.timer = setTimeout(() => {
      panel.timer = undefined
      panel.edit = panel.edit.then(() => refresh(runId, panel)).catch((error) => complain(runId, error))
    }, wait)
  }

  async function touchIfPosted(runId: string, known?: Run): Promise<void> {
    const run = known ?? (await store.run(runId))
    if (run?.channel_id == null) return
    seen(run)
    const shown = panels.get(runId)?.status
    touch(runId, { urgent: shown !== undefined && run.status !== shown })
  }

  async function refresh(runId: string, panel: Panel): Promise<void> {
    const run = await store.run(runId)
    if (!run || finished.has(runId)) return
    if (run.panel_message_id === null || run.panel_rev >= run.rev) {
      if (run.panel_message_id === null && run.end_reason === 'thread_gone') await announcements.note(run, stateOf(run))
      if (run.status === 'ended') panels.delete(runId)
      return
    }
    panel.editedAt = Date.now()
    panel.status = run.status
    // Once its archiving is done, which shows the panel's last state first, nothing can be edited any more.
    const archived =
      run.end_reason !== 'thread_gone' && run.closed_at !== null && (await store.owed(runLane(runId), 1)).length === 0
    if (archived) await store.panelShown(runId, run.rev)
    else await show(run)
    if (run.status === 'ended') panels.delete(runId)
  }

  /** Throws where it may become possible later, on its own or when a person has changed something. */
  async function show(run: Run): Promise<void> {
    if (run.thread_id === null || run.panel_message_id === null) return
    try {
      await edit(run.thread_id, run.panel_message_id, message(run))
      // Where the words of actors wait for the lock, the notice of the pause waits behind them.
      await announcements.note(run, run.status_text === LOCKED ? stateOf(run) : null)
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble.kind === 'later') throw error
      log.debug({ run: run.id, reason: trouble.text }, 'a panel cannot be edited')
      await hidden(run, trouble)
      if (isShut(trouble) || trouble.kind === 'blocked') throw error
    }
    await store.panelShown(run.id, run.rev)
  }

  async function edit(threadId: string, messageId: string, shown: PanelMessage): Promise<void> {
    const body = { ...shown, allowed_mentions: { parse: [] } }
    const patch = () => api.request('patch', Routes.channelMessage(threadId, messageId), { body })
    try {
      await patch()
    } catch (error) {
      if (troubleOf(error).kind !== 'archived' || !(await reopen(api, threadId))) throw error
      await patch()
    }
  }

  /** A webhook may still post where the bot is not any more, so the run has to be told; people look at the announcement. */
  async function hidden(run: Run, trouble: Trouble): Promise<void> {
    if (run.status !== 'going') {
      if (isShut(trouble) || ['gone', 'blocked'].includes(trouble.kind)) await announcements.note(run, stateOf(run))
    } else if (isShut(trouble)) await hooks.onLocked(run.id, trouble.text)
    else if (trouble.kind === 'gone') await hooks.onThreadGone(run.id, trouble.text)
    else if (trouble.kind === 'blocked') await hooks.onBlocked(run.id, trouble.text)
  }

  function complain(runId: string, error: unknown): void {
    const { kind, text } = troubleOf(error)
    log.warn({ run: runId, reason: text }, 'a panel is not up to date')
    // All else waits for a person, whose doing is heard of.
    if (kind === 'later') touch(runId, { notBefore: PACE })
  }

  async function finish(runId: string): Promise<void> {
    finished.add(runId)
    const panel = panels.get(runId)
    clearTimeout(panel?.timer)
    panels.delete(runId)
    await panel?.edit
  }

  const off = [
    bus.on('changed', ({ run_id, run }) => {
      if (!closed) touchIfPosted(run_id, run).catch((error) => complain(run_id, error))
    }),
  ]

  return {
    message,
    async start() {
      for (const runId of await store.stalePanels()) touch(runId)
    },
    async leave(runId) {
      await finish(runId)
      return () => void finished.delete(runId)
    },
    async last(runId) {
      await finish(runId)
      const run = await store.run(runId)
      if (run && run.panel_rev < run.rev) await show(run)
    },
    close() {
      closed = true
      for (const stop of off) stop()
      for (const { timer } of panels.values()) clearTimeout(timer)
    },
  }
}

const isShut = ({ kind }: Trouble): boolean => kind === 'locked' || kind === 'archived'
