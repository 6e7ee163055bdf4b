import type { ContentBlock, ToolAnswer } from '../core/mcp.ts'
import { shorten } from '../core/shorten.ts'

interface Reply {
  content: string
  files: { attachment: Buffer; name: string; description?: string }[]
}

/** Discord takes ten files a message. */
const MOST_FILES = 10
/** Characters of text shown in the message itself; the whole is attached. */
const SHOWN = 1500

const ENDINGS: Record<string, string> = {
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp', 'image/svg+xml': 'svg' },
  ...{ 'audio/mpeg': 'mp3', 'audio/wav': 'wav', 'audio/ogg': 'ogg', 'video/mp4': 'mp4', 'video/webm': 'webm' },
  ...{ 'application/pdf': 'pdf', 'application/json': 'json', 'text/plain': 'txt', 'application/gzip': 'gz' },
}

/**
 * What a tool answered, for a person: text in a code block, where it can neither mention nor format; pictures and sound as files.
 * @param head the first line.
 * @param sizeLimit bytes that a file may have here.
 */
export function answerReply(answer: ToolAnswer, head: string, sizeLimit: number): Reply {
  const files: Reply['files'] = []
  const notes: string[] = []
  const attach = (bytes: Buffer, stem: string, type: string | undefined, description?: string) => {
    const name = `${stem}.${ENDINGS[type ?? ''] ?? 'bin'}`
    if (bytes.length > sizeLimit) notes.push(`-# ${name} is too large for Discord (${megabytes(bytes.length)} MB).`)
    else if (files.length >= MOST_FILES) notes.push(`-# ${name} was left out: a message takes ${MOST_FILES} files.`)
    else files.push({ attachment: bytes, name, ...(description ? { description: shorten(description, 1000) } : {}) })
  }
  const texts = textsOf(answer)
  const whole = texts.map(pretty).join('\n\n')
  const isLong = whole.length > SHOWN
  if (isLong) attach(Buffer.from(whole), 'result', isJson(whole) ? 'application/json' : 'text/plain')
  for (const [i, block] of answer.content.entries()) {
    const bytes = bytesOf(block)
    if (bytes) attach(Buffer.from(bytes.data, 'base64'), `${bytes.kind}-${i + 1}`, bytes.type, texts[0])
  }
  const fenced = whole === '' ? [] : [fence(isLong ? shorten(whole, SHOWN) : whole, !isLong && isJson(whole))]
  const empty = whole === '' && files.length === 0 && notes.length === 0 ? ['-# It answered nothing.'] : []
  return { content: shorten([head, ...fenced, ...notes, ...empty].join('\n'), 2000), files }
}

function textsOf({ content, structured }: ToolAnswer): string[] {
  const texts = content.flatMap((block) => {
    if (block.type === 'text') return [block.text]
    if (block.type === 'resource_link') return [`${block.name}: ${block.uri}`]
    if (block.type === 'resource' && 'text' in block.resource) return [`${block.resource.uri}\n${block.resource.text}`]
    return []
  })
  if (structured === null) return texts
  // Servers repeat structured content as text, for clients that know no other.
  const repeated = texts.some((text) => sameJson(text, structured))
  return repeated ? texts : [...texts, JSON.stringify(structured)]
}

function bytesOf(block: ContentBlock): { data: string; type: string | undefined; kind: string } | null {
  if (block.type === 'image' || block.type === 'audio')
    return { data: block.data, type: block.mimeType, kind: block.type === 'image' ? 'picture' : 'sound' }
  if (block.type === 'resource' && 'blob' in block.resource)
    return { data: block.resource.blob, type: block.resource.mimeType, kind: 'file' }
  return null
}

function pretty(text: string): string {
  const value = parsed(text)
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : text
}

const isJson = (text: string): boolean => typeof parsed(text) === 'object'
const sameJson = (text: string, value: object): boolean => JSON.stringify(parsed(text)) === JSON.stringify(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A fence inside would end it early. */
const fence = (text: string, json: boolean): string =>
  `\`\`\`${json ? 'json' : ''}\n${text.replaceAll('```', '`\u200b``')}\n\`\`\``

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)
