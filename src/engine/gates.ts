import type { Bus } from '../core/bus.ts'
import { runLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import type { DeliveryStore } from '../core/store.ts'
import type { Gate } from './ports.ts'

/** Turns that Discord may be behind before the run waits. */
const MAX_BEHIND = 2

/** No conversation outruns what Discord accepts. */
export function threadGate(store: Pick<DeliveryStore, 'turnsBehind'>, bus: Bus): Gate {
  return {
    async pass(run: Run, signal: AbortSignal) {
      let waited = false
      while (run.channel_id !== null && (await store.turnsBehind(run.id)) > MAX_BEHIND) {
        waited = true
        await laneMoves(bus, runLane(run.id), signal)
      }
      return waited
    },
  }
}

function laneMoves(bus: Bus, lane: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const off = [
      bus.on('acknowledged', (news) => news.lane === lane && done(resolve)),
      bus.on('settled', (news) => news.lane === lane && done(resolve)),
    ]
    const aborted = () => done(() => reject(signal.reason))
    const done = (settle: () => void) => {
      for (const each of off) each()
      signal.removeEventListener('abort', aborted)
      settle()
    }
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted)
  })
}
