import { UserError } from '../core/errors.ts'

/** What a terminal command may touch. Results go to `out`, everything else to `err`; both take whole lines without their end. */
export interface CliIo {
  /** The project's folder. */
  root: string
  /** Path of the MCP servers' file. */
  mcpConfig: string
  out(text: string): void
  err(text: string): void
}

/** Exit codes of every terminal command. */
export const EXIT = { done: 0, failed: 1, wrong_use: 2, interrupted: 130 } as const

/** The command line itself is wrong: exit code 2. */
export class WrongUse extends UserError {
  constructor(message: string) {
    super(message)
    this.name = 'WrongUse'
  }
}
