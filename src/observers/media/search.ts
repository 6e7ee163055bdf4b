import { createClient } from '@supabase/supabase-js'
import { UserError } from '../../core/errors.ts'
import { sentence } from '../../core/sentence.ts'
import type { Found } from './pictures.ts'
import type { SearchPictures } from './work.ts'

/** The predecessor's names: table, RPC and storage bucket of people who have them already. */
const TABLE = 'eagle_images'
const RPC = 'search_images_with_embedding'
const BUCKET = 'eagle-images'

interface Row {
  image_url?: unknown
  storage_path?: unknown
}

/** Looks for pictures in the Supabase table `eagle_images` by embedding, topped up with the newest. */
export function pictureSearch(
  supabase: { url: string; key: string },
  embed: (text: string, signal: AbortSignal) => Promise<number[]>,
): SearchPictures {
  const client = createClient(supabase.url, supabase.key, { auth: { persistSession: false } })
  const addresses = (rows: Row[]) => [
    ...new Set(rows.map((row) => urlOf(row, supabase.url)).filter((url) => url !== null)),
  ]
  return async (query, { pictures, limit, min_similarity, folders }, signal) => {
    const hits = await client
      .rpc(RPC, {
        query_embedding: await embed(query, signal),
        match_limit: limit,
        folder_filter: folders.length > 0 ? folders : null,
        similarity_threshold: min_similarity,
      })
      .abortSignal(signal)
    if (hits.error) throw new UserError(`Supabase could not search ${TABLE} (${RPC}): ${sentence(hits.error.message)}`)
    const urls = addresses(hits.data as Row[]).slice(0, pictures)
    if (urls.length < pictures) {
      const newest = await client
        .from(TABLE)
        .select('image_url, storage_path, created_at')
        // Rows without an address would take the places of others.
        .or('image_url.neq."",storage_path.neq.""')
        .order('created_at', { ascending: false })
        .limit(pictures + urls.length)
        .abortSignal(signal)
      if (newest.error) throw new UserError(`Supabase could not read ${TABLE}: ${sentence(newest.error.message)}`)
      // By address: the function and the table need not name a row alike.
      const others = addresses(newest.data as Row[]).filter((url) => !urls.includes(url))
      urls.push(...others.slice(0, pictures - urls.length))
    }
    // The best hit is the newest in the sense of a tool's answer: the last.
    const found = urls.reverse().map((url): Found => ({ kind: 'url', url }))
    return { found, result: JSON.stringify({ query, pictures: urls }) }
  }
}

function urlOf(row: Row, base: string): string | null {
  if (typeof row.image_url === 'string' && row.image_url !== '') return row.image_url
  if (typeof row.storage_path !== 'string' || row.storage_path === '') return null
  return `${base}/storage/v1/object/public/${BUCKET}/${row.storage_path.replace(/^\/+/, '')}`
}
