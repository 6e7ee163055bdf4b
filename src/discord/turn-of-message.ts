import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Menu } from './command.ts'
import type { Room } from './room.ts'

/** The run and turn that a message shows. Throws a UserError for any other message. */
export async function turnOfMessage(menu: Menu, room: Room): Promise<{ run: Run; turnIndex: number }> {
  const delivery = await room.store.deliveryOfMessage(menu.targetMessage.id)
  const run = delivery?.run_id ? await room.store.run(delivery.run_id) : null
  const body = delivery?.body
  if ((body?.kind !== 'turn' && body?.kind !== 'heard') || !run || run.guild_id !== menu.guildId)
    throw new UserError(
      'That message is no turn of a run: choose one that an actor has said, or a person with `/say` or by mentioning me.',
    )
  return { run, turnIndex: body.turn_index }
}
