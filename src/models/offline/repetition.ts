/** In how many of the latest messages a beginning or an ending counts as still in the ear. */
const RECENT = 12

/** Remembers what was said, so that it is not said again. */
export class Repetition {
  #said: string
  readonly #inTheEar: Set<string>

  constructor(said: readonly { text: string }[]) {
    this.#said = said.map(({ text }) => withoutCode(text)).join('\n')
    this.#inTheEar = new Set(said.slice(-RECENT).flatMap(({ text }) => sentences(text).flatMap(edges)))
  }

  /** 0: fresh. 1: begins or ends like something said lately. From 2 to 3: holds a sentence that was said before, word for word; the longer ago, the less. */
  score(text: string): number {
    const all = sentences(text)
    const latest = Math.max(...all.map((sentence) => this.#said.lastIndexOf(sentence)))
    if (latest >= 0) return 2 + latest / this.#said.length
    return all.some((sentence) => edges(sentence).some((edge) => this.#inTheEar.has(edge))) ? 1 : 0
  }

  add(text: string): void {
    this.#said += `\n${withoutCode(text)}`
    for (const sentence of sentences(text)) for (const edge of edges(sentence)) this.#inTheEar.add(edge)
  }
}

/** Sentences of some length; shorter ones and code (status lines, prompts) are form, which may repeat. */
function sentences(text: string): string[] {
  return withoutCode(text)
    .split(/(?<=[.!?…])["”*]*\s+|\n+/)
    .map((sentence) => sentence.replace(/^[\s"“*]+|[\s"”*]+$/g, ''))
    .filter((sentence) => sentence.length > 24)
}

/** Its first and its last words. */
function edges(sentence: string): [string, string] {
  const words = sentence.toLowerCase().split(/\s+/)
  return [`${words.slice(0, 4).join(' ')} …`, `… ${words.slice(-4).join(' ')}`]
}

function withoutCode(text: string): string {
  return text.replace(/`[^`\n]*`/g, '')
}
