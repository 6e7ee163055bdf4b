import { type APIChannel, ChannelType, Routes } from 'discord-api-types/v10'
import type { Run } from '../../core/run.ts'
import type { Api } from './api.ts'

/** Where messages go, and whose webhook carries them. */
export interface Place {
  /** The channel whose webhooks speak there. */
  channelId: string
  threadId: string | null
  /** Where its messages are: the thread, or the channel. */
  target: string
}

export interface Places {
  channel(id: string): Promise<APIChannel>
  of(id: string): Promise<Place>
}

/** How long (ms) what is known of a channel is believed. */
const FRESH_FOR = 5 * 60_000

const THREADS = new Set([ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread])

export function makePlaces(api: Api): Places {
  const known = new Map<string, { channel: APIChannel; until: number }>()

  async function channel(id: string): Promise<APIChannel> {
    const found = known.get(id)
    if (found && found.until > Date.now()) return found.channel
    known.delete(id)
    const fresh = await api.request<APIChannel>('get', Routes.channel(id))
    known.set(id, { channel: fresh, until: Date.now() + FRESH_FOR })
    return fresh
  }

  return {
    channel,
    async of(id) {
      const found = await channel(id)
      const parent = THREADS.has(found.type) && 'parent_id' in found ? found.parent_id : null
      return parent ? { channelId: parent, threadId: id, target: id } : { channelId: id, threadId: null, target: id }
    },
  }
}

export const isForum = (channel: APIChannel): boolean =>
  channel.type === ChannelType.GuildForum || channel.type === ChannelType.GuildMedia

/** A run's thread. */
export function placeOf(run: Run): Place {
  const target = threadOf(run)
  return { channelId: run.channel_id ?? target, threadId: target, target }
}

export function threadOf(run: Run): string {
  if (run.thread_id === null) throw new Error(`Run ${run.id} has no thread yet.`)
  return run.thread_id
}
