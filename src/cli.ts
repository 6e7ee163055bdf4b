import { resolve } from 'node:path'
import { dispatch } from './cli/dispatch.ts'
import { EXIT, WrongUse } from './cli/io.ts'
import type { Opened } from './cli/open.ts'
import { processTerminal } from './cli/terminal.ts'
import { UserError } from './core/errors.ts'
import { readEnv } from './env.ts'

// The terminal's way in, over the same parts as the bot's: runs what was typed. What a command does not need is not loaded.

/** How long the parts may take to close when a person leaves at once (ms). */
const LEAVING = 1500

const root = resolve(import.meta.dirname, '..')
const opened: { parts: Promise<Opened> | null } = { parts: null }
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `… | head` has read enough.
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})
process.exitCode = await main()
// Parts that could not be opened were the error that has been told.
await opened.parts?.then(
  ({ close }) => close(),
  () => {},
)
// Connections that a provider's library keeps open must not hold the person up; what was written has to be out first.
process.stdout.write('', () => process.exit())

async function main(): Promise<number> {
  try {
    const env = readEnv(root)
    const terminal = processTerminal({
      root,
      mcpConfig: env.MCP_CONFIG,
      // npm goes to the project's folder and says where it was called.
      cwd: process.env.npm_lifecycle_event === 'backrooms' ? (process.env.INIT_CWD ?? root) : process.cwd(),
      async parts(how = {}) {
        opened.parts ??= import('./cli/open.ts').then(({ openTerminalParts }) =>
          openTerminalParts(env, {
            ...{ root, paced: how.paced ?? false },
            tell: (text) => void process.stderr.write(`${text}\n`),
          }),
        )
        return (await opened.parts).parts
      },
      mcp: async (configFile) => (await import('./cli/open.ts')).openMcp(env, root, configFile),
      leave,
    })
    return await dispatch(process.argv.slice(2), terminal)
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    return error instanceof WrongUse ? EXIT.wrong_use : EXIT.failed
  }
}

function leave(): void {
  setTimeout(() => process.exit(EXIT.interrupted), LEAVING).unref()
  Promise.resolve(opened.parts)
    .then((parts) => parts?.close())
    .finally(() => process.exit(EXIT.interrupted))
}

/** Known causes in one sentence, a mistake of ours with its trace. */
function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
