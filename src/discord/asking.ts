import { randomBytes } from 'node:crypto'
import { ButtonStyle, ComponentType } from 'discord-api-types/v10'
import { UserError } from '../core/errors.ts'
import type { SlashCommand } from './command.ts'
import { deferPrivately, tellPrivately } from './replies.ts'

// Starts that wait for a person's yes. Kept in memory alone: after a restart the button says that the question is over.

interface Pending {
  personId: string
  go: () => Promise<string>
  timer: NodeJS.Timeout
}

const pending = new Map<string, Pending>()

/** How long a question stands. */
const PATIENCE_MS = 14 * 60 * 1000

/**
 * A private question with two buttons.
 * @param go what a yes does, at most once; returns what the person is told then.
 */
export function question(personId: string, text: string, yes: string, go: () => Promise<string>) {
  const id = randomBytes(6).toString('hex')
  const timer = setTimeout(() => pending.delete(id), PATIENCE_MS).unref()
  pending.set(id, { personId, go, timer })
  const type = ComponentType.Button as const
  return {
    content: text,
    components: [
      {
        type: ComponentType.ActionRow as const,
        components: [
          { type, custom_id: `yes:${id}`, label: yes, style: ButtonStyle.Success as const },
          { type, custom_id: `no:${id}`, label: 'Leave it', style: ButtonStyle.Secondary as const },
        ],
      },
    ],
  }
}

/** Answers every question's buttons. */
export const questionButtons: NonNullable<SlashCommand['components']> = {
  async yes(press, [id]) {
    const { go } = take(id, press.user.id)
    await deferPrivately(press)
    await tellPrivately(press, await go())
  },
  async no(press, [id]) {
    take(id, press.user.id)
    await tellPrivately(press, 'Left it; nothing was spent.')
  },
}

/** Takes the question off the list, so that two presses start one thing. */
function take(id: string | undefined, personId: string): Pending {
  const found = id === undefined ? undefined : pending.get(id)
  if (!found || id === undefined) throw new UserError('That question is over: use the command again.')
  if (found.personId !== personId) throw new UserError('Only who was asked can answer that.')
  pending.delete(id)
  clearTimeout(found.timer)
  return found
}
