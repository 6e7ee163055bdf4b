import type { MediaPreset } from '../../config/preset.ts'
import type { KeptFile } from '../../core/delivery.ts'
import type { Mcp } from '../../core/mcp.ts'
import type { Models } from '../../core/model.ts'
import type { Round } from '../observer.ts'
import type { Aside, Channels } from '../posting.ts'
import type { Keeper } from './keep.ts'
import type { Found } from './pictures.ts'
import type { Uploads } from './uploads.ts'

export interface MediaParts extends Keeper {
  models: Models
  channels: Channels
  mcp: Pick<Mcp, 'call'>
  aside?: Aside
  uploads: Uploads
  /** Pictures of the Supabase table `eagle_images` that fit a text; null without Supabase. */
  searchPictures: SearchPictures | null
}

export type SearchPictures = (
  query: string,
  wish: { pictures: number; limit: number; min_similarity: number; folders: string[] },
  signal: AbortSignal,
) => Promise<{ found: Found[]; result: string }>

/** What an agent remembers of a run: its last picture, its summary, and what the log says of the round. */
export interface Memory {
  summary: string
  last: { url: string | null; file: KeptFile | null } | null
  /** What was shown last, a line each: an address, or a file's name, which is its content's hash. */
  posted: string | null
  entry: { mode: string; prompt: string; result: string } | null
  /** Tools (`server/tool`) that took too long when last called. */
  hung: string[]
}

export const FRESH: Memory = { summary: '', last: null, posted: null, entry: null, hung: [] }

/** One agent at one round. */
export interface Work {
  name: string
  preset: MediaPreset
  parts: MediaParts
  round: Round
  /** Written to while it works. */
  memory: Memory
  signal: AbortSignal
}
