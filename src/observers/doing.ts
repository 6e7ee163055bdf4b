import { commit } from '../engine/commit.ts'
import type { EngineParts } from '../engine/parts.ts'

/** What takes longer than this (ms) is told; and so long lies between two tellings, each an edit of the panel. */
const TELL_AFTER = 4000

export interface Doing {
  /** What the observer is at now. */
  at(text: string): void
  /** Nothing more is told. What was told goes with what comes of the round. */
  end(): Promise<void>
}

/** Tells on the panel what an observer is at, where that takes some seconds: never in a message of its own. */
export function doing(
  parts: Pick<EngineParts, 'store' | 'bus' | 'log'>,
  { run, name }: { run: string; name: string },
  tellAfter = TELL_AFTER,
): Doing {
  let timer: NodeJS.Timeout | undefined
  let latest = ''
  let told = ''
  let telling: Promise<unknown> = Promise.resolve()
  const tell = () => {
    timer = undefined
    if (latest === told) return
    told = latest
    telling = commit(parts, run, (now) =>
      now.closed_at !== null ? null : { state: { ...now.state, doing: { ...now.state.doing, [name]: told } } },
    ).catch((err) => parts.log.warn({ run, err }, 'the panel could not tell what an observer is at'))
  }
  return {
    at(text) {
      latest = text
      timer ??= setTimeout(tell, tellAfter)
    },
    async end() {
      clearTimeout(timer)
      await telling
    },
  }
}
