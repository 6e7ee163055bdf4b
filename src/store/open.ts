import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Store } from '../core/store.ts'
import { archiveStore } from './archive.ts'
import { batchStore } from './batches.ts'
import { deliveryStore } from './deliveries.ts'
import { dreamStore } from './dreams.ts'
import { migrations } from './migrations.ts'
import { observerStore } from './observers.ts'
import { previewStore } from './previews.ts'
import { runStore } from './runs.ts'
import type { Schema } from './schema.ts'
import { settingsStore } from './settings.ts'
import { sqliteDialect, sqliteReaderDialect } from './sqlite.ts'
import { usageStore } from './usage.ts'
import { Writer } from './writer.ts'

/** Opens (and makes, and brings up to date) the store in this file. `:memory:` is one that is gone when closed. */
export async function openStore(file: string): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: sqliteDialect(file) })
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
  if (error) throw new Error(`The store ${file} could not be brought up to date: ${String(error)}`, { cause: error })
  const writer = new Writer(db)
  const reads = file === ':memory:' ? db : new Kysely<Schema>({ dialect: sqliteReaderDialect(file) })
  return {
    ...runStore(reads, writer),
    ...deliveryStore(reads, writer),
    ...previewStore(reads, writer),
    ...observerStore(reads, writer),
    ...settingsStore(reads, writer),
    ...usageStore(reads),
    ...dreamStore(db),
    ...batchStore(reads, writer),
    ...archiveStore(db),
    async close() {
      await writer.idle()
      if (reads !== db) await reads.destroy()
      await db.destroy()
    },
  }
}
