import { NO_USAGE } from '../core/model.ts'
import { failed } from './failure.ts'
import type { Provider } from './provider.ts'

/** How long a turn of ordinary length takes to be written, ms: slow enough to be read along. */
const PACE_MS = 3200

/** Time for a turn of ordinary length (ms), or what gives it anew for each turn; undefined: readable. */
export type Pace = number | (() => number | undefined)

/**
 * Speaks when there is no key: an improviser, seeded by the run, that answers to what was just said in
 * the manner of its template. It is no language model, and the panel and the end notice say so.
 */
export function offlineProvider(pace: Pace = PACE_MS): Provider {
  return async (call) => {
    if (call.signal.aborted) throw failed(call.model, 'aborted')
    // Imported when first needed: its word lists are long.
    const { compose } = await import('./offline/compose.ts')
    const text = compose(call)
    const pieces = text.match(/\S+\s*|\s+/g) ?? []
    const paceMs = typeof pace === 'number' ? pace : (pace() ?? PACE_MS)
    const wait = (paceMs * (0.65 + 0.9 * Math.min(1, pieces.length / 160))) / Math.max(1, pieces.length)
    for (const piece of pieces) {
      if (wait > 0) await pause(wait, call.signal)
      if (call.signal.aborted) throw failed(call.model, 'aborted')
      call.onDelta?.({ text: piece })
    }
    return { text, reasoning: '', tool_calls: [], stop: 'end', usage: NO_USAGE }
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
