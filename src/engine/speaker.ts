import { actorsNow } from '../core/actors.ts'
import { nextActor } from '../core/order.ts'
import type { Run, Turn } from '../core/run.ts'
import type { EngineParts } from './advance.ts'

/** Who speaks next; null when the run changed or was aborted while a moderator was being asked. */
export async function chooseSpeaker(
  _parts: EngineParts,
  run: Run,
  turns: Turn[],
  _signal: AbortSignal,
): Promise<number | null> {
  return nextActor(run.spec, run.state, actorsNow(run), turns)
}
