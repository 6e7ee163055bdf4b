import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Menu } from './command.ts'
import type { Room } from './room.ts'

/** The run and turn that a message shows. Throws a UserError for any other message. */
export async function turnOfMessage(menu: Menu, room: Room): Promise<{ run: Run; turnIndex: number }> {
  const delivery = await room.store.deliveryOfMessage(menu.targetMessage.id)
  const run = delivery?.run_id ? await room.store.run(delivery.run_id) : null
  if (delivery?.body.kind !== 'turn' || !run || run.guild_id !== menu.guildId)
    throw new UserError('That message is no turn of a run: choose one that an actor, or someone through me, has said.')
  return { run, turnIndex: delivery.body.turn_index }
}
