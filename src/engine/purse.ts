import type { SettingsStore, UsageStore } from '../core/store.ts'
import type { Purse, Spender } from './ports.ts'

/** The caps per person and day and per server and day that `/settings` sets. A day is a UTC day. */
export function dailyPurse(store: SettingsStore & UsageStore, now: () => number = Date.now): Purse {
  return {
    async refusal(run: Spender) {
      if (run.guild_id === null || isFree(run)) return null
      const { person_per_day, server_per_day } = await store.settings(run.guild_id)
      const midnight = Math.floor(now() / DAY) * DAY
      if (person_per_day !== null && run.starter_id !== null) {
        const spent = await store.spentSince(run.guild_id, midnight, run.starter_id)
        if (spent >= person_per_day) {
          return `${run.starter_name ?? 'The person who started this'} has reached the cap of $${person_per_day} per person and day ($${spent.toFixed(2)} spent today, UTC). It can go on tomorrow, or when \`/settings set\` raises the cap.`
        }
      }
      if (server_per_day !== null) {
        const spent = await store.spentSince(run.guild_id, midnight)
        if (spent >= server_per_day) {
          return `This server has reached its cap of $${server_per_day} per day ($${spent.toFixed(2)} spent today, UTC). It can go on tomorrow, or when \`/settings set\` raises the cap.`
        }
      }
      return null
    },
  }
}

const DAY = 24 * 60 * 60 * 1000

/** Nothing that costs nothing is held up by a cap. */
function isFree(run: Spender): boolean {
  return run.spec.actors.every(({ model }) => model.price !== null && model.price.input + model.price.output === 0)
}
