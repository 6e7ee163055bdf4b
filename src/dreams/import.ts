import type { DreamSource, Put } from '../core/dreams.ts'
import { parseDreams } from './file.ts'

/** Puts a file's dreams into a source; the same file twice changes nothing. Throws UserError before anything is written. */
export async function importDreams(
  source: DreamSource,
  file: string,
  bytes: Uint8Array,
): Promise<Put & { empty: number }> {
  const { dreams, empty } = parseDreams(file, bytes)
  return { ...(await source.put(dreams)), empty }
}
