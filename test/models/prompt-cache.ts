import { createHash } from 'node:crypto'
import { roughTokens } from '../../src/core/tokens.ts'

interface Part {
  text: string
  marked: boolean
}

/** Shortest prompt that is kept, in tokens; how many blocks before a mark are looked at. */
const MINIMUM = 1024
const LOOKBACK = 20

/**
 * Anthropic's prompt cache by its published rules: a prompt is kept at its marks only; a mark finds what was kept at
 * itself or up to 20 blocks before it; the longest find counts. Without the five minutes' life.
 */
export class PromptCache {
  readonly #kept = new Set<string>()

  /** Tokens of a Messages API request, as its usage would have them. */
  take(body: Record<string, unknown>): { input: number; cached: number; written: number } {
    const parts = partsOf(body)
    const keys: string[] = []
    const sizes: number[] = []
    const digest = createHash('sha256')
    for (const part of parts) {
      digest.update(`${part.text}\0`)
      keys.push(digest.copy().digest('hex'))
      sizes.push((sizes.at(-1) ?? 0) + roughTokens(part.text))
    }
    const marks = parts.flatMap((part, index) => (part.marked ? [index] : []))
    const found = marks.flatMap((mark) => {
      for (let at = mark; at >= Math.max(0, mark - LOOKBACK + 1); at--) if (this.#kept.has(keys[at] ?? '')) return [at]
      return []
    })
    const cached = sizes[Math.max(-1, ...found)] ?? 0
    const last = marks.at(-1)
    const kept = last === undefined ? 0 : (sizes[last] ?? 0)
    const written = kept >= MINIMUM ? Math.max(0, kept - cached) : 0
    for (const mark of marks) if ((sizes[mark] ?? 0) >= MINIMUM) this.#kept.add(keys[mark] ?? '')
    return { input: (sizes.at(-1) ?? 0) - cached - written, cached, written }
  }
}

function partsOf(body: Record<string, unknown>): Part[] {
  const system = typeof body.system === 'string' ? [{ text: body.system, marked: false }] : []
  const messages = body.messages as { role: string; content: { text?: string; cache_control?: unknown }[] }[]
  const parts = messages.flatMap(({ role, content }) =>
    content.map((block) => ({
      text: `${role}: ${block.text ?? JSON.stringify(block)}`,
      marked: block.cache_control !== undefined,
    })),
  )
  const last = parts.at(-1)
  if (body.cache_control !== undefined && last !== undefined) last.marked = true
  return [...system, ...parts]
}
