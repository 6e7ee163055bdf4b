/** How many threads may be active at once. */
import { refuse } from './errors.ts'
import type { World } from './world.ts'

/** 160006. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export function needRoom(world: World): void {
  const active = world.threads().filter((thread) => !thread.thread_metadata.archived).length
  if (active >= world.limits.activeThreads) throw refuse(160006)
}
