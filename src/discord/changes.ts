import type { Client } from 'discord.js'
import type { Bus } from '../core/bus.ts'
import type { RunStatus } from '../core/run.ts'
import type { RunFilter, Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Hooks } from './poster/hooks.ts'
import { LOCKED } from './poster/trouble.ts'

const ANY: RunStatus[] = ['going', 'paused', 'ended']
const REMOVED = 'The bot was removed from the server: invite it again, then resume.'

/**
 * Hears what is done to the places of runs, so that none spends on words that nobody can read. What happens while the bot is away, or is
 * not heard, the poster finds out when it posts.
 */
export function watchPlaces(
  client: Client,
  { store, bus, log }: { store: Store; bus: Bus; log: Log },
  hooks: Pick<Hooks, 'onThreadGone' | 'onLocked' | 'onBlocked'>,
): void {
  async function each(filter: RunFilter, tell: (runId: string) => unknown): Promise<void> {
    try {
      for (const { id } of await store.runs({ status: ['going', 'paused'], ...filter })) await tell(id)
    } catch (err) {
      log.error({ err, ...filter }, 'a run could not be told what happened to its place')
    }
  }

  /** Runs that have ended there are many; those that still owe their last words are few. */
  async function eachOwing(guildId: string, tell: (runId: string) => unknown): Promise<void> {
    for (const lane of await store.lanesOwing()) {
      const run = lane.startsWith('run:') ? await store.run(lane.slice('run:'.length)) : null
      if (run?.status === 'ended' && run.guild_id === guildId) tell(run.id)
    }
  }

  /** What is owed there is tried again, and its panel: not the run itself, which a person resumes. */
  const lookAgain = (runId: string) => bus.emit({ type: 'changed', run_id: runId })

  client.on('threadDelete', ({ id }) => {
    void each({ thread_id: id }, (runId) => hooks.onThreadGone(runId, 'The thread was deleted.'))
  })
  client.on('threadUpdate', (before, { id, locked }) => {
    if (locked && !before.locked) void each({ thread_id: id }, (runId) => hooks.onLocked(runId, LOCKED))
    if (!locked && before.locked) void each({ thread_id: id, status: ANY }, lookAgain)
  })
  client.on('channelDelete', ({ id }) => {
    void each({ channel_id: id }, (runId) => hooks.onThreadGone(runId, 'The channel was deleted.'))
  })
  client.on('guildDelete', ({ id }) => {
    void each({ guild_id: id }, (runId) => hooks.onBlocked(runId, REMOVED))
  })
  client.on('guildCreate', ({ id }) => {
    void each({ guild_id: id }, lookAgain)
    eachOwing(id, lookAgain).catch((err) =>
      log.error({ err, guild: id }, 'what is owed there waits for the next start'),
    )
  })
}
