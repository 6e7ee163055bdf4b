import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'

/** Runs that are owed messages, or whose panel shows what was. Runs that have ended are many; those that still wait for something are few. */
export async function unfinished(store: Store): Promise<Run[]> {
  const owing = (await store.lanesOwing()).flatMap((lane) => (lane.startsWith('run:') ? [lane.slice(4)] : []))
  const ids = new Set([...owing, ...(await store.stalePanels())])
  const runs = await Promise.all([...ids].map((id) => store.run(id)))
  return runs.filter((run) => run !== null)
}
