import { ApplicationCommandType } from 'discord-api-types/v10'
import type { MessageMenu } from '../src/discord/command.ts'
import { forkRun } from '../src/discord/fork.ts'
import { deferPrivately } from '../src/discord/replies.ts'
import { turnOfMessage } from '../src/discord/turn-of-message.ts'

export default {
  data: { name: 'Fork from here', type: ApplicationCommandType.Message },
  async execute(menu, room) {
    await deferPrivately(menu)
    const { run, turnIndex } = await turnOfMessage(menu, room)
    await forkRun(menu, run, room, { from: turnIndex })
  },
} satisfies MessageMenu
