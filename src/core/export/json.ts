import type { KeptFile } from '../delivery.ts'
import type { MediaEntry } from '../log.ts'
import type { Run, RunSpec, RunState, Turn } from '../run.ts'
import type { ObserverMemory } from '../store.ts'
import type { Fork } from './forks.ts'

export const JSON_FORMAT = 'backrooms-run-1'

/** A run whole: what it was asked to be, what was said, what it used, where it came from. The terminal's `import` reads it. */
export interface RunFile {
  format: typeof JSON_FORMAT
  id: string
  spec: RunSpec
  status: Run['status']
  end_reason: Run['end_reason']
  status_text: string | null
  starter_name: string | null
  log_file: string
  created_at: string
  ended_at: string | null
  usage: RunState['usage'] & { side_cost: number }
  lineage: RunSpec['lineage']
  /** Those of its forks that were there when it was exported. To load it again makes none: each is a run of its own, and tells its origin. */
  forks: Fork[]
  /** Models exchanged during the run: actor index to model. */
  swaps: RunState['swaps']
  /** Whom a person, or a moderator, chose to speak next: an actor's index; null: the order decides. */
  next_actor: number | null
  turns: Omit<Turn, 'run_id'>[]
  media: PaintedEntry[]
  /** What each narrator (`profile:<name>`) and media agent (`media:<name>`) knows after the last round that it has seen. */
  observers: { name: string; round: number; memory: unknown }[]
}

/** What a media agent did in a round; its picture, by address or as a file below DATA_DIR. */
interface PaintedEntry extends MediaEntry {
  picture: { url: string | null; file: KeptFile | null } | null
}

/** As far as they are read here; `observers/media/` has the whole. */
interface Painted {
  entry?: Omit<MediaEntry, 'round' | 'preset'> | null
  last?: PaintedEntry['picture']
}

export function toJson(run: Run, turns: Turn[], memories: ObserverMemory[] = [], forks: Fork[] = []): string {
  const kept = memories.filter(({ name }) => /^(profile|media):/.test(name))
  const newest = new Map(kept.map((memory) => [memory.name, memory]))
  const file: RunFile = {
    format: JSON_FORMAT,
    id: run.id,
    spec: run.spec,
    status: run.status,
    end_reason: run.end_reason,
    status_text: run.status_text,
    starter_name: run.starter_name,
    log_file: run.log_file,
    created_at: new Date(run.created_at).toISOString(),
    ended_at: run.ended_at === null ? null : new Date(run.ended_at).toISOString(),
    usage: { ...run.state.usage, side_cost: run.state.side_cost },
    lineage: run.spec.lineage,
    forks,
    swaps: run.state.swaps,
    next_actor: run.state.next_actor,
    turns: turns.map(({ run_id: _, ...turn }) => turn),
    media: kept.flatMap(painted),
    observers: [...newest.values()].map(({ name, cursor, memory }) => ({ name, round: cursor, memory })),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

function painted({ name, cursor, memory }: ObserverMemory): PaintedEntry[] {
  const { entry, last = null } = (memory ?? {}) as Painted
  return name.startsWith('media:') && entry
    ? [{ round: cursor, preset: name.slice('media:'.length), ...entry, picture: last }]
    : []
}

/** The memories as they were kept, as far as the file tells: of the rounds before the last, what was painted. */
export function memoriesOf({ media, observers }: Pick<RunFile, 'media' | 'observers'>): ObserverMemory[] {
  const earlier = media.map(({ round, preset, mode, prompt, result, picture }) => {
    const memory = { summary: '', last: picture, posted: null, entry: { mode, prompt, result } }
    return { name: `media:${preset}`, cursor: round, memory }
  })
  return [...earlier, ...observers.map(({ name, round, memory }) => ({ name, cursor: round, memory }))]
}
