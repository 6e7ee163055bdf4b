/** A request's body: JSON, or multipart with `payload_json` and `files[n]`. https://docs.discord.com/developers/reference#uploading-files */
import type { IncomingMessage } from 'node:http'
import type { Upload } from '../core/attachments.ts'
import { invalidForm, Refusal, refuse } from '../core/errors.ts'

export interface Body {
  json: unknown
  uploads: Upload[]
}

/** Bytes of bodies that are being read at this moment, over all requests: many that are each just small enough would fill the memory too. */
let held = 0
const MOST_HELD = 256 * 1024 * 1024

/**
 * All bytes of a request. Throws 40005 (413) as soon as there are more than `most`, and 503 while others fill the room. The connection
 * stays for the answer: the HTTP server drops what still comes, and ends the connection when that is more than a little.
 */
export async function readBytes(incoming: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) throw refuse(40005)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.byteLength
      held += chunk.byteLength
      if (size > most) throw refuse(40005)
      if (held > MOST_HELD) throw new Refusal(503, 0, '503: Service Unavailable')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, 0, 'The connection ended within the body')
  } finally {
    held -= size
  }
}

/** Throws 50109 for malformed JSON, 50035 for another content type. */
export async function parseBody(bytes: Buffer, contentType: string | undefined): Promise<Body> {
  if (bytes.byteLength === 0) return { json: undefined, uploads: [] }
  const kind = (contentType ?? '').toLowerCase()
  if (kind.startsWith('application/json')) return { json: parseJson(utf8(bytes)), uploads: [] }
  if (kind.startsWith('multipart/form-data')) return parseMultipart(bytes, contentType ?? '')
  throw invalidForm(
    '',
    'CONTENT_TYPE_INVALID',
    "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
  )
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse(50109)
  }
}

/** Deeper than any body that Discord documents. */
const DEEPEST = 64

/** Throws 50109 for what is no JSON, halves of surrogate pairs and endless nesting included. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (isSound(value, 0)) return value
  } catch {
    // a refusal all the same
  }
  throw refuse(50109)
}

function isSound(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (value === null || typeof value !== 'object') return true
  if (depth >= DEEPEST) return false
  return Object.entries(value).every(([key, each]) => key.isWellFormed() && isSound(each, depth + 1))
}

/** A form's fields are text; these two words are booleans. https://docs.discord.com/developers/reference#uploading-files */
const fromField = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text)

async function parseMultipart(bytes: Buffer, contentType: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw new Refusal(400, 50035, 'Invalid Form Body')
    })
  const uploads: Upload[] = []
  const fields: Record<string, unknown> = Object.create(null)
  let json: unknown
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === 'payload_json') json = parseJson(value)
      else fields[name] = name === 'content' ? value : fromField(value)
      continue
    }
    const index = /^files?\[(\d+)\]$/.exec(name)?.[1] ?? String(uploads.length)
    uploads.push({
      index,
      name: value.name || 'unknown',
      content_type: value.type || 'application/octet-stream',
      bytes: new Uint8Array(await value.arrayBuffer()),
    })
  }
  return { json: json ?? fields, uploads }
}
