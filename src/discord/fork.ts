import { actorsNow } from '../core/actors.ts'
import type { Run, RunSpec } from '../core/run.ts'
import type { ForkHow } from '../core/steering.ts'
import type { GuildSettings } from '../core/store.ts'
import { roundsForFork, turnsUpTo } from '../core/turns.ts'
import type { Menu, Press, Slash } from './command.ts'
import { costLimit, launch, requireModels } from './launch.ts'
import { personOf } from './people.ts'
import { requireStarter } from './permissions.ts'
import { placeFor, requireForMedia } from './place.ts'
import type { Room } from './room.ts'

/** Starts a new run from a turn of this one, in the channel of this one, and says where it is. The interaction was deferred. */
export async function forkRun(
  interaction: Slash | Press | Menu,
  run: Run,
  room: Room,
  how: ForkHow = {},
): Promise<void> {
  const settings = await room.store.settings(interaction.guildId)
  requireStarter(interaction.member, settings)
  const place = await placeFor(interaction, run.channel_id)
  const actors = actorsNow(run).map((actor, index) => ({ ...actor, model: how.models?.[index] ?? actor.model }))
  requireModels(
    actors.map(({ model }) => model),
    settings,
    room,
  )
  const limits = {
    max_cost: costOf(run.spec, how, settings),
    max_turns: how.limits?.max_turns ?? (await moreRounds(run, how.from, room)),
  }
  const spec = { ...run.spec, actors, ...limits }
  requireForMedia(place, spec)
  const at = { guild_id: interaction.guildId, channel_id: place.id, person: personOf(interaction.member) }
  await launch(interaction, room, { spec, settings, begin: () => room.steering.fork(run.id, at, { ...how, limits }) })
}

/** As asked, else as the first run's; never more than the server allows. */
function costOf(spec: RunSpec, { limits = {} }: ForkHow, settings: GuildSettings): number | null {
  const asked = limits.max_cost ?? undefined
  if (asked !== undefined) return costLimit({ ...spec, max_cost: asked }, asked, settings)
  if (settings.max_cost === null) return spec.max_cost
  return Math.min(spec.max_cost ?? settings.max_cost, settings.max_cost)
}

/** As the first run's, or as many again. */
async function moreRounds(run: Run, from: number | undefined, room: Room): Promise<number | null> {
  const all = await room.store.turns(run.id, { dropped: true })
  const kept = from === undefined ? all.filter((turn) => turn.dropped_at === null) : turnsUpTo(all, from)
  return roundsForFork(run.spec, kept ?? [])
}
