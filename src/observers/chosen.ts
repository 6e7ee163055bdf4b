import { parseMedia, parseNarrator } from '../config/preset.ts'
import type { ChosenPreset, Run } from '../core/run.ts'
import { mediaAgent } from './media/agent.ts'
import type { MediaParts } from './media/work.ts'
import { type NarratorParts, narrator } from './narrator.ts'
import type { RoundObserver } from './observer.ts'

/** The narrators and media agents that a run chose at its start. */
export function observersOf(run: Run, parts: NarratorParts & MediaParts): RoundObserver[] {
  return [
    ...run.spec.profiles.filter(isSound).map(({ name, preset }) => narrator(name, parseNarrator(name, preset), parts)),
    ...run.spec.media.filter(isSound).map(({ name, preset }) => mediaAgent(name, parseMedia(name, preset), parts)),
  ]
}

const isSound = ({ fault }: ChosenPreset): boolean => fault === undefined
