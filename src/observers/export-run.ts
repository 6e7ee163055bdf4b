import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptFile } from '../core/delivery.ts'
import { type Exported, type ExportFormat, exportRun, type Picture } from '../core/export/exports.ts'
import { forksOf } from '../core/export/forks.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import { mediaEntries } from './media-log.ts'

/** A run as a file, with what its media agents made and what it was forked into; `turns` says how much there is. */
export async function exportWhole(
  run: Run,
  format: ExportFormat,
  { store, dataDir }: { store: Store; dataDir: string },
): Promise<Exported & { turns: Turn[] }> {
  const turns = await store.turns(run.id, { dropped: true })
  const media = await mediaEntries(store, run)
  const pictures = format === 'html' ? await picturesOf(run, store, dataDir) : []
  const memories = await store.observers(run.id)
  const forks = forksOf(await store.runs({ forked_from: run.id }))
  return { ...exportRun(format, run, turns, { media, pictures, memories, forks }), turns }
}

/** The kept pictures, round by round. One whose file is gone is left out. */
async function picturesOf(run: Run, store: Store, dataDir: string): Promise<Picture[]> {
  const pictures: Picture[] = []
  const seen = new Set<string>()
  for (const { name, cursor, memory } of await store.observers(run.id)) {
    const file = (memory as { last?: { file?: KeptFile | null } | null } | null)?.last?.file
    if (!name.startsWith('media:') || !file?.content_type.startsWith('image/') || seen.has(file.path)) continue
    seen.add(file.path)
    const bytes = await readFile(join(dataDir, file.path)).catch(() => null)
    if (!bytes) continue
    const { content_type, description } = file
    pictures.push({ round: cursor, description, content_type, base64: bytes.toString('base64') })
  }
  return pictures
}
