import type { GuildTextBasedChannel } from 'discord.js'
import { UserError } from '../core/errors.ts'
import { plural } from '../core/figures.ts'
import type { Run, RunStatus } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import { titleOf } from '../core/title.ts'
import { choicesFor } from './choices.ts'
import type { Choice, Completion, Slash } from './command.ts'
import type { Room } from './room.ts'

/** Runs that something can still be done to. */
export const LIVE: RunStatus[] = ['going', 'paused']
const ANY: RunStatus[] = ['going', 'paused', 'ended']

/** The option by which a command takes a run. */
export const runOption = {
  type: 3 as const,
  name: 'run',
  description: "Which run; default: this thread's, or the only one of this channel",
  autocomplete: true as const,
}

/**
 * The run that a person means: the one named, else the one of this thread, else the only one of this channel.
 * Throws a UserError when there is none, or when it could be several.
 */
export async function findRun(interaction: Slash, room: Room, status: RunStatus[] = LIVE): Promise<Run> {
  const named = interaction.options.getString('run')
  if (named !== null) return runNamed(room, interaction.guildId, named)
  const here = await runsHere(interaction, room, status)
  if (here.length === 0) throw new UserError(noRun(status))
  if (here.length > 1)
    throw new UserError(
      `There are ${here.length} runs in this channel: name one with \`run:\`, or use this in its thread.`,
    )
  return here[0] as Run
}

export const noRun = (status: RunStatus[]): string =>
  status.includes('ended')
    ? 'There is no run here: name one with `run:`, or use this in its thread.'
    : 'There is no run going here: name one with `run:`, or use this in its thread.'

/** The run of the thread one is in (whatever its status), else those of the channel that have one of these. */
export async function runsHere(
  { guildId, channelId, channel }: { guildId: string; channelId: string; channel: GuildTextBasedChannel | null },
  room: Room,
  status: RunStatus[],
): Promise<Run[]> {
  const [own] = await room.store.runs({ guild_id: guildId, thread_id: channelId, limit: 1 })
  if (own) return [own]
  if (channel?.isThread()) return []
  return room.store.runs({ guild_id: guildId, channel_id: channelId, status })
}

/** A run of this server by its id, as a choice or a button carries it, or else by its title. */
export async function runNamed(room: Room, guildId: string, name: string): Promise<Run> {
  const byId = await room.store.run(name.trim())
  if (byId && byId.guild_id === guildId) return byId
  const wanted = name.trim().toLowerCase()
  const run = (await runsOf(room, guildId)).find((each) =>
    [each.spec.title, titleOf(each)].some((title) => title.toLowerCase() === wanted),
  )
  if (!run) throw new UserError(`There is no run "${name}" in this server: \`/backrooms list\` shows what there is.`)
  return run
}

/** The run a button belongs to. */
export async function runOfButton(press: { guildId: string }, id: string | undefined, room: Room): Promise<Run> {
  const run = id === undefined ? null : await room.store.run(id)
  if (!run || run.guild_id !== press.guildId) throw new UserError('That run is gone: it was deleted.')
  return run
}

/** How many ended runs are searched by name. */
const MANY = 1000

/** @param offered which of them the person can do something with. */
export async function runChoices(
  interaction: Completion,
  room: Room,
  status = ANY,
  offered: (run: Run) => boolean = () => true,
): Promise<Choice[]> {
  const runs = (await runsOf(room, interaction.guildId)).filter((run) => status.includes(run.status) && offered(run))
  return choicesFor(
    interaction.options.getFocused(),
    runs.map((run) => ({ value: run.id, label: runLabel(run) })),
  )
}

/** A server's runs: all live ones, for they are what people mean, then the ended ones, newest first. */
async function runsOf(room: Room, guildId: string): Promise<Run[]> {
  const live = await room.store.runs({ guild_id: guildId, status: LIVE })
  const ended = await room.store.runs({ guild_id: guildId, status: ['ended'], limit: MANY })
  return [...live, ...ended]
}

export const isLive = (run: Run): boolean => run.status !== 'ended'

/** One line without markdown, for choices and selects; at most 100 characters, of which the title gives way. */
export function runLabel(run: Run): string {
  const state = run.status === 'ended' ? run.end_reason : run.status
  const title = titleOf(run)
  const more = ` · ${state} · ${plural(run.next_index, 'turn')}`
  const id = ` · ${run.id}`
  const bare = title.endsWith(id) ? title.slice(0, -id.length) : title
  return `${shorten(bare, 100 - more.length - id.length)}${more}${id}`
}
