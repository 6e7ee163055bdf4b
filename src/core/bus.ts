import type { LimitWait } from './model.ts'
import type { Run } from './run.ts'

/** In-process news. Losing any of it loses nothing: whoever listens finds the truth in the store. */
export type News =
  /** Text of the turn being generated, whole so far. */
  | { type: 'writing'; run_id: string; actor_index: number; text: string; reasoning: boolean }
  /** That generation gave no turn (aborted, failed): its preview goes. */
  | { type: 'unwritten'; run_id: string }
  /** Its turn waits for a provider that limits requests or does not answer: a sentence. Over with null, or the next news of the turn. `limit`: ours. */
  | { type: 'waiting'; run_id: string; why: string | null; limit?: LimitWait }
  | { type: 'committed'; run_id: string; turn_index: number }
  /** Anything about the run changed: status, limits, meter. `run`: as it was committed just now, so that not every listener loads it. */
  | { type: 'changed'; run_id: string; run?: Run }
  | { type: 'ended'; run_id: string }
  | { type: 'owed'; lane: string }
  /** Discord has acknowledged one delivery of the lane. */
  | { type: 'acknowledged'; lane: string }
  /** Files of a run's post are in Discord: their addresses by name. */
  | { type: 'uploaded'; run_id: string; files: Record<string, string> }
  /** Everything a lane owed is acknowledged. */
  | { type: 'settled'; lane: string }
  /** Something that a batch's dashboard shows has changed. */
  | { type: 'batch'; batch_id: string }
  /** A narrator or media agent is done with a round. `brought`: it has something to post. */
  | { type: 'observed'; run_id: string; observer: string; round: number; brought: boolean }

type Of<T extends News['type']> = Extract<News, { type: T }>

export class Bus {
  readonly #listeners = new Map<News['type'], Set<(news: never) => void>>()

  on<T extends News['type']>(type: T, listener: (news: Of<T>) => void): () => void {
    const set = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, set)
    set.add(listener as (news: never) => void)
    return () => set.delete(listener as (news: never) => void)
  }

  emit<T extends News['type']>(news: { type: T } & Of<T>): void {
    for (const listener of this.#listeners.get(news.type) ?? []) (listener as (news: Of<T>) => void)(news)
  }
}
