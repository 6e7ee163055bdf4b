import type { SettingsStore, UsageStore } from '../core/store.ts'
import { Holds } from './holds.ts'
import type { Purse, Spender, Standing } from './ports.ts'

export interface PurseOptions {
  now?: () => number
  /** Another cap under which a run falls (its batch's), and how that stands; null: it is not set. */
  other?: { keyOf: (run: Spender) => string | null; look: (run: Spender) => Promise<Standing | null> }
}

/** The caps per person and day and per server and day that `/settings` sets. A day is a UTC day. */
export function dailyPurse(store: SettingsStore & UsageStore, { now = Date.now, other }: PurseOptions = {}): Purse {
  const holds = new Holds()

  async function daily({ guild_id, starter_id, starter_name }: Spender): Promise<Standing[]> {
    if (guild_id === null) return []
    const { person_per_day, server_per_day } = await store.settings(guild_id)
    const midnight = Math.floor(now() / DAY) * DAY
    const standings: Standing[] = []
    if (person_per_day !== null && starter_id !== null) {
      const spent = await store.spentSince(guild_id, midnight, starter_id)
      const refusal = `${starter_name ?? 'The person who started this'} has reached the cap of $${person_per_day} per person and day ($${spent.toFixed(2)} spent today, UTC). ${TOMORROW}`
      standings.push({ key: personKey(guild_id, starter_id), limit: person_per_day, spent, refusal, outcome: 'pause' })
    }
    if (server_per_day !== null) {
      const spent = await store.spentSince(guild_id, midnight)
      const refusal = `This server has reached its cap of $${server_per_day} per day ($${spent.toFixed(2)} spent today, UTC). ${TOMORROW}`
      standings.push({ key: serverKey(guild_id), limit: server_per_day, spent, refusal, outcome: 'pause' })
    }
    return standings
  }

  return {
    async refusal(run) {
      if (run.guild_id === null || isFree(run)) return null
      return (await daily(run)).find(({ limit, spent }) => spent >= limit)?.refusal ?? null
    },
    open(run) {
      const { guild_id, starter_id } = run
      const keys = [
        guild_id === null ? null : serverKey(guild_id),
        guild_id === null || starter_id === null ? null : personKey(guild_id, starter_id),
        other?.keyOf(run) ?? null,
      ]
      return holds.open(
        keys.filter((key) => key !== null),
        async () => {
          const standing = (await other?.look(run)) ?? null
          return standing === null ? daily(run) : [...(await daily(run)), standing]
        },
      )
    },
  }
}

const DAY = 24 * 60 * 60 * 1000
const TOMORROW = 'It can go on tomorrow, or when `/settings set` raises the cap.'

const personKey = (guildId: string, personId: string): string => `person ${guildId} ${personId}`
const serverKey = (guildId: string): string => `server ${guildId}`

/** Nothing that costs nothing is held up by a cap. */
function isFree(run: Spender): boolean {
  return run.spec.actors.every(({ model }) => model.price !== null && model.price.input + model.price.output === 0)
}
