import type { Migration } from 'kysely/migration'
import * as runs from './migrations/001_runs.ts'
import * as dreams from './migrations/002_dreams.ts'
import * as batches from './migrations/003_batches.ts'
import * as archive from './migrations/004_archive.ts'
import * as drivers from './migrations/005_drivers.ts'
import * as archiveWords from './migrations/006_archive_words.ts'
import * as archiveTalk from './migrations/007_archive_talk.ts'
import * as ranks from './migrations/008_ranks.ts'
import * as forks from './migrations/009_forks.ts'

/** The schema's history, in order. A migration that has landed never changes. */
export const migrations: Record<string, Migration> = {
  '001_runs': runs,
  '002_dreams': dreams,
  '003_batches': batches,
  '004_archive': archive,
  '005_drivers': drivers,
  '006_archive_words': archiveWords,
  '007_archive_talk': archiveTalk,
  '008_ranks': ranks,
  '009_forks': forks,
}
