import { parseNarrator } from '../config/preset.ts'
import type { Run } from '../core/run.ts'
import { type NarratorParts, narrator } from './narrator.ts'
import type { RoundObserver } from './rounds.ts'

/** The narrators and media agents that a run chose at its start. */
export function observersOf(run: Run, parts: NarratorParts): RoundObserver[] {
  return run.spec.profiles.map(({ name, preset }) => narrator(name, parseNarrator(name, preset), parts))
}
