import type { Bus } from '../core/bus.ts'
import { runLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Transcript } from '../engine/ports.ts'

interface Parts {
  store: Store
  transcript: Transcript
  bus: Bus
}

/** With `threads: failed`, a run that failed gets a thread afterwards, with all that was said. Once, however often it is called. */
export async function showFailed({ store, transcript, bus }: Parts, run: Run): Promise<void> {
  const batch = run.batch_id === null ? null : await store.batch(run.batch_id)
  if (batch?.manifest.config.threads !== 'failed' || batch.channel_id === null || run.channel_id !== null) return
  const turns = await store.turns(run.id)
  const changed = await store.change(run.id, (now) =>
    now.channel_id !== null
      ? null
      : {
          set: { channel_id: batch.channel_id },
          deliveries: (after) => [
            ...transcript.opening(after),
            ...turns.flatMap((turn) => transcript.turn(after, turn)),
            ...(after.closed_at === null ? [] : transcript.end(after)),
          ],
        },
  )
  if (changed) bus.emit({ type: 'owed', lane: runLane(run.id) })
}
