import type { Client, Guild } from 'discord.js'
import type { Bus } from '../core/bus.ts'
import type { Run } from '../core/run.ts'
import type { RunFilter, Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Hooks } from './poster/hooks.ts'
import { LOCKED } from './poster/trouble.ts'
import { unfinished } from './poster/unfinished.ts'

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

  /** What is owed there is tried again, and the panels: not the runs themselves, which a person resumes. */
  async function lookAgain(isThere: (run: Run) => boolean): Promise<void> {
    try {
      for (const run of await unfinished(store)) if (isThere(run)) bus.emit({ type: 'changed', run_id: run.id, run })
    } catch (err) {
      log.error({ err }, 'what could be posted again waits until it is tried anyway')
    }
  }
  const lookAgainIn = (guild: Guild) => void lookAgain(({ guild_id }) => guild_id === guild.id)

  client.on('threadDelete', ({ id }) => {
    void each({ thread_id: id }, (runId) => hooks.onThreadGone(runId, 'The thread was deleted.'))
  })
  client.on('threadUpdate', (before, { id, locked }) => {
    if (locked && !before.locked) void each({ thread_id: id }, (runId) => hooks.onLocked(runId, LOCKED))
    if (!locked && before.locked) void lookAgain(({ thread_id }) => thread_id === id)
  })
  client.on('channelDelete', ({ id }) => {
    void each({ channel_id: id }, (runId) => hooks.onThreadGone(runId, 'The channel was deleted.'))
  })
  client.on('guildDelete', ({ id }) => {
    void each({ guild_id: id }, (runId) => hooks.onBlocked(runId, REMOVED))
  })
  client.on('guildCreate', lookAgainIn)
  // Invited again while the connection was away, or back after an outage.
  client.on('guildAvailable', lookAgainIn)
  // Permissions came back, perhaps: of one channel, of a role, by a role, or to see a channel at all.
  client.on('channelUpdate', (_, { id }) => void lookAgain(({ channel_id }) => channel_id === id))
  client.on('roleUpdate', (before, { guild, permissions }) => {
    if (!permissions.equals(before.permissions)) lookAgainIn(guild)
  })
  client.on('guildMemberUpdate', (_, { id, guild }) => {
    if (id === client.user?.id) lookAgainIn(guild)
  })
  client.on('threadListSync', (_, guild) => lookAgainIn(guild))
}
