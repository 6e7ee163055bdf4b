import type { Bus } from '../../core/bus.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import { lackingInThread } from '../needed-permissions.ts'
import type { OwnPermissions } from './own-permissions.ts'
import { unfinished } from './unfinished.ts'

interface Parts {
  store: Store
  bus: Bus
  log: Log
  permissions: Pick<OwnPermissions, 'in'>
}

/**
 * Now and then tries again what waits for a person, for it is not always heard of that they have done it. Discord counts every refusal
 * against the bot, so each channel's permissions are looked at first. Returns what ends it.
 */
export function retryBlocked({ store, bus, log, permissions }: Parts, everyMs: number): () => void {
  let busy = false

  async function retry(): Promise<void> {
    const open = new Map<string, boolean>()
    for (const { id, status, channel_id } of await unfinished(store)) {
      if (status === 'going' || channel_id === null) continue
      const isOpen = open.get(channel_id) ?? (await mayWrite(channel_id))
      open.set(channel_id, isOpen)
      if (isOpen) bus.emit({ type: 'changed', run_id: id })
    }
  }

  async function mayWrite(channelId: string): Promise<boolean> {
    const own = await permissions.in(channelId)
    return own !== null && lackingInThread(own) === null
  }

  const timer = setInterval(() => {
    if (busy) return
    busy = true
    retry()
      .catch((err) => log.error({ err }, 'what is blocked could not be tried again'))
      .finally(() => {
        busy = false
      })
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
