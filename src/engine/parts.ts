import type { Bus } from '../core/bus.ts'
import type { Models } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { Gate, Log, Purse, Tools, Transcript } from './ports.ts'

/** What each part of the engine works with. */
export interface EngineParts {
  store: Store
  models: Models
  bus: Bus
  transcript: Transcript
  gates: Gate[]
  purse: Purse
  tools: Tools
  log: Log
  /** Who drives the runs of this process, and takes up those alone; absent: the bot. */
  driver?: string
}

/** What breaks off a step: all of it, or only its waiting for a turn to begin. */
export interface Signals {
  call: AbortSignal
  wait: AbortSignal
}

/** A run is driven by one process alone. */
export function goesOnHere(run: Run, parts: Pick<EngineParts, 'driver'>): boolean {
  return run.status === 'going' && run.driver === (parts.driver ?? null)
}
