import { actorsNow } from '../core/actors.ts'
import { cost, plural } from '../core/figures.ts'
import type { Run, RunStatus } from '../core/run.ts'
import { columns } from './columns.ts'
import { type Command, JSON_FLAG } from './command.ts'
import { driverState } from './drivers.ts'
import { EXIT } from './io.ts'

const LIVE: RunStatus[] = ['going', 'paused']

export const list: Command = {
  summary: 'The runs that are kept: those going, and the last that ended',
  usage: ['[--limit N] [--json]'],
  words: 0,
  flags: {
    limit: { kind: 'text', value: 'N', help: 'How many that have ended; 20 by default' },
    json: JSON_FLAG,
  },
  examples: [
    ['list', 'id, state, template, actors'],
    ['list --limit 500 --json', 'for a program'],
  ],
  async run(given, terminal) {
    const limit = given.whole('limit') ?? 20
    const { store } = await terminal.parts()
    const runs = [...(await store.runs({ status: LIVE })), ...(await store.runs({ status: ['ended'], limit }))]
    if (given.has('json')) terminal.out(JSON.stringify(runs.map(facts), null, 2))
    else if (runs.length === 0) terminal.out('No run yet. This begins one: npm run backrooms -- run')
    else for (const line of columns(runs.map(row))) terminal.out(line)
    return EXIT.done
  },
}

function row(run: Run): string[] {
  const { id, spec, state, next_index, created_at } = run
  const names = actorsNow(run).map(({ name }) => name)
  const when = new Date(created_at).toISOString().slice(0, 16).replace('T', ' ')
  return [id, when, stateOf(run), spec.template, names.join(', '), `${plural(next_index, 'turn')}, ${cost(state)}`]
}

function stateOf({ status, end_reason, driver }: Run): string {
  if (status !== 'going') return end_reason ?? status
  const by = driverState(driver)
  return by === 'bot' ? 'going (bot)' : by === 'gone' ? 'left behind' : 'going (terminal)'
}

function facts(run: Run) {
  const { id, spec, status, end_reason, status_text, driver, batch_id, log_file, next_index, created_at, ended_at } =
    run
  return {
    ...{ id, status, end_reason, status_text, template: spec.template, title: spec.title },
    ...{ models: spec.actors.map(({ model }) => model.alias), turns: next_index, driver, batch_id, log_file },
    ...{ created_at: new Date(created_at).toISOString(), ended_at: ended_at && new Date(ended_at).toISOString() },
  }
}
