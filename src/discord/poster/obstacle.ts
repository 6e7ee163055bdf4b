import { type APIThreadChannel, PermissionFlagsBits, Routes } from 'discord-api-types/v10'
import { runLane } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import { lackingInThread } from '../needed-permissions.ts'
import type { Webhooks } from '../webhooks.ts'
import type { Api } from './api.ts'
import type { Hooks } from './hooks.ts'
import type { OwnPermissions } from './own-permissions.ts'
import { LOCKED, lacks, troubleOf } from './trouble.ts'

interface Parts {
  api: Api
  webhooks: Pick<Webhooks, 'of'>
  permissions: OwnPermissions
  hooks: Pick<Hooks, 'onThreadGone'>
}

/**
 * Why nothing could be posted in a run's thread if it went on now, as a sentence; null: nothing is known that hinders it. Asked before a
 * person lets a run go on, for a turn would be paid before its posting fails. A run whose thread turns out to be deleted ends.
 */
export async function obstacleTo(run: Run, { api, webhooks, permissions, hooks }: Parts): Promise<string | null> {
  if (run.thread_id === null) return null
  try {
    const thread = await api.request<APIThreadChannel>('get', Routes.channel(run.thread_id))
    const channelId = run.channel_id ?? thread.parent_id ?? run.thread_id
    const own = await permissions.in(channelId)
    const missing = own === null ? null : lackingInThread(own)
    if (missing !== null) return lacks(missing, channelId)
    if (!thread.thread_metadata?.locked) return null
    // The bot itself may write in a locked thread where it manages threads; a webhook may not.
    if (!('why' in (await webhooks.of(channelId, runLane(run.id))))) return LOCKED
    return ((own ?? 0n) & PermissionFlagsBits.ManageThreads) === 0n ? LOCKED : null
  } catch (error) {
    const trouble = troubleOf(error)
    if (trouble.kind === 'gone') await hooks.onThreadGone(run.id, trouble.text)
    return ['gone', 'blocked'].includes(trouble.kind) ? trouble.text : null
  }
}
