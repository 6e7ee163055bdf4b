import type { Run } from '../core/run.ts'
import type { ForkHow } from '../core/steering.ts'
import type { Menu, Press, Slash } from './command.ts'
import { linkOf } from './describe.ts'
import { begun, requireModels, withThread } from './launch.ts'
import { personOf } from './people.ts'
import { requireStarter } from './permissions.ts'
import { placeFor } from './place.ts'
import { patienceOf, tellPrivately } from './replies.ts'
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
  requireModels(how.models ?? [], settings, room)
  const limits = { ...(await moreRounds(run, how.from, room)), ...how.limits }
  const fork = await room.steering.fork(
    run.id,
    { guild_id: interaction.guildId, channel_id: place.id, person: personOf(interaction.member) },
    { ...how, limits },
  )
  const from = how.from === undefined ? 'its last turn' : `turn ${how.from}`
  await tellPrivately(
    interaction,
    `Forked ${linkOf(run)} from ${from}. ${begun(await withThread(fork, room, patienceOf(interaction)))}`,
  )
}

/** A fork of a run that has had all its rounds would end at once: it gets as many again. */
async function moreRounds(run: Run, from: number | undefined, room: Room): Promise<ForkHow['limits']> {
  const { max_turns, actors } = run.spec
  if (max_turns === null) return {}
  const turns = await room.store.turns(run.id)
  const spoken = turns.filter((turn) => turn.actor_index !== null && turn.turn_index <= (from ?? turn.turn_index))
  const rounds = Math.floor(spoken.length / actors.length)
  return rounds < max_turns ? {} : { max_turns: rounds + max_turns }
}
