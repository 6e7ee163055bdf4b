import type { ContentBlock, ToolAnswer } from '../core/mcp.ts'

/** What a tool answered as text, at most `most` characters; pictures, sound and bytes as a word about each. */
export function answerText(answer: ToolAnswer, most: number): string {
  const parts = answer.content.map(blockText).filter((text) => text !== '')
  // Servers that answer with structured content repeat it as text for older clients; others leave `content` empty.
  if (parts.length === 0 && answer.structured) parts.push(JSON.stringify(answer.structured))
  return bounded(parts.join('\n\n'), most)
}

function blockText(block: ContentBlock): string {
  if (block.type === 'text') return block.text
  if (block.type === 'image' || block.type === 'audio') return `[${block.type}: ${block.mimeType}, ${size(block.data)}]`
  if (block.type === 'resource_link') return `[${block.name}: ${block.uri}]`
  const { resource } = block
  if ('text' in resource) return `[${resource.uri}]\n${resource.text}`
  return `[${resource.uri}: ${resource.mimeType ?? 'bytes'}, ${size(resource.blob)}]`
}

function bounded(text: string, most: number): string {
  const whole = text.toWellFormed()
  if (whole.length <= most) return whole
  const note = `\n[${whole.length - most} more characters were left out]`
  return whole.slice(0, Math.max(0, most - note.length)).toWellFormed() + note
}

/** Of what the base64 stands for. */
function size(base64: string): string {
  const bytes = Math.floor((base64.length * 3) / 4)
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`
}
