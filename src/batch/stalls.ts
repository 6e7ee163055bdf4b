/** A batch is paused when all its runs are paused for so long (ms): one that is being deleted is paused for a moment. */
const STALL = 10_000

/** Since when (ms) all runs of a batch are paused. */
export class Stalls {
  readonly #since = new Map<string, number>()

  /** Whether they are paused for so long that the batch should be too. */
  isLong(id: string): boolean {
    const since = this.#since.get(id) ?? Date.now()
    this.#since.set(id, since)
    return Date.now() - since >= STALL
  }

  over(id: string): void {
    this.#since.delete(id)
  }
}
