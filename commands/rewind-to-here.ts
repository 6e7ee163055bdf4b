import { ApplicationCommandType } from 'discord-api-types/v10'
import { turnNumber } from '../src/core/turns.ts'
import type { MessageMenu } from '../src/discord/command.ts'
import { linkOf } from '../src/discord/describe.ts'
import { requireSteerer } from '../src/discord/permissions.ts'
import { deferSoon, tellPrivately } from '../src/discord/replies.ts'
import { turnOfMessage } from '../src/discord/turn-of-message.ts'

export default {
  data: { name: 'Rewind to here', type: ApplicationCommandType.Message },
  async execute(menu, room) {
    deferSoon(menu)
    const { run, turnIndex } = await turnOfMessage(menu, room)
    requireSteerer(menu.member, run, 'rewind')
    const { status } = await room.steering.rewind(run.id, turnIndex)
    const from = `from turn ${turnNumber(turnIndex)}; what followed no longer counts.`
    await tellPrivately(
      menu,
      status === 'paused'
        ? `${linkOf(run)} stays paused. When it is resumed, it goes on ${from}`
        : `${linkOf(run)} goes on ${from}`,
    )
  },
} satisfies MessageMenu
