import { type ParseArgsConfig, parseArgs } from 'node:util'
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

/**
 * Node's parseArgs, whose complaints become WrongUse.
 * @param lists flags that take every value up to the next flag, as in `--lm opus sonnet`; they must be `multiple`.
 */
export function readArgs<T extends ParseArgsConfig>(
  config: T & { args: string[] },
  lists: string[] = [],
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>({ ...config, args: spreadLists(config.args, lists) })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('ERR_PARSE_ARGS')) throw new WrongUse((error as Error).message)
    throw error
  }
}

function spreadLists(args: string[], lists: string[]): string[] {
  let flag: string | null = null
  return args.flatMap((arg) => {
    if (arg.startsWith('--')) {
      const name: string = arg.slice(2)
      flag = lists.includes(name) ? name : null
      return flag ? [] : [arg]
    }
    if (flag === null) return [arg]
    return [`--${flag}=${arg}`]
  })
}
