import type { ToolAnswer } from '../../core/mcp.ts'

/** Where a picture (or video, or sound) is: its bytes, or an address. */
export type Found = { kind: 'bytes'; base64: string; content_type: string } | { kind: 'url'; url: string }

/** Keys under which servers name what they made, in the order in which they are believed. */
const KEYS = [
  'image_url',
  'image_urls',
  'imageUrl',
  'imageUrls',
  'url',
  'urls',
  'uri',
  'result_url',
  'result_urls',
  'resultUrl',
  'resultUrls',
  'output_url',
  'output_urls',
  'outputUrl',
  'outputUrls',
  'images',
  'path',
]

/** Objects in which the keys may stand: `response.data`, `api_response.data`, `local_task`, `data.rows`, JSON text. */
const CONTAINERS = [
  'response',
  'api_response',
  'local_task',
  'data',
  'rows',
  'result',
  'results',
  'resultJson',
  'result_json',
  'output',
]
const DEPTH = 6

/** What a tool made, newest last: as MCP content, else under a known key, else as an address in its text. */
export function findPictures(answer: ToolAnswer): Found[] {
  return unique([content, keyed, inText].map((find) => find(answer)).find((found) => found.length > 0) ?? [])
}

/** Whether what it made is its content or stands under a known key, not just in its words. */
export const namesPictures = (answer: ToolAnswer): boolean => content(answer).length > 0 || keyed(answer).length > 0

/** The id of a task that is still at work, in the same places. */
export function findTaskId(answer: ToolAnswer): string | null {
  for (const place of placesOf(answer)) {
    const id = place.task_id ?? place.taskId
    if (typeof id === 'string' && id !== '') return id
    if (typeof id === 'number') return String(id)
  }
  return null
}

/** The state a task reports of itself (`status`, `state`), lower case. */
export function findStatus(answer: ToolAnswer): string | null {
  for (const place of placesOf(answer)) {
    const status = place.status ?? place.state
    if (typeof status === 'string') return status.toLowerCase()
  }
  return null
}

/** Where servers say why a task failed, in the order in which they are believed: their own words before envelopes' (`msg: "success"`). */
const REASONS = ['failMsg', 'fail_msg', 'error', 'errorMessage', 'error_message', 'failReason', 'reason', 'detail']
const ENVELOPE_REASONS = ['message', 'msg']
const CODES = ['failCode', 'fail_code', 'errorCode', 'error_code']

/** Why a task failed, as the server says it, with its code; null when it does not say. */
export function findFailure(answer: ToolAnswer): string | null {
  const places = placesOf(answer)
  // The places that speak of a status come first: `msg` elsewhere is about the request for it.
  const near = places.filter((place) => typeof (place.status ?? place.state) === 'string')
  const said = firstOf(places, REASONS) ?? firstOf(near, ENVELOPE_REASONS)
  const code = firstOf(places, CODES)
  if (said === null) return code === null ? null : `code ${code}`
  return code === null || said.includes(code) ? said : `${said} (${code})`
}

function firstOf(places: Record<string, unknown>[], keys: string[]): string | null {
  for (const key of keys) {
    for (const place of places) {
      const value = wordsOf(place[key])
      if (value !== null) return value
    }
  }
  return null
}

/** A text or number; of an object like `{message, code}` its message. */
function wordsOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.trim() === '' ? null : value.replace(/[.\s]+$/, '')
  if (!isObject(value)) return null
  return wordsOf(value.message ?? value.msg ?? value.detail ?? value.reason ?? value.code)
}

function content(answer: ToolAnswer): Found[] {
  return answer.content.flatMap((block): Found[] => {
    if (block.type === 'image' || block.type === 'audio') {
      return [{ kind: 'bytes', base64: block.data, content_type: block.mimeType }]
    }
    if (block.type === 'resource' && 'blob' in block.resource) {
      return [{ kind: 'bytes', base64: block.resource.blob, content_type: block.resource.mimeType ?? '' }]
    }
    if (block.type === 'resource_link') return addressed(block.uri)
    if (block.type === 'resource' && 'text' in block.resource && isMedia(block.resource)) {
      return addressed(block.resource.uri)
    }
    return []
  })
}

/** An embedded resource that stands for a picture: its text is empty, or says something about it. */
function isMedia({ uri, mimeType, text }: { uri: string; mimeType?: string; text: string }): boolean {
  if (mimeType !== undefined) return /^(?:image|video|audio)\//i.test(mimeType)
  return text.trim() === '' || uri.match(MEDIA_URL)?.[0] === uri
}

function keyed(answer: ToolAnswer): Found[] {
  for (const siblings of groupsOf(answer)) {
    for (const key of KEYS) {
      const found = siblings.flatMap((place) => valuesOf(place[key]))
      if (found.length > 0) return found
    }
  }
  return []
}

/** A file on the server's own disk, under a known key; null: none is named. */
export function findLocalPath(answer: ToolAnswer): string | null {
  const values = placesOf(answer).flatMap((place) => KEYS.flatMap((key) => place[key]))
  const paths = values.filter(
    (value) => typeof value === 'string' && /^(?:file:\/\/|\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(value),
  )
  return (paths[0] as string | undefined) ?? null
}

function valuesOf(value: unknown): Found[] {
  if (typeof value === 'string') {
    const nested = parsed(value)
    return nested === null ? addressed(value) : valuesOf(nested)
  }
  if (Array.isArray(value)) return value.flatMap(valuesOf)
  if (!isObject(value)) return []
  const { data, base64, mimeType, mime_type } = value
  const bytes = typeof data === 'string' ? data : typeof base64 === 'string' ? base64 : null
  if (bytes !== null && /^[A-Za-z0-9+/=\s]{40,}$/.test(bytes)) {
    return [{ kind: 'bytes', base64: bytes, content_type: String(mimeType ?? mime_type ?? '') }]
  }
  for (const key of KEYS) {
    const found = valuesOf(value[key])
    if (found.length > 0) return found
  }
  return []
}

/** An http(s) address or a data URI; a path of the server's own disk is nothing we could show. */
function addressed(text: string): Found[] {
  const data = /^data:([\w.+-]+\/[\w.+-]+)[^,]*;base64,(.+)$/s.exec(text.trim())
  if (data) return [{ kind: 'bytes', content_type: data[1] as string, base64: data[2] as string }]
  return /^https?:\/\/\S+$/i.test(text.trim()) ? [{ kind: 'url', url: text.trim() }] : []
}

const MEDIA_URL =
  /https?:\/\/[^\s"'<>()\\]+\.(?:png|jpe?g|webp|gif|avif|mp4|webm|mov|mp3|wav|ogg|flac)(?:\?[^\s"'<>()\\]*)?/gi

function inText(answer: ToolAnswer): Found[] {
  return textsOf(answer).flatMap((text) => [...text.matchAll(MEDIA_URL)].map(([url]): Found => ({ kind: 'url', url })))
}

const placesOf = (answer: ToolAnswer): Record<string, unknown>[] => groupsOf(answer).flat()

/** Every object in which a key may stand, outermost first; the objects of one list together, for they are of one kind. */
function groupsOf(answer: ToolAnswer): Record<string, unknown>[][] {
  const groups: Record<string, unknown>[][] = []
  const visit = (value: unknown, depth: number): void => {
    if (depth > DEPTH) return
    const read = typeof value === 'string' ? parsed(value) : value
    const siblings = (Array.isArray(read) ? read : [read]).map((each) =>
      typeof each === 'string' ? parsed(each) : each,
    )
    const objects = siblings.filter(isObject)
    if (objects.length > 0) groups.push(objects)
    for (const object of objects) for (const name of CONTAINERS) if (name in object) visit(object[name], depth + 1)
  }
  if (answer.structured !== null) visit(answer.structured, 0)
  for (const text of textsOf(answer)) visit(text, 0)
  return groups
}

function textsOf(answer: ToolAnswer): string[] {
  return answer.content.flatMap((block) => {
    if (block.type === 'text') return [block.text]
    return block.type === 'resource' && 'text' in block.resource ? [block.resource.text] : []
  })
}

/** The value of a text that is JSON (a surrounding code fence aside); null when it is none. */
function parsed(text: string): unknown {
  const bare = text.trim().replace(/^```\w*\s*\n?|\n?```$/g, '')
  if (!/^[[{]/.test(bare)) return null
  try {
    return JSON.parse(bare)
  } catch {
    return null
  }
}

function unique(found: Found[]): Found[] {
  const seen = new Set<string>()
  return found.filter((each) => {
    const key = each.kind === 'url' ? each.url : each.base64
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
