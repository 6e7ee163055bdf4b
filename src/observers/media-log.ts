import type { MediaEntry } from '../core/log.ts'
import type { Run } from '../core/run.ts'
import type { ObserverStore } from '../core/store.ts'

/** What the run's media agents did, round by round, from their memories (`media:<preset>`). */
export async function mediaEntries(store: ObserverStore, run: Run): Promise<MediaEntry[]> {
  if (run.spec.media.length === 0) return []
  const kept = (await store.observers(run.id)).filter(({ name }) => name.startsWith('media:'))
  return kept.flatMap(({ name, cursor, memory }) => {
    const entry = (memory as { entry?: Pick<MediaEntry, 'mode' | 'prompt' | 'result'> } | null)?.entry
    return entry ? [{ ...entry, round: cursor, preset: name.slice('media:'.length) }] : []
  })
}
