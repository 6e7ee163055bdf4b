import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptFile } from '../../core/delivery.ts'
import { UserError } from '../../core/errors.ts'
import { type FetchLimits, fetchMedia, TooLarge } from './fetch.ts'
import { kindOf } from './kinds.ts'
import type { Found } from './pictures.ts'

const MB = 1024 * 1024
/**
 * A file may have so many MB, by the server's boost tier: https://docs.discord.com/developers/reference#uploading-files, and for the
 * tiers https://support.discord.com/hc/en-us/articles/360028038352-Server-Boosting-FAQ
 */
const UPLOAD_MB = [10, 10, 50, 100]
/** ms, at the least. Where larger files are taken a slow host may need longer: so much for each MB. */
const FETCH_MS = 60_000
const FETCH_MS_PER_MB = 2000
/** Characters of an attachment's description. */
const ALT_LENGTH = 1024

export interface Keeper {
  dataDir: string
  allow: string[]
}

/**
 * What came of a picture: the file that the bot keeps and uploads; of one that is too large to be uploaded, the link, or, where there is
 * none, the file that stays with the bot. (Nothing is shrunk: that would want a decoder for each format, video among them.)
 */
export type Kept = { file: KeptFile } | { link: string; why: string } | { left: KeptFile; why: string }

/** Bytes that a file may have in a server of this boost tier (0 to 3). */
export const uploadLimit = (tier: number): number => (UPLOAD_MB[tier] ?? 10) * MB

/** Fetches or decodes what a tool made and keeps the bytes under DATA_DIR/media, named after their content. `limit`: bytes that can be uploaded. Throws UserError. */
export async function keep(
  found: Found,
  where: { runId: string; round: number; alt: string; limit: number },
  { dataDir, allow }: Keeper,
  signal: AbortSignal,
): Promise<Kept> {
  const time = Math.max(FETCH_MS, (where.limit / MB) * FETCH_MS_PER_MB)
  const limits: FetchLimits = { size: where.limit, time, allow }
  let bytes: Buffer
  try {
    bytes = found.kind === 'url' ? await fetchMedia(found.url, limits, signal) : Buffer.from(found.base64, 'base64')
  } catch (error) {
    if (error instanceof TooLarge && found.kind === 'url') return { link: found.url, why: error.message }
    throw error
  }
  const kind = kindOf(bytes)
  if (!kind) {
    const what = bytes.subarray(0, 200).toString('latin1').trimStart().startsWith('<')
      ? 'a web page'
      : 'an unknown kind of file'
    throw new UserError(`What came is ${what}, no picture, video or sound.`)
  }
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const name = `${String(where.round + 1).padStart(3, '0')}-${hash}.${kind.ending}`
  const path = join('media', where.runId, name)
  await mkdir(join(dataDir, 'media', where.runId), { recursive: true })
  await writeFile(join(dataDir, path), bytes)
  const description = [...where.alt].slice(0, ALT_LENGTH).join('').slice(0, ALT_LENGTH).toWellFormed()
  const file = { path, name, content_type: kind.content_type, description }
  if (bytes.length <= where.limit) return { file }
  const size = `${(bytes.length / MB).toFixed(1)} MB`
  const why = `This ${kind.content_type} has ${size}, more than Discord takes. It is kept with the bot: \`${path}\` in its DATA_DIR.`
  return { left: file, why }
}
