import type { Flags, Given } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** One command of the terminal: its help and what it does. A command is a file that exports one of these. */
export interface Command {
  /** One line for the list of commands, without a full stop. */
  summary: string
  /** What may follow the command's name, a line for each form: `<file> [--dry-run]`. */
  usage: string[]
  /** What else one should know; paragraphs. */
  about?: string
  flags: Flags
  /** How many words it takes at most; absent: any number. */
  words?: number
  /** What to type after `npm run backrooms -- `, and what it does. */
  examples: [typed: string, does: string][]
  /** Returns the exit code. Throws WrongUse for a wrong command line, UserError for what cannot be done. */
  run(given: Given, terminal: Terminal): Promise<number> | number
}

export const JSON_FLAG = { kind: 'switch', help: 'For programs: JSON on stdout, everything else on stderr' } as const
