import { actorsNow } from '../core/actors.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import { choicesFor } from './choices.ts'
import type { Choice, Completion, Press, Slash } from './command.ts'
import { linkOf } from './describe.ts'
import { findRun, isLive, LIVE, runNamed, runOfButton, runsHere } from './find-run.ts'
import { requireSteerer } from './permissions.ts'
import { deferSoon, tellPrivately } from './replies.ts'
import type { Room } from './room.ts'

/**
 * What most steering commands do, as a command and as a button: find the run, see whether this person may, act, say so.
 * @param act returns what the person is told.
 */
export async function steer(
  interaction: Slash | Press,
  room: Room,
  verb: string,
  act: (run: Run) => Promise<string>,
  buttonFor?: string,
): Promise<void> {
  deferSoon(interaction)
  const run = interaction.isChatInputCommand()
    ? await findRun(interaction, room)
    : await runOfButton(interaction, buttonFor, room)
  requireSteerer(interaction.member, run, verb)
  await tellPrivately(interaction, await act(run))
}

/** Throws a UserError where a paused run, told to go on, could post nothing. */
export async function refuseHindered(run: Run, room: Room): Promise<void> {
  const obstacle = run.status === 'paused' ? await room.obstacle(run) : null
  if (obstacle !== null) throw new UserError(`${linkOf(run)} cannot go on: ${obstacle}`)
}

/** An actor by its number (from 1), or by its name or a word of it. Throws a UserError that lists them. */
export function actorNamed(run: Run, wanted: string): number {
  const actors = actorsNow(run)
  const text = wanted.trim().toLowerCase()
  const byNumber = Number(text) - 1
  if (Number.isInteger(byNumber) && actors[byNumber]) return byNumber
  const exact = actors.findIndex(({ name }) => name.toLowerCase() === text)
  if (exact >= 0) return exact
  const alike = actors.flatMap(({ name, model }, index) =>
    model.alias.toLowerCase() === text || name.toLowerCase().includes(text) ? [index] : [],
  )
  if (alike.length === 1) return alike[0] as number
  const names = actors.map(({ name }, index) => `${index + 1} ${name}`).join(', ')
  throw new UserError(
    `${alike.length > 1 ? `"${wanted}" could be several actors` : `There is no actor "${wanted}" in this run`}; these speak in it: ${names}.`,
  )
}

/** The actors of the run that the command so far names or stands in. */
export async function actorChoices(interaction: Completion, room: Room): Promise<Choice[]> {
  const named = interaction.options.getString('run')
  const runs =
    named === null
      ? await runsHere(interaction, room, LIVE)
      : await runNamed(room, interaction.guildId, named).then(
          (run) => [run],
          () => [],
        )
  const [run] = runs
  if (!run || runs.length > 1 || !isLive(run)) return []
  return choicesFor(
    interaction.options.getFocused(),
    actorsNow(run).map(({ name, model }) => ({ value: name, label: `${name} · ${model.alias}` })),
  )
}

export const actorOption = (name: string, description: string, required: boolean) => ({
  type: 3 as const,
  name,
  description,
  required,
  autocomplete: true as const,
})
