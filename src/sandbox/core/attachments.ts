/** Uploaded files: kept as bytes, reached at signed addresses that expire. */
import { createHmac } from 'node:crypto'
import { invalidForm, refuse } from './errors.ts'
import { imageSize } from './image-size.ts'
import type { Attachment } from './shapes.ts'
import type { World } from './world.ts'

export interface Upload {
  /** the n of `files[n]` */
  index: string
  name: string
  content_type: string
  bytes: Uint8Array
}

interface AttachmentNote {
  id: string | number
  filename?: string | null
  description?: string | null
  title?: string | null
  is_spoiler?: boolean | null
}

function hmac(world: World, path: string, ex: string, is: string): string {
  return createHmac('sha256', world.application.verify_key).update(`${path}?${ex}&${is}`).digest('hex')
}

/** An attachment with an address that is good for a day. https://docs.discord.com/developers/reference#signed-attachment-cdn-urls */
export function signed(world: World, channelId: string, file: Attachment): Attachment {
  const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`
  const is = Math.floor(world.now() / 1000).toString(16)
  const ex = Math.floor((world.now() + world.limits.attachmentLife) / 1000).toString(16)
  const url = `${world.base}${path}?ex=${ex}&is=${is}&hm=${hmac(world, path, ex, is)}&`
  return { ...file, url, proxy_url: url }
}

/** Whether an address is signed and has not expired. */
export function signatureHolds(world: World, path: string, query: Record<string, string | undefined>): boolean {
  const { ex = '', is = '', hm = '' } = query
  return hm === hmac(world, path, ex, is) && Number.parseInt(ex, 16) * 1000 > world.now()
}

/**
 * Keeps the uploads of a request. Without `attachments` in the body every file becomes one; with it, only those it lists,
 * and every entry must name a file (or, in an edit, an attachment that is already there).
 * https://docs.discord.com/developers/reference#uploading-files
 */
export function keepUploads(
  world: World,
  uploads: Upload[],
  notes: AttachmentNote[] | null | undefined,
  present: Attachment[] = [],
  ephemeral = false,
): Attachment[] {
  for (const upload of uploads) if (upload.bytes.byteLength > world.limits.file) throw refuse(40005)
  const listed: AttachmentNote[] = notes ?? uploads.map((upload) => ({ id: upload.index }))
  if (listed.length > world.limits.attachments) throw refuse(30015)
  return listed.map((note, at) => {
    const id = String(note.id)
    const described = {
      ...(note.description ? { description: note.description } : {}),
      ...(note.title ? { title: note.title } : {}),
    }
    const upload = uploads.find((candidate) => candidate.index === id)
    if (upload) return { ...keep(world, upload, note, ephemeral), ...described }
    const kept = present.find((candidate) => candidate.id === id)
    if (kept) return { ...kept, ...described }
    throw invalidForm(`attachments.${at}`, 'ATTACHMENT_NOT_FOUND', 'An uploaded attachment was not found')
  })
}

function keep(world: World, upload: Upload, note: AttachmentNote, ephemeral: boolean): Attachment {
  const id = world.newId()
  const wanted = (note.filename ?? upload.name).replace(/[^\p{L}\p{N}._-]+/gu, '_') || 'unknown'
  const filename = note.is_spoiler && !wanted.startsWith('SPOILER_') ? `SPOILER_${wanted}` : wanted
  world.storage.putBlob(id, { name: filename, content_type: upload.content_type, bytes: upload.bytes })
  return {
    id,
    filename,
    size: upload.bytes.byteLength,
    url: '',
    proxy_url: '',
    content_type: upload.content_type,
    ...imageSize(upload.bytes),
    ...(ephemeral ? { ephemeral: true } : {}),
  }
}

/** Forgets the bytes of attachments that are no longer on any message. */
export function dropAttachments(world: World, gone: Attachment[]): void {
  for (const file of gone) world.storage.removeBlob(file.id)
}
