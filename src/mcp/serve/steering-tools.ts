import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import type { Person } from '../../core/steering.ts'
import { answering, only, runId, told } from './answers.ts'
import type { ServeParts } from './parts.ts'
import { requireRun, runFacts, runLine } from './reading.ts'
import { agreement, startRun, startShape } from './start.ts'

/** `start_run`, `say`, `stop_run`, `resume_run`: a client acts as a person who bears its name. */
export function addSteeringTools(server: McpServer, parts: ServeParts): void {
  const { steering, log } = parts
  const person = (name?: string): Person => {
    const client = server.server.getClientVersion()
    return { id: 'mcp', name: (name ?? client?.title ?? client?.name ?? 'MCP').slice(0, 80), avatar_url: null }
  }
  const requireHere = async (id: string, verb: Parameters<ServeParts['elsewhere']>[1]): Promise<void> => {
    const where = parts.elsewhere(await requireRun(parts.store, id), verb)
    if (where !== null) throw new UserError(where)
  }

  server.registerTool(
    'start_run',
    {
      title: 'Start a run',
      description:
        'Begins a conversation between language models under a template, and returns at once with its run_id.',
      inputSchema: only({ ...startShape(parts), ...agreement }),
    },
    answering(log, async (options: Record<string, unknown>) => {
      const { run, notes } = await startRun(parts, options, person())
      return told([`It has begun: ${runLine(run)}`, ...notes].join('\n'), { ...runFacts(run), notes })
    }),
  )

  server.registerTool(
    'say',
    {
      title: 'Say something',
      description: "Puts a message into a run's conversation, as a person's turn that every actor hears.",
      inputSchema: only({
        run_id: runId,
        text: z.string().min(1).max(20_000),
        name: z.string().min(1).max(80).optional().describe('Under which name; by default the name of your program'),
      }),
    },
    answering(log, async ({ run_id, text, name }) => {
      await requireHere(run_id, 'say')
      const turn = await steering.say(run_id, person(name), text)
      return told(`Said as turn ${turn.turn_index}, by ${turn.name}.`, { run_id, turn_index: turn.turn_index })
    }),
  )

  server.registerTool(
    'stop_run',
    {
      title: 'Stop a run',
      description: 'Ends a run for good. What was said stays readable.',
      inputSchema: only({ run_id: runId }),
      annotations: { destructiveHint: true },
    },
    answering(log, async ({ run_id }) => {
      await requireHere(run_id, 'stop')
      const run = await steering.stop(run_id, person())
      return told(`Stopped: ${runLine(run)}`, runFacts(run))
    }),
  )

  server.registerTool(
    'resume_run',
    { title: 'Resume a run', description: 'Lets a paused run go on.', inputSchema: only({ run_id: runId }) },
    answering(log, async ({ run_id }) => {
      await requireHere(run_id, 'resume')
      const run = await steering.resume(run_id)
      return told(`It goes on: ${runLine(run)}`, runFacts(run))
    }),
  )
}
