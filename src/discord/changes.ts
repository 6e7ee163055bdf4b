import type { Client } from 'discord.js'
import type { RunFilter, Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Hooks } from './poster/lane.ts'

/**
 * Hears what is done to the places of runs, so that none spends on words that nobody can read. What happens while the bot is away, or is
 * not heard, the poster finds out when it posts.
 */
export function watchPlaces(
  client: Client,
  store: Store,
  hooks: Pick<Hooks, 'onThreadGone' | 'onBlocked'>,
  log: Log,
): void {
  async function each(filter: RunFilter, tell: (runId: string) => unknown): Promise<void> {
    try {
      for (const { id } of await store.runs({ ...filter, status: ['going', 'paused'] })) await tell(id)
    } catch (err) {
      log.error({ err, ...filter }, 'a run could not be told what happened to its place')
    }
  }

  client.on('threadDelete', ({ id }) => {
    void each({ thread_id: id }, (runId) => hooks.onThreadGone(runId, 'The thread was deleted.'))
  })
  client.on('threadUpdate', (_before, { id, locked }) => {
    if (locked) void each({ thread_id: id }, (runId) => hooks.onThreadGone(runId, 'The thread was locked.'))
  })
  client.on('channelDelete', ({ id }) => {
    void each({ channel_id: id }, (runId) => hooks.onThreadGone(runId, 'The channel was deleted.'))
  })
  client.on('guildDelete', ({ id }) => {
    void each({ guild_id: id }, (runId) => hooks.onBlocked(runId, 'The bot was removed from the server.'))
  })
}
