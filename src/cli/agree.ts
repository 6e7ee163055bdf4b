import { UserError } from '../core/errors.ts'
import type { Flag, Given } from './flags.ts'
import type { Terminal } from './terminal.ts'

export const YES_FLAG: Flag = { kind: 'switch', help: 'Begin without asking, however large or dear it is' }

/**
 * Whether it may begin: `--yes`, or a person's word. Throws UserError where nobody is there to be asked.
 * @param why what there is to think about; null: nothing.
 */
export async function agreed(terminal: Terminal, given: Given, why: string | null): Promise<boolean> {
  if (why === null || given.has('yes')) return true
  const answer = await terminal.confirm(`${why} Begin?`)
  if (answer === null) throw new UserError(`${why} To begin it all the same, add --yes.`)
  if (!answer) terminal.err('Left it; nothing was spent.')
  return answer
}
