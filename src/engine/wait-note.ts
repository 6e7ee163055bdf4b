import { commit } from './commit.ts'
import type { EngineParts } from './parts.ts'

export interface WaitNote {
  /** What the run waits for: told when it still does after so many ms. Takes the place of what it waited for before. */
  soon(text: string, ms: number): void
  /** Resolves when nothing of it is told any more. */
  over(): Promise<void>
}

/** Tells on a run's panel what it waits for, where that lasts: in a thread, a minute's pause needs no message. */
export function waitNote(parts: Pick<EngineParts, 'store' | 'bus' | 'log'>, runId: string): WaitNote {
  let timer: NodeJS.Timeout | undefined
  let told = false
  let telling: Promise<unknown> = Promise.resolve()
  const tell = (text: string | null) => {
    told = text !== null
    telling = telling
      .then(() => commit(parts, runId, (now) => (now.status === 'going' ? { set: { status_text: text } } : null)))
      .catch((err) => parts.log.warn({ run: runId, err }, 'the panel could not tell of a wait'))
  }
  return {
    soon(text, ms) {
      clearTimeout(timer)
      if (told) tell(null)
      timer = setTimeout(() => tell(text), ms)
    },
    async over() {
      clearTimeout(timer)
      if (told) tell(null)
      await telling
    },
  }
}
