import type { Run, RunSpec, Turn } from '../run.ts'

export const JSON_FORMAT = 'backrooms-run-1'

/** A run whole: what it was asked to be, what was said, what it used, where it came from. `/backrooms fork` and `loads again` read it. */
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
  usage: Run['state']['usage'] & { side_cost: number }
  lineage: RunSpec['lineage']
  turns: Omit<Turn, 'run_id'>[]
}

export function toJson(run: Run, turns: Turn[]): string {
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
    turns: turns.map(({ run_id: _, ...turn }) => turn),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}
