import type { Bus } from '../core/bus.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import { Archiver } from '../observers/archive.ts'
import type { Client } from '../supabase/client.ts'
import { keepingOf } from './keeping.ts'
import { Reindexing } from './reindexing.ts'
import { supabaseArchive } from './remote.ts'
import { ArchiveSync } from './sync.ts'

export interface Archive {
  /** Archives what a crash left out, and sends to Supabase what is not there yet. */
  catchUp(): Promise<void>
  /** Forgets an archived run, in Supabase too. */
  remove(runId: string): Promise<void>
  close(): Promise<void>
}

interface Options {
  store: Store
  bus: Bus
  log: Log
  /** The project's folder. */
  root: string
  /** Null: Supabase is not set up. */
  client: Client | null
  /** BACKROOMS_AUTO_SYNC. */
  autoSync: boolean
}

/** Keeps every run that has ended, here and, where that is wanted, in Supabase. */
export function openArchive({ store, bus, log, root, client, autoSync }: Options): Archive {
  const sync = client && new ArchiveSync({ store, remote: supabaseArchive(client), log })
  const onWanted = () => sync?.wake()
  const archiver = new Archiver({
    store,
    bus,
    log,
    autoSync,
    onWanted,
    keepingOf: (run) => keepingOf(run, store, root),
  })
  const reindexing = new Reindexing(store, log)
  return {
    async catchUp() {
      await archiver.catchUp()
      reindexing.start()
      onWanted()
    },
    async remove(runId) {
      // Its end may just be on its way in.
      await archiver.idle()
      await store.removeArchived(runId)
      onWanted()
    },
    async close() {
      await archiver.close()
      await reindexing.close()
      await sync?.close()
    },
  }
}
