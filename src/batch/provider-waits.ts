import { batchOfRunId } from '../core/batch.ts'
import type { Bus } from '../core/bus.ts'
import { plural } from '../core/figures.ts'
import type { LimitWait } from '../core/model.ts'

interface Wait {
  why: string
  /** One of our own limits; absent: the provider's doing. */
  limit?: LimitWait | undefined
}

/** Which runs of batches wait for a provider that limits requests or does not answer, as long as they do. Kept in memory: it is told anew. */
export class ProviderWaits {
  /** By batch, then by run. */
  readonly #waits = new Map<string, Map<string, Wait>>()
  /** By batch: the limit of calls a minute that it has come up against last. */
  readonly #pace = new Map<string, LimitWait>()
  readonly #off: (() => void)[]

  /** @param onChange called with the batch's id. */
  constructor(bus: Bus, onChange: (batchId: string) => void) {
    const over = ({ run_id }: { run_id: string }) => {
      const id = batchOfRunId(run_id)
      const runs = id === null ? undefined : this.#waits.get(id)
      if (id === null || !runs?.delete(run_id)) return
      if (runs.size === 0) this.#waits.delete(id)
      onChange(id)
    }
    this.#off = [
      bus.on('waiting', ({ run_id, why, limit }) => {
        if (why === null) return over({ run_id })
        const id = batchOfRunId(run_id)
        if (id === null) return
        this.#waits.set(id, (this.#waits.get(id) ?? new Map()).set(run_id, { why, limit }))
        if (limit?.limit === 'per_minute') this.#pace.set(id, limit)
        onChange(id)
      }),
      ...(['writing', 'unwritten', 'committed', 'ended'] as const).map((type) => bus.on(type, over)),
    ]
  }

  /** `2 runs wait for a provider: Claude Opus 1: …`, or `2 runs wait for the limit of …`; null: none does. */
  of(batchId: string): string | null {
    const runs = this.#waits.get(batchId)
    const last = [...(runs?.values() ?? [])].at(-1)
    if (!runs || last === undefined) return null
    const what = last.limit ? `the limit of ${last.why}` : `a provider: ${last.why}`
    return `${plural(runs.size, 'run')} ${runs.size === 1 ? 'waits' : 'wait'} for ${what}`
  }

  /** The limit of calls a minute that holds the batch back, or did last; null: none has. */
  paceOf(batchId: string): LimitWait | null {
    return this.#pace.get(batchId) ?? null
  }

  forget(batchId: string): void {
    this.#pace.delete(batchId)
  }

  close(): void {
    for (const off of this.#off) off()
  }
}
