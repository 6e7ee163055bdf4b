import type { Kysely } from 'kysely'
import type { Spending, UsageStore } from '../core/store.ts'
import type { Schema } from './schema.ts'

export function usageStore(db: Kysely<Schema>): UsageStore {
  return {
    async spending(guildId, since) {
      const rows = await db
        .selectFrom('charges')
        .selectAll()
        .where('guild_id', '=', guildId)
        .where('at', '>=', since)
        .orderBy('at')
        .execute()
      const sums = new Map<string, Spending>()
      for (const row of rows) {
        const day = new Date(row.at).toISOString().slice(0, 10)
        const key = [day, row.person_id, row.model].join('\n')
        const sum = sums.get(key) ?? {
          day,
          person_id: row.person_id,
          person_name: row.person_name,
          model: row.model,
          ...{ cost: 0, unknown: 0, input: 0, cached: 0, written: 0, output: 0 },
        }
        sums.set(key, {
          ...sum,
          cost: sum.cost + (row.cost ?? 0),
          unknown: sum.unknown + (row.cost === null ? 1 : 0),
          input: sum.input + row.input,
          cached: sum.cached + row.cached,
          written: sum.written + row.written,
          output: sum.output + row.output,
        })
      }
      return [...sums.values()]
    },

    async spentSince(guildId, since, personId) {
      let query = db
        .selectFrom('charges')
        .select((e) => e.fn.sum<number | null>('cost').as('cost'))
        .where('guild_id', '=', guildId)
        .where('at', '>=', since)
      if (personId) query = query.where('person_id', '=', personId)
      return Number((await query.executeTakeFirst())?.cost ?? 0)
    },
  }
}
