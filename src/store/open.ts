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
import { sqliteDialect } from './sqlite.ts'
import { usageStore } from './usage.ts'
import { Writer } from './writer.ts'

/** Opens (and makes, and brings up to date) the store in this file. `:memory:` is one that is gone when closed. */
export async function openStore(file: string): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: sqliteDialect(file) })
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
  if (error) throw new Error(`The store ${file} could not be brought up to date: ${String(error)}`, { cause: error })
  const writer = new Writer(db)
  return {
    ...runStore(db, writer),
    ...deliveryStore(db, writer),
    ...previewStore(db, writer),
    ...observerStore(db, writer),
    ...settingsStore(db),
    ...usageStore(db),
    ...dreamStore(db),
    ...batchStore(db, writer),
    ...archiveStore(db),
    async close() {
      await writer.idle()
      await db.destroy()
    },
  }
}
