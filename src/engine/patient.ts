import type { News } from '../core/bus.ts'
import { plural } from '../core/figures.ts'
import type { LimitWait, ModelCall, ModelError, Models } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import type { EngineParts } from './parts.ts'
import { waitNote } from './wait-note.ts'

/** Waits longer than this (ms) are told on the panel: for money, for a provider's limit, for one that refuses, for a word. */
const TELL_OF = { line: 3000, limit: 2000, refusal: 1000, silence: 60_000 }

export interface Patient extends Pick<Models, 'call'> {
  /** A provider has refused: the call is made again later. */
  refused(error: ModelError): void
  /** It is not called again. Resolves when nothing of a wait is told any more. */
  over(): Promise<void>
  /** Waits for money in the hands of other runs. */
  inLine<T>(taking: Promise<T>): Promise<T>
}

/** Calls models for a run, and tells on its panel whom (`who`) or what it waits for, where that lasts. */
export function patient(parts: Pick<EngineParts, 'store' | 'bus' | 'log' | 'models'>, run: Run, who: string): Patient {
  const note = waitNote(parts, run.id)
  return {
    async call(call: ModelCall) {
      let calling = true
      const listen = () =>
        calling && note.soon(`waits for ${who}: nothing has come for more than a minute.`, TELL_OF.silence)
      listen()
      try {
        return await parts.models.call({
          ...call,
          onDelta: (delta) => {
            listen()
            call.onDelta?.(delta)
          },
          onWait: (limit) => {
            const news = waitingFor(run.id, limit)
            parts.bus.emit(news)
            // The dashboard of a batch tells of all its runs together.
            if (limit === null || run.batch_id !== null) listen()
            else note.soon(`waits: no more than ${news.why}`, TELL_OF.limit)
          },
        })
      } finally {
        calling = false
        await note.over()
      }
    },
    refused: (error) => note.soon(`waits for ${who}: ${error.message}`, TELL_OF.refusal),
    over: () => note.over(),
    async inLine(taking) {
      note.soon('waits for the calls of other runs: all together they might pass a cap.', TELL_OF.line)
      try {
        return await taking
      } finally {
        await note.over()
      }
    },
  }
}

function waitingFor(run_id: string, limit: LimitWait | null): Extract<News, { type: 'waiting' }> {
  if (limit === null) return { type: 'waiting', run_id, why: null }
  const allowed = `${plural(limit.count, 'call')} ${limit.limit === 'per_minute' ? 'a minute' : 'at once'}`
  return { type: 'waiting', run_id, why: `${allowed} to ${limit.provider} that configs/models.json sets.`, limit }
}
