import { UserError } from './core/errors.ts'
import './lean.ts'

// The bot's entry: small first, then everything (start.ts wires the parts).

try {
  const { start } = await import('./start.ts')
  await start()
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`)
  process.exit(1)
}

/** What stops the start, for the person who started it: known causes in one sentence, a mistake of ours with its trace. */
function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'PORT is taken by another program (another Backrooms?): end that one, or set PORT to another number.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
