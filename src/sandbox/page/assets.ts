/** The client's files, read once and served as they are. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface Asset {
  body: string
  type: string
  etag: string
}

export function readAssets(folder = join(import.meta.dirname, 'client')): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(folder).sort()) {
    const type = TYPES[extname(name)]
    if (!type) continue
    const body = readFileSync(join(folder, name), 'utf8')
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    assets.set(name, { body, type, etag })
  }
  return assets
}
