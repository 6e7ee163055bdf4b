import type { Command } from './command.ts'
import { EXIT } from './io.ts'

export const mcpServe: Command = {
  summary: 'Let another program start and read runs, over MCP on stdin and stdout',
  usage: [''],
  about:
    'For programs that speak the Model Context Protocol: give them this command. Runs that they start are driven here, without Discord, until the program goes; then they are paused. A running bot serves the same at /mcp when BACKROOMS_MCP_TOKEN is set.',
  words: 0,
  flags: {},
  examples: [
    ['mcp-serve', 'in a client’s file of servers: {"command": "node", "args": ["/path/to/src/cli.ts", "mcp-serve"]}'],
  ],
  async run(_, terminal) {
    const { store, steering, catalog, models, log, takeUp } = await terminal.parts({ paced: true })
    await takeUp()
    const { serveStdio } = await import('../mcp/serve/stdio.ts')
    const abort = new AbortController()
    const ignore = terminal.onInterrupt((nth) => (nth > 1 ? terminal.leave() : abort.abort()))
    await serveStdio({ store, steering, catalog, models, log }, abort.signal)
    ignore()
    return abort.signal.aborted ? EXIT.interrupted : EXIT.done
  },
}
