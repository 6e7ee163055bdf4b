import type { Log } from '../engine/ports.ts'

/** News come in small flocks (ms). */
const FLOCK = 50

/** One look after the other for each batch; news during one lead to another. */
export class Looks {
  readonly #look: (id: string) => Promise<void>
  readonly #log: Log
  readonly #work = new Map<string, Promise<void>>()
  readonly #again = new Set<string>()
  readonly #flocks = new Map<string, NodeJS.Timeout>()
  #closed = false

  constructor(look: (id: string) => Promise<void>, log: Log) {
    this.#look = look
    this.#log = log
  }

  get closed(): boolean {
    return this.#closed
  }

  soon(id: string, ms = FLOCK): void {
    if (this.#closed || this.#flocks.has(id)) return
    const timer = setTimeout(() => {
      this.#flocks.delete(id)
      this.now(id)
    }, ms)
    this.#flocks.set(id, timer)
  }

  now(id: string): void {
    if (this.#closed) return
    if (this.#work.has(id)) {
      this.#again.add(id)
      return
    }
    const work = this.#look(id)
      .catch((err) => this.#log.error({ batch: id, err }, 'a batch stumbled over a mistake of ours'))
      .finally(() => {
        this.#work.delete(id)
        if (this.#again.delete(id)) this.now(id)
      })
    this.#work.set(id, work)
  }

  /** Resolves when the look under way is over. */
  async under(id: string): Promise<void> {
    await this.#work.get(id)
  }

  /** Begins none any more; resolves when those under way are over. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#flocks.values()) clearTimeout(timer)
    await Promise.all(this.#work.values())
  }
}
