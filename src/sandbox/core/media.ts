/**
 * Files that embeds and components show: they are named `attachment://name` when sent, read as addresses of the CDN, and are
 * no longer among the message's attachments. https://docs.discord.com/developers/reference#editing-message-attachments
 * https://docs.discord.com/developers/reference#uploading-files
 */
import { signed } from './attachments.ts'
import type { Attachment, Message } from './shapes.ts'
import type { World } from './world.ts'

const SCHEME = 'attachment://'

type Parts = Pick<Message, 'embeds' | 'components'>

/** A copy with every text within changed. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]))
}

/** Which of the files the embeds and components show. */
export function shownInside(parts: Parts, files: Attachment[]): Attachment[] {
  if (files.length === 0 || parts.embeds.length + parts.components.length === 0) return []
  const names = new Set<string>()
  mapTexts([parts.embeds, parts.components], (text) => {
    if (text.startsWith(SCHEME)) names.add(text.slice(SCHEME.length))
    return text
  })
  return files.filter((file) => names.has(file.filename))
}

/** Takes addresses of files that the message already shows, as a client sends them back, for the files themselves. */
export function namingFiles<T>(value: T, files: Attachment[]): T {
  if (files.length === 0) return value
  return mapTexts(value, (text) => {
    const id = /\/attachments\/\d+\/(\d+)\//.exec(text)?.[1]
    const file = id === undefined ? undefined : files.find((candidate) => candidate.id === id)
    return file ? `${SCHEME}${file.filename}` : text
  }) as T
}

/** Embeds, components and attachments as they are read. */
export function readMedia(world: World, message: Message): Pick<Message, 'embeds' | 'components' | 'attachments'> {
  const files = message.attachments.map((file) => signed(world, message.channel_id, file))
  const inside = shownInside(message, files)
  if (inside.length === 0) return { embeds: message.embeds, components: message.components, attachments: files }
  const addressed = (value: Record<string, unknown>[]) =>
    mapTexts(value, (text) => {
      if (!text.startsWith(SCHEME)) return text
      return inside.find((file) => file.filename === text.slice(SCHEME.length))?.url ?? text
    }) as Record<string, unknown>[]
  return {
    embeds: addressed(message.embeds),
    components: addressed(message.components),
    attachments: files.filter((file) => !inside.includes(file)),
  }
}
