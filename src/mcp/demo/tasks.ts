import { randomUUID } from 'node:crypto'

type Task = { done: false } | { done: true; png: Buffer } | { done: true; error: string }

/** How many are remembered; the oldest is forgotten first. */
const KEPT = 40

/** Paintings that are ordered now and asked for later. */
export class Tasks {
  readonly #tasks = new Map<string, Task>()

  /** Returns the task's id at once; paints in its own time. */
  begin(paint: () => Buffer): string {
    const id = randomUUID()
    this.#tasks.set(id, { done: false })
    for (const old of [...this.#tasks.keys()].slice(0, -KEPT)) this.#tasks.delete(old)
    setTimeout(() => {
      try {
        this.#tasks.set(id, { done: true, png: paint() })
      } catch (error) {
        this.#tasks.set(id, { done: true, error: String(error) })
      }
    }, 200)
    return id
  }

  get(id: string): Task | undefined {
    return this.#tasks.get(id)
  }
}
