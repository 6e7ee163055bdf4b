/** What a person does through a door, and what the bot made of it. */
import type { Interaction, Message } from '../core/shapes.ts'
import { viewMessage } from '../core/views.ts'
import type { World } from '../core/world.ts'

/** The bot did not acknowledge in three seconds. Answered with 504. */
export class NoAnswer extends Error {}

export interface Outcome {
  interaction_id: string
  channel_id: string
  /** the message the bot replied with or changed; null: none (a modal, say, or a deferred answer that never came) */
  response: Message | null
  /** the modal the bot opened */
  modal?: Record<string, unknown>
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction: waits until the bot has acknowledged an interaction (3 s), and until a deferred answer has been filled in (15 s). Throws NoAnswer. */
export async function outcomeOf(world: World, started: Interaction): Promise<Outcome> {
  const answered = await until(world, started.id, world.limits.doorAcknowledge, (now) => now.answered !== undefined)
  if (answered?.answered === undefined) throw new NoAnswer('The application did not respond')
  const settled = answered.deferred
    ? ((await until(world, started.id, world.limits.doorDeferred, (now) => now.deferred !== true)) ?? answered)
    : answered
  return shown(world, settled)
}

/** The choices the bot answered an autocomplete with. Throws NoAnswer. */
export async function choicesOf(world: World, started: Interaction) {
  const answered = await until(world, started.id, world.limits.doorAcknowledge, (now) => now.answered !== undefined)
  if (answered?.answered === undefined) throw new NoAnswer('Loading options failed')
  return answered.choices ?? []
}

function shown(world: World, interaction: Interaction): Outcome {
  const stored = interaction.original ? world.message(interaction.original) : undefined
  return {
    interaction_id: interaction.id,
    channel_id: interaction.channel_id,
    response: stored ? viewMessage(world, stored.message) : null,
    ...(interaction.modal ? { modal: interaction.modal } : {}),
  }
}

/** The interaction as soon as `done` holds, or as it is when the time is up. */
function until(
  world: World,
  id: string,
  ms: number,
  done: (interaction: Interaction) => boolean,
): Promise<Interaction | undefined> {
  const now = world.interactions.get(id)
  if (now && done(now)) return Promise.resolve(now)
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      unsubscribe()
      resolve(world.interactions.get(id))
    }
    const timer = setTimeout(finish, ms)
    const unsubscribe = world.subscribe((dispatch) => {
      if (dispatch.t !== 'SANDBOX_INTERACTION_UPDATE' || dispatch.d.id !== id) return
      const current = world.interactions.get(id)
      if (!current || done(current)) finish()
    })
  })
}
