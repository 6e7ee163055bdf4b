import type { Bus } from '../../core/bus.ts'
import type { Delivery } from '../../core/delivery.ts'
import { UserError } from '../../core/errors.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import type { Previews } from '../preview.ts'
import type { Hooks } from './hooks.ts'
import type { Deliver } from './parts.ts'
import { type Place, placeOf } from './places.ts'
import { type Trouble, troubleOf } from './trouble.ts'
import type { Voice } from './voice.ts'

export interface LaneParts {
  store: Store
  bus: Bus
  log: Log
  deliver: Deliver
  /** Opens an archived thread; false: it is locked. */
  reopen: (threadId: string) => Promise<boolean>
  previews: Previews
  voice: (place: Place, lane: string) => Promise<Voice>
  hooks: Hooks
  /** Wakes a lane after so many ms. */
  wakeIn: (lane: string, ms: number) => void
}

export interface Lane {
  /** There may be something to do. */
  wake(): void
  /** Resolves when it does nothing more. What is under way is finished first. */
  stop(): Promise<void>
}

/** A post that nobody waits for does not break into a turn that is being shown, if this takes no longer (ms). */
const ASIDE_WAITS = 30_000
const FIRST_WAIT = 500
const LONGEST_WAIT = 30_000

/** Works off what one lane owes, in order, one at a time. When it owes nothing it shows what is being written. */
export function makeLane(lane: string, parts: LaneParts, idle: () => void): Lane {
  const { store, bus, log, previews, hooks } = parts
  const runId = lane.startsWith('run:') ? lane.slice('run:'.length) : null
  let awake = false
  let stopped = false
  let work: Promise<void> | undefined
  let failures = 0
  let cutShort: () => void = () => {}

  async function run(): Promise<void> {
    let delivered = false
    while (!stopped) {
      awake = false
      const [owed] = await store.owed(lane, 1)
      const delivery = owed && mayWait(owed) ? undefined : owed
      const done = delivery ? await one(delivery) : await preview()
      if (delivery && done) delivered = true
      if (!owed && delivered) {
        delivered = false
        bus.emit({ type: 'settled', lane })
      }
      if (!done && !awake) return
    }
  }

  function mayWait({ aside, attempted_at, created_at }: Delivery): boolean {
    const rest = created_at + ASIDE_WAITS - Date.now()
    if (runId === null || !aside || attempted_at !== null || rest <= 0 || !previews.isWriting(runId)) return false
    parts.wakeIn(lane, rest)
    return true
  }

  /** False: nothing more can be done until somebody wakes the lane. */
  async function one(delivery: Delivery): Promise<boolean> {
    const owner = delivery.run_id === null ? null : await store.run(delivery.run_id)
    if (runId !== null && !canBePosted(delivery, owner)) {
      await store.lost(delivery.id, 'The run has no thread.')
      return true
    }
    try {
      const messageId = await parts.deliver(delivery, owner)
      await store.acknowledged(delivery.id, messageId)
      if (messageId !== null && owner && previews.has(owner.id)) await previews.takenOver(owner.id, messageId)
      failures = 0
      bus.emit({ type: 'acknowledged', lane })
      return true
    } catch (error) {
      return overcome(error, delivery, owner)
    }
  }

  async function preview(): Promise<boolean> {
    if (runId === null || !previews.due(runId)) return false
    const owner = await store.run(runId)
    if (!owner?.thread_id) {
      if (owner && owner.channel_id === null) previews.ignore(runId)
      else await previews.forget(runId)
      return true
    }
    try {
      await previews.step(owner, await parts.voice(placeOf(owner), lane))
      failures = 0
      return true
    } catch (error) {
      return overcome(error, null, owner)
    }
  }

  async function overcome(error: unknown, delivery: Delivery | null, owner: Run | null): Promise<boolean> {
    const trouble = troubleOf(error)
    const what = { lane, delivery: delivery?.id, kind: delivery?.body.kind, reason: trouble.text }
    switch (trouble.kind) {
      case 'later':
        // Only what comes from our own code has a stack worth reading; a request's error may hold a webhook's token.
        log.warn({ ...what, ...ownFault(error), doubtful: trouble.doubtful }, 'a message has to wait')
        await pause()
        return true
      case 'webhook_gone':
        log.warn(what, 'a webhook is gone; taking another')
        await pause()
        return true
      case 'message_gone':
      case 'refused':
        if (!delivery) return true
        log.error(what, 'Discord does not take a message')
        if (delivery.body.kind === 'thread') await giveUp(trouble, owner)
        else await leaveOut(delivery, owner, trouble.text)
        return true
      case 'gone':
        log.warn(what, 'a thread or channel is gone')
        if (delivery && runId === null) await leaveOut(delivery, owner, trouble.text)
        else await giveUp(trouble, owner)
        return true
      case 'archived':
        log.info(what, 'a thread is archived')
        return archived(trouble, delivery, owner)
      case 'locked':
      case 'blocked':
        log.warn(what, 'a message is blocked')
        return blocked(trouble, delivery, owner)
    }
  }

  /** What stands there is to be changed: the thread is opened first, unless it is locked as well. */
  async function archived(trouble: Trouble, delivery: Delivery | null, owner: Run | null): Promise<boolean> {
    if (runId === null || !owner?.thread_id) return blocked(trouble, delivery, owner)
    try {
      if (!(await parts.reopen(owner.thread_id))) return blocked({ ...trouble, kind: 'locked' }, delivery, owner)
    } catch (error) {
      const why = troubleOf(error)
      return why.kind === 'archived' ? blocked(why, delivery, owner) : overcome(error, delivery, owner)
    }
    await pause()
    return true
  }

  async function giveUp(trouble: Trouble, owner: Run | null): Promise<void> {
    await store.loseLane(lane, trouble.text)
    if (runId !== null) await previews.forget(runId)
    bus.emit({ type: 'settled', lane })
    if (owner && runId !== null && owner.status !== 'ended')
      await told(() => hooks.onThreadGone(owner.id, trouble.text))
  }

  /** The run is told first: killed between the two, it is refused again, and told no second time. */
  async function leaveOut(delivery: Delivery, owner: Run | null, reason: string): Promise<void> {
    if (owner) await told(() => hooks.onRefused(owner.id, delivery, reason))
    await store.lost(delivery.id, reason)
  }

  async function blocked(trouble: Trouble, delivery: Delivery | null, owner: Run | null): Promise<boolean> {
    if (runId === null) {
      if (delivery) await leaveOut(delivery, owner, trouble.text)
      return true
    }
    const { onLocked, onBlocked } = hooks
    const tell = trouble.kind === 'locked' ? onLocked : onBlocked
    if (owner && owner.status !== 'paused') await told(() => tell(owner.id, trouble.text))
    // Its own news of the pause have just woken the lane: only what a person does next shall.
    awake = false
    return false
  }

  async function told(tell: () => unknown): Promise<void> {
    try {
      await tell()
    } catch (err) {
      // A run that is deleted together with its thread is gone by now.
      if (err instanceof UserError) log.debug({ err, lane }, 'the run is gone with its thread')
      else log.error({ err, lane }, 'the run could not be told what happened to its thread')
    }
  }

  async function pause(): Promise<void> {
    const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) * (0.75 + Math.random() / 2)
    failures++
    if (stopped) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait)
      cutShort = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    wake() {
      awake = true
      if (work || stopped) return
      work = run()
        .catch((err) => log.error({ err, lane }, 'a lane broke off'))
        .finally(() => {
          work = undefined
          if (awake && !stopped) this.wake()
          else idle()
        })
    },
    async stop() {
      stopped = true
      cutShort()
      await work
    },
  }
}

/** What opens a thread needs none; all else waits behind it in the lane, so without a thread now there will never be one. */
function canBePosted({ body }: Delivery, owner: Run | null): boolean {
  return owner !== null && (owner.thread_id !== null || body.kind === 'announce' || body.kind === 'thread')
}

function ownFault(error: unknown): object {
  return error instanceof TypeError || error instanceof ReferenceError ? { err: error } : {}
}
