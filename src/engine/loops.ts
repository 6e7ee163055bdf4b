import { UserError } from '../core/errors.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Change } from '../core/store.ts'
import { advance } from './advance.ts'
import { pauseWithNotice } from './changes.ts'
import { commit } from './commit.ts'
import { type EngineParts, goesOnHere } from './parts.ts'

interface Loop {
  abort: AbortController
  /** Breaks off its waiting before a turn, not the turn. */
  wait: AbortController
  done: Promise<void>
}

/** One loop for each run that goes on in this process: `advance`, again and again, until there is no next step. */
export class Loops {
  readonly #parts: EngineParts
  readonly #loops = new Map<string, Loop>()
  #draining = false

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#loops.size
  }

  /** No new turn begins any more. */
  get isDraining(): boolean {
    return this.#draining
  }

  wake(runId: string): void {
    if (this.#draining || this.#loops.has(runId)) return
    const loop: Loop = { abort: new AbortController(), wait: new AbortController(), done: Promise.resolve() }
    this.#loops.set(runId, loop)
    loop.done = this.#drive(runId, loop)
  }

  /** Changes a run and leaves its call under way alone. Throws UserError when there is no such run. */
  async change(runId: string, decide: (run: Run) => Change | null): Promise<{ run: Run; turn: Turn | null }> {
    await this.load(runId)
    const changed = (await commit(this.#parts, runId, decide)) ?? { run: await this.load(runId), turn: null }
    if (changed.run.status !== 'going') this.#loops.get(runId)?.wait.abort(new Error('paused'))
    return changed
  }

  /** Changes a run and breaks off its call under way. The loop goes on by itself if the run does. */
  async interrupt(runId: string, decide: (run: Run) => Change | null): Promise<Run> {
    const loop = this.#loops.get(runId)
    const { run } = await this.change(runId, (before) => {
      const change = decide(before)
      if (change && loop) breakOff(loop, 'interrupted')
      return change
    })
    return run
  }

  /** Something of this run is under way. */
  isBusy(runId: string): boolean {
    return this.#loops.has(runId)
  }

  /** Resolves when the loop of a run that goes on no longer has come to its end. */
  async idle(runId: string): Promise<void> {
    await this.#loops.get(runId)?.done
  }

  /** Resolves when nothing of this run is under way any more. */
  async halt(runId: string): Promise<void> {
    await this.#parts.store.change(runId, (run) => (run.status === 'ended' ? null : { set: { status: 'paused' } }))
    const loop = this.#loops.get(runId)
    if (loop) breakOff(loop, 'removed')
    await loop?.done
  }

  /** Begins no new turn; gives those in flight `ms` to finish, then aborts them. */
  async drain(ms: number): Promise<void> {
    this.#draining = true
    for (const loop of this.#loops.values()) loop.wait.abort(new Error('shutting down'))
    const timer = setTimeout(() => {
      for (const loop of this.#loops.values()) breakOff(loop, 'shutting down')
    }, ms)
    await Promise.all([...this.#loops.values()].map((loop) => loop.done))
    clearTimeout(timer)
  }

  async load(runId: string): Promise<Run> {
    const run = await this.#parts.store.run(runId)
    if (!run) throw new UserError(`There is no run \`${runId}\`. \`/backrooms list\` shows those there are.`)
    return run
  }

  async #drive(runId: string, loop: Loop): Promise<void> {
    let again = true
    try {
      while (again && !this.#draining) {
        loop.abort = new AbortController()
        loop.wait = new AbortController()
        again = await advance(this.#parts, runId, { call: loop.abort.signal, wait: loop.wait.signal })
      }
    } catch (error) {
      again = false
      await this.#stumble(runId, error)
    } finally {
      this.#loops.delete(runId)
    }
    // Someone may have resumed it between its last look and now.
    const run = again ? null : await this.#parts.store.run(runId).catch(() => null)
    if (run && goesOnHere(run, this.#parts)) this.wake(runId)
  }

  async #stumble(runId: string, error: unknown): Promise<void> {
    const { log, transcript } = this.#parts
    log.error({ run: runId, err: error }, 'a run stumbled over a mistake of ours')
    const why = 'the bot made a mistake here; its log says more.'
    const pause = (run: Run) => (run.status === 'going' ? pauseWithNotice(run, why, transcript) : null)
    await this.change(runId, pause).catch(() => {})
  }
}

function breakOff(loop: Loop, why: string): void {
  loop.abort.abort(new Error(why))
  loop.wait.abort(new Error(why))
}
