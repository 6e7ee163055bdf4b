import type { ArchivedRun } from '../core/archive.ts'
import type { Client } from '../supabase/client.ts'
import { type Answer, dataOf } from '../supabase/failure.ts'

/** The `backrooms` table of the person's Supabase. Each throws UserError. */
export interface RemoteArchive {
  /** Upserts on `log_file`: doing it twice changes nothing. None at all asks whether it could. */
  send(runs: ArchivedRun[]): Promise<void>
  remove(logFile: string): Promise<void>
}

const TABLE = { table: 'backrooms', verb: 'write' } as const

export function supabaseArchive(client: Client): RemoteArchive {
  return {
    async send(runs) {
      const answer = await client.from('backrooms').upsert(runs.map(rowOf), { onConflict: 'log_file' })
      dataOf(answer as unknown as Answer<null>, TABLE)
    },
    async remove(logFile) {
      const answer = await client.from('backrooms').delete().eq('log_file', logFile)
      dataOf(answer as unknown as Answer<null>, TABLE)
    },
  }
}

const rowOf = (run: ArchivedRun) => ({
  models: run.models,
  template: run.template,
  max_turns: run.max_turns,
  created_at: new Date(run.created_at).toISOString(),
  duration_sec: run.duration_sec,
  log_file: run.log_file,
  exit_reason: run.exit_reason,
  prompt: withoutNul(run.prompt),
  transcript: withoutNul(run.transcript),
  dream_id: run.dream_id,
  source: run.source,
})

/** Postgres holds every character but this one. https://www.postgresql.org/docs/current/datatype-character.html */
const withoutNul = (text: string): string => text.replaceAll('\0', '').toWellFormed()
