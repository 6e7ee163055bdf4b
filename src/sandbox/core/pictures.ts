/** Pictures that people and bots upload as data URIs, and where they are served. https://docs.discord.com/developers/reference#image-data */
import { createHash } from 'node:crypto'
import { invalidForm } from './errors.ts'
import { isPicture } from './image-size.ts'
import type { Blob } from './storage.ts'
import type { World } from './world.ts'

const KINDS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/jpg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/** The bytes of a data URI. Throws 50035 under `field` when it is none. */
export function readPicture(data: string, field: string): { content_type: string; bytes: Uint8Array } {
  const match = /^data:(image\/[a-z]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(data)
  const content_type = match?.[1] ?? ''
  if (!match || !KINDS[content_type]) throw invalidForm(field, 'IMAGE_INVALID', 'Invalid image data')
  const bytes = new Uint8Array(Buffer.from(match[2] ?? '', 'base64'))
  if (!isPicture(bytes)) throw invalidForm(field, 'IMAGE_INVALID', 'Invalid image data')
  return { content_type, bytes }
}

/** Keeps a picture; @returns its hash, by which it is served under /avatars/. */
export function storePicture(world: World, data: string, field: string): string {
  const picture = readPicture(data, field)
  const hash = createHash('md5').update(picture.bytes).digest('hex')
  world.storage.putBlob(`avatar:${hash}`, { name: hash, ...picture })
  return hash
}

/** The picture of an avatar hash: uploaded, or taken from an emoji whose address was given. */
export function avatarPicture(world: World, hash: string): Blob | undefined {
  const uploaded = world.storage.blob(`avatar:${hash}`)
  if (uploaded) return uploaded
  const address = world.avatars.get(hash)?.url ?? ''
  const emoji = /\/emojis\/(\d+)\b/.exec(address)?.[1]
  if (emoji) return world.storage.blob(`emoji:${emoji}`)
  const attachment = /\/attachments\/\d+\/(\d+)\//.exec(address)?.[1]
  return attachment ? world.storage.blob(attachment) : undefined
}
