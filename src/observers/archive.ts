import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ARCHIVER, type ArchivedRun } from '../core/archive.ts'
import type { Bus } from '../core/bus.ts'
import { metaOf, promptOf, renderLog } from '../core/log.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import { mediaEntries } from './media-log.ts'

const DONE = 1

/** What the config that a run came from says of its keeping. */
export interface Keeping {
  /** Null: as the environment says. */
  auto_sync: boolean | null
  /** An absolute path for a second copy of its meta line. */
  meta_jsonl: string | null
}

export interface ArchiverParts {
  store: Store
  bus: Bus
  log: Log
  /** BACKROOMS_AUTO_SYNC. */
  autoSync: boolean
  keepingOf(run: Run): Promise<Keeping>
  /** There is something new to send to Supabase. */
  onWanted(): void
}

/** Puts every run that has ended into the archive, once. */
export class Archiver {
  readonly #parts: ArchiverParts
  readonly #off: () => void
  readonly #waiting = new Set<string>()
  #queue: Promise<void> = Promise.resolve()

  constructor(parts: ArchiverParts) {
    this.#parts = parts
    this.#off = parts.bus.on('ended', ({ run_id }) => this.#soon(run_id))
  }

  /** Archives what a crash may have left out. */
  async catchUp(): Promise<void> {
    for (const run of await this.#parts.store.runs({ unfinished_by: ARCHIVER })) this.#soon(run.id)
  }

  /** Resolves when what has ended so far is archived. */
  idle(): Promise<void> {
    return this.#queue
  }

  async close(): Promise<void> {
    this.#off()
    await this.#queue
  }

  #soon(runId: string): void {
    if (this.#waiting.has(runId)) return
    this.#waiting.add(runId)
    this.#queue = this.#queue
      .then(() => {
        this.#waiting.delete(runId)
        return this.#keep(runId)
      })
      .catch((err) => this.#parts.log.error({ run: runId, err }, 'a run could not be archived'))
  }

  async #keep(runId: string): Promise<void> {
    const { store, autoSync, keepingOf, onWanted } = this.#parts
    const run = await store.run(runId)
    // What closes it comes later, and is news again.
    if (!run || run.closed_at === null || (await store.observer(runId, ARCHIVER)).cursor >= DONE) return
    const keeping = await keepingOf(run)
    const wanted = keeping.auto_sync ?? autoSync
    const turns = await store.turns(runId, { dropped: true })
    const transcript = renderLog(run, turns, await mediaEntries(store, run))
    await store.archive([archivedOf(run, transcript)], wanted)
    if (keeping.meta_jsonl !== null) await writeMeta(keeping.meta_jsonl, run)
    await store.saveObserver(runId, { name: ARCHIVER, cursor: DONE, memory: null })
    if (wanted) onWanted()
  }
}

function archivedOf(run: Run, transcript: string): ArchivedRun {
  const { spec } = run
  return {
    log_file: `backrooms_logs/${run.log_file}`,
    run_id: run.id,
    title: spec.title,
    prompt: promptOf(run),
    transcript,
    models: spec.actors.map(({ model }) => model.alias),
    template: spec.template,
    max_turns: spec.max_turns,
    created_at: run.created_at,
    duration_sec: Math.round(((run.ended_at ?? run.created_at) - run.created_at) / 1000),
    exit_reason: run.end_reason,
    dream_id: spec.item?.dream_id ?? null,
    source: spec.item?.source ?? null,
    guild_id: run.guild_id,
    thread_id: run.thread_id,
  }
}

/** Once: a line that names the same log is looked for first. */
async function writeMeta(file: string, run: Run): Promise<void> {
  const meta = metaOf(run)
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known.includes(JSON.stringify(meta.log_file))) return
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(meta)}\n`)
}
