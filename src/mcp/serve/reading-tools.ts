import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { plural } from '../../core/figures.ts'
import { answering, only, runId, told } from './answers.ts'
import type { ServeParts } from './parts.ts'
import { readPage, runFacts, runLine } from './reading.ts'
import { searchRuns } from './search.ts'

const annotations = { readOnlyHint: true, openWorldHint: false }

/** `list_runs`, `read_run`, `search_runs`. */
export function addReadingTools(server: McpServer, { store, log }: ServeParts): void {
  server.registerTool(
    'list_runs',
    {
      title: 'List runs',
      description: 'Runs, newest first.',
      inputSchema: only({
        status: z.enum(['going', 'paused', 'ended']).optional(),
        limit: z.number().int().min(1).max(200).default(20),
      }),
      annotations,
    },
    answering(log, async ({ status, limit }) => {
      const runs = await store.runs({ ...(status ? { status: [status] } : {}), limit })
      return told(runs.length === 0 ? 'There are no runs.' : runs.map(runLine).join('\n'), { runs: runs.map(runFacts) })
    }),
  )

  server.registerTool(
    'read_run',
    {
      title: 'Read a run',
      description:
        'What was said in a run, in pages: read on with from set to next. wait_seconds waits for words that are still to come.',
      inputSchema: only({
        run_id: runId,
        from: z.number().int().min(0).default(0).describe('Index of the first turn, from 0'),
        limit: z.number().int().min(1).max(200).default(20).describe('Turns at most'),
        wait_seconds: z.number().min(0).max(60).default(0),
      }),
      annotations,
    },
    answering(log, async ({ run_id, from, limit, wait_seconds }, { signal }) => {
      const { run, turns, next } = await readPage(store, run_id, { from, limit, waitMs: wait_seconds * 1000, signal })
      const body = turns.map((turn) => `## ${turn.turn_index} · ${turn.name}\n\n${turn.text}`)
      const state = run.status === 'ended' ? `ended: ${run.end_reason}. ${run.status_text ?? ''}`.trim() : run.status
      const later = (turns.at(-1)?.turn_index ?? from - 1) + 1
      const goesOn = run.status === 'going' ? `; more is to come, from ${later}` : ''
      const more = next === null ? goesOn : `; there is more, from ${next}`
      return told([...body, `(${state}${more})`].join('\n\n'), {
        ...runFacts(run),
        next,
        said: turns.map(({ turn_index, round, name, text, author_id, created_at }) => ({
          ...{ turn_index, round, name, text, by: author_id === null ? 'actor' : 'person' },
          at: new Date(created_at).toISOString(),
        })),
      })
    }),
  )

  server.registerTool(
    'search_runs',
    {
      title: 'Search runs',
      description:
        'Turns in which all words stand (each at least as the beginning of a word), in runs that go on and in all that have ended, newest first. What has only a log_file was imported: read it as the resource archive://{log_file}.',
      inputSchema: only({ query: z.string().min(1).max(300), limit: z.number().int().min(1).max(100).default(20) }),
      annotations,
    },
    answering(log, async ({ query, limit }) => {
      const { hits, runs } = await searchRuns(store, query, limit)
      const lines = hits.map(({ run_id, log_file, turn, excerpt }) => {
        const where = turn === null ? '' : `, turn ${turn.turn_index}, ${turn.name}`
        return `${run_id ?? log_file}${where}: ${excerpt}`
      })
      const head = `${plural(runs, 'run')} found:`
      return told(lines.length === 0 ? `Nothing was found for "${query}".` : [head, ...lines].join('\n'), {
        runs,
        hits: hits.map(({ turn, ...hit }) => ({
          ...hit,
          turn_index: turn?.turn_index ?? null,
          name: turn?.name ?? null,
        })),
      })
    }),
  )
}
