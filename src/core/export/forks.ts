import type { Run, RunSpec } from '../run.ts'
import { afterTurn } from '../turns.ts'

/** A run that was forked from the exported one: its own id and thread, and after which turn. */
export type Fork = Pick<NonNullable<RunSpec['lineage']>, 'run_id' | 'turn_index'> & { thread_id: string | null }

/** Of runs whose lineage names the exported one: oldest first. */
export const forksOf = (runs: Run[]): Fork[] =>
  runs
    .toSorted((a, b) => a.created_at - b.created_at)
    .flatMap(({ id, thread_id, spec: { lineage } }) =>
      lineage ? [{ run_id: id, turn_index: lineage.turn_index, thread_id }] : [],
    )

/** `after turn 4 into run abc; before its first turn into run def` */
export const forksLine = (forks: Fork[]): string =>
  forks.map(({ run_id, turn_index }) => `${afterTurn(turn_index)} into run ${run_id}`).join('; ')
