import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { memoriesOf, type RunFile } from '../core/export/json.ts'
import { plural } from '../core/figures.ts'
import type { RunState } from '../core/run.ts'
import type { Command } from './command.ts'
import { EXIT, WrongUse } from './io.ts'
import type { Parts } from './parts.ts'
import { parseRunFile } from './run-file.ts'
import { unreadable } from './unreadable.ts'

export const importCommand: Command = {
  summary: 'Load exported runs (JSON) again',
  usage: ['<run.json> …'],
  about:
    'The run keeps its id, its turns, its times, its exchanged models and what its narrators and media agents know. One that had not ended is paused: resume goes on with it, here. From one that has ended, fork goes on in a new run; with --server, so does /backrooms fork in Discord, where status and export find it too. A run that is here already is left as it is.',
  flags: {
    server: {
      kind: 'text',
      value: 'id',
      help: 'The Discord server to which runs that have ended belong from now on; DISCORD_GUILD_ID by default',
    },
  },
  examples: [
    ['import run.json', 'what "export --format json" wrote'],
    ['import run.json --server 81384788765712384', 'for /backrooms fork there'],
  ],
  async run(given, terminal) {
    if (given.words.length === 0) throw new WrongUse('Name a file: import run.json')
    // All are read before any is loaded.
    const files = await Promise.all(given.words.map((name) => readRun(name, resolve(terminal.cwd, name))))
    const server = given.text('server')
    if (server !== undefined && !/^\d{15,21}$/.test(server))
      throw new WrongUse(`--server must be the id of a Discord server, a number of 15 to 21 digits, not "${server}".`)
    const parts = await terminal.parts()
    for (const { name, file } of files) {
      const isNew = await load(parts, file, server ?? parts.env.DISCORD_GUILD_ID ?? null)
      const what = `Run ${file.id} (${file.spec.template}, ${plural(file.turns.length, 'turn')})`
      terminal.out(isNew ? `${what} is loaded from ${name}.` : `${what} is here already; ${name} changes nothing.`)
    }
    return EXIT.done
  },
}

async function readRun(name: string, path: string): Promise<{ name: string; file: RunFile }> {
  const raw = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, error, 'the JSON files')
  })
  return { name, file: parseRunFile(raw, name) }
}

/** False when a run of this id is here already. */
async function load({ store, bus, person }: Parts, file: RunFile, server: string | null): Promise<boolean> {
  if (await store.run(file.id)) return false
  const run = await store.createRun(
    {
      id: file.id,
      spec: file.spec,
      state: stateOf(file),
      turns: file.turns.map((turn) => ({ ...turn, run_id: file.id })),
      observers: memoriesOf(file),
      // One that is to go on belongs to no server: there it would go on without a thread.
      ...{ guild_id: file.status === 'ended' ? server : null, channel_id: null, batch_id: null },
      ...{ starter_id: person.id, starter_name: file.starter_name },
      imported: { created_at: Date.parse(file.created_at), ...standing(file) },
    },
    () => [],
  )
  bus.emit({ type: 'changed', run_id: run.id, run })
  if (run.status === 'ended') bus.emit({ type: 'ended', run_id: run.id })
  return true
}

function standing({ status, end_reason, status_text, created_at, ended_at }: RunFile) {
  if (status !== 'ended')
    return {
      status: 'paused',
      end_reason: null,
      status_text: 'It was imported.',
      ended_at: null,
      closed_at: null,
    } as const
  const end = Date.parse(ended_at ?? created_at)
  return { status, end_reason, status_text, ended_at: end, closed_at: end }
}

function stateOf({ turns, swaps, next_actor, usage: { side_cost, ...usage } }: RunFile): RunState {
  const counting = turns.filter(({ dropped_at }) => dropped_at === null)
  return {
    next_actor,
    spoken: counting.flatMap(({ actor_index }) => (actor_index === null ? [] : [actor_index])),
    usage,
    // Those that a rewind dropped were paid for all the same.
    unpriced: turns.filter((turn) => turn.usage.cost === null).length,
    side_cost,
    swaps,
    reported: [],
    remarks: [],
    steps: null,
  }
}
