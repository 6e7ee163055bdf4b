import { batchOfRunId } from '../core/batch.ts'
import type { Bus } from '../core/bus.ts'
import { plural } from '../core/figures.ts'

/** Which runs of batches wait for a provider that limits requests or does not answer, as long as they do. Kept in memory: it is told anew. */
export class ProviderWaits {
  /** By batch, then by run: why. */
  readonly #waits = new Map<string, Map<string, string>>()
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
      bus.on('waiting', ({ run_id, why }) => {
        const id = batchOfRunId(run_id)
        if (id === null) return
        this.#waits.set(id, (this.#waits.get(id) ?? new Map()).set(run_id, why))
        onChange(id)
      }),
      ...(['writing', 'unwritten', 'committed', 'ended'] as const).map((type) => bus.on(type, over)),
    ]
  }

  /** `2 runs wait for a provider: Claude Opus 1: …`; null: none does. */
  of(batchId: string): string | null {
    const runs = this.#waits.get(batchId)
    const [why] = [...(runs?.values() ?? [])].slice(-1)
    if (!runs || why === undefined) return null
    return `${plural(runs.size, 'run')} ${runs.size === 1 ? 'waits' : 'wait'} for a provider: ${why}`
  }

  close(): void {
    for (const off of this.#off) off()
  }
}
