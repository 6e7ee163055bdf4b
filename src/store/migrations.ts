import type { Migration } from 'kysely/migration'
import * as runs from './migrations/001_runs.ts'

/** The schema's history, in order. A migration that has landed never changes. */
export const migrations: Record<string, Migration> = {
  '001_runs': runs,
}
