import type { Kysely } from 'kysely'
import type { GuildSettings, SettingsStore } from '../core/store.ts'
import type { Schema } from './schema.ts'
import type { Writer } from './writer.ts'

const UNSET: GuildSettings = {
  starters: [],
  models: [],
  default_channel: null,
  max_cost: null,
  ask_above: null,
  person_per_day: null,
  server_per_day: null,
}

export function settingsStore(db: Kysely<Schema>, writer: Writer): SettingsStore {
  return {
    async settings(guildId) {
      const row = await db.selectFrom('settings').selectAll().where('guild_id', '=', guildId).executeTakeFirst()
      return { ...UNSET, ...(row ? JSON.parse(row.settings) : {}) }
    },
    async saveSettings(guildId, settings) {
      const text = JSON.stringify(settings)
      await writer.write((trx) =>
        trx
          .insertInto('settings')
          .values({ guild_id: guildId, settings: text })
          .onConflict((c) => c.column('guild_id').doUpdateSet({ settings: text }))
          .execute(),
      )
    },
    async fact(key) {
      const row = await db.selectFrom('facts').select('value').where('key', '=', key).executeTakeFirst()
      return row?.value ?? null
    },
    async setFact(key, value) {
      await writer.write(async (trx) => {
        if (value === null) await trx.deleteFrom('facts').where('key', '=', key).execute()
        else
          await trx
            .insertInto('facts')
            .values({ key, value })
            .onConflict((c) => c.column('key').doUpdateSet({ value }))
            .execute()
      })
    },
  }
}
