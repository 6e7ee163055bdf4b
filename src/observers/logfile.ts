import { hash } from 'node:crypto'
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Bus } from '../core/bus.ts'
import { metaOf, renderLog } from '../core/log.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import { mediaEntries } from './media-log.ts'

const OBSERVER = 'log'
const INTENDED = 0
const WRITTEN = 1

/** Each file is written at most once in this time (ms), and later when there are so many that it would be more often than this for all together: a log is for reading afterwards. */
const EVERY = 1000
const BETWEEN = 10

/**
 * Keeps `DATA_DIR/backrooms_logs/<template>/…txt` in step with the store, and adds the run's line to `<template>_meta.jsonl` when it has
 * ended. The first write of a process rewrites a file whole, later ones append; a crash between loses nothing.
 */
export class LogFiles {
  readonly #store: Store
  readonly #folder: string
  readonly #log: Log
  readonly #driver: string | null
  readonly #written = new Map<string, { head: Head; timer: NodeJS.Timeout | null }>()
  /** One after the other: the lines of a meta file must not mix. */
  #queue: Promise<void> = Promise.resolve()
  readonly #off: (() => void)[]

  /** @param parts.driver whose runs `catchUp` sees to; absent: the bot's. */
  constructor(parts: { store: Store; bus: Bus; dataDir: string; log: Log; driver?: string }) {
    this.#store = parts.store
    this.#folder = join(parts.dataDir, 'backrooms_logs')
    this.#log = parts.log
    this.#driver = parts.driver ?? null
    this.#off = [parts.bus.on('changed', ({ run_id }) => this.#soon(run_id))]
  }

  /** Writes what a crash may have left unwritten. */
  async catchUp(): Promise<void> {
    const driver = this.#driver
    for (const run of await this.#store.runs({ status: ['going', 'paused'], driver })) this.#soon(run.id)
    for (const run of await this.#store.runs({ unfinished_by: OBSERVER, driver })) this.#soon(run.id)
  }

  async close(): Promise<void> {
    for (const off of this.#off) off()
    for (const [runId, state] of this.#written) {
      if (!state.timer) continue
      clearTimeout(state.timer)
      this.#enqueue(runId)
    }
    await this.#queue
  }

  #soon(runId: string): void {
    const state = this.#written.get(runId) ?? { head: NOTHING, timer: null }
    this.#written.set(runId, state)
    state.timer ??= setTimeout(() => this.#enqueue(runId), Math.max(EVERY, this.#written.size * BETWEEN))
  }

  #enqueue(runId: string): void {
    const state = this.#written.get(runId)
    if (state) state.timer = null
    this.#queue = this.#queue
      .then(() => this.#write(runId))
      .catch((err) => this.#log.error({ run: runId, err }, 'a log file could not be written'))
  }

  async #write(runId: string): Promise<void> {
    const run = await this.#store.run(runId)
    if (!run) {
      this.#written.delete(runId)
      return
    }
    const turns = await this.#store.turns(runId, { dropped: true })
    const text = renderLog(run, turns, await mediaEntries(this.#store, run))
    const file = join(this.#folder, run.log_file)
    const before = this.#written.get(runId)?.head ?? NOTHING
    if (before.length > 0 && begins(text, before)) await appendFile(file, text.slice(before.length))
    else await replaceFile(file, text)
    if (run.status !== 'ended' || run.closed_at === null) {
      const state = this.#written.get(runId)
      if (state) state.head = { length: text.length, hash: digest(text) }
      return
    }
    await this.#writeMeta(run)
    this.#written.delete(runId)
  }

  /** Exactly once: the intent is stored before the line is written, and a doubtful one is looked for in the file. */
  async #writeMeta(run: Run): Promise<void> {
    const file = metaFile(this.#folder, run)
    const { cursor } = await this.#store.observer(run.id, OBSERVER)
    if (cursor >= WRITTEN) return
    const meta = metaOf(run)
    const known = cursor === INTENDED ? await readFile(file, 'utf8').catch(() => '') : ''
    if (!known.includes(JSON.stringify(meta.log_file))) {
      await this.#store.saveObserver(run.id, { name: OBSERVER, cursor: INTENDED, memory: null })
      await mkdir(dirname(file), { recursive: true })
      await appendFile(file, `${JSON.stringify(meta)}\n`)
    }
    await this.#store.saveObserver(run.id, { name: OBSERVER, cursor: WRITTEN, memory: null })
  }
}

/** What a file holds, in little: a thousand long logs would fill the memory. */
interface Head {
  length: number
  hash: string
}

const NOTHING: Head = { length: 0, hash: '' }

const digest = (text: string) => hash('sha1', text)

const begins = (text: string, { length, hash: wanted }: Head) => digest(text.slice(0, length)) === wanted

/** `<template>_meta.jsonl`, beside the logs of that template. */
export function metaFile(folder: string, run: Run): string {
  return join(folder, run.spec.template, `${run.spec.template}_meta.jsonl`)
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}
