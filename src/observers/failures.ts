import { UserError } from '../core/errors.ts'
import { sentence } from '../core/sentence.ts'
import { type Round, toldOf } from './observer.ts'

// What people are told, once, of a narrator or media agent that brought nothing. Names are as in its memory: `profile:critic`.

/** It failed in this round: the thread is told. */
export function failureNotice(name: string, round: number, error: unknown): { key: string; notice: string } {
  const notice = `${missing(name, round)}: ${sentence(toldOf(error))} The run goes on without it; this is told only once.`
  return { key: `failed:${name}`, notice }
}

/**
 * It came to its end with the run, or after it: the panel is told of what a person or a budget ended, the thread of what was given up.
 *
 * @param why what broke it off; absent: nothing more was to be spent.
 */
export function brokenOff(
  name: string,
  { run, index }: Round,
  why?: unknown,
): { key: string; notice?: string; remark?: string } {
  const key = `failed:${name}`
  if (why instanceof UserError)
    return { key, notice: `${missing(name, index)}, nor for what follows: ${sentence(why.message)}` }
  const reason = run.end_reason === 'cost_budget' ? 'the budget of the run is used up' : 'the run was stopped'
  return { key, remark: `${missing(name, index)}, nor for what follows: ${reason}.` }
}

function missing(name: string, round: number): string {
  const [kind, preset] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  return `\`${preset}\` has ${kind === 'media' ? 'no picture' : 'no post'} for round ${round + 1}`
}
