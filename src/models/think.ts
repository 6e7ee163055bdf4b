const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * Tells a leading `<think>…</think>` from the answer, whatever the pieces it arrives in. Tags anywhere else are part
 * of the answer. White space around the tags belongs to neither.
 */
export class ThinkSplitter {
  readonly #text: (text: string) => void
  readonly #reasoning: (text: string) => void
  #state: 'start' | 'thinking' | 'after' | 'answer' = 'start'
  /** What could still be (part of) a tag. */
  #held = ''

  constructor(out: { text: (text: string) => void; reasoning: (text: string) => void }) {
    this.#text = out.text
    this.#reasoning = out.reasoning
  }

  add(piece: string): void {
    this.#held += piece
    if (this.#state === 'start') this.#start()
    if (this.#state === 'thinking') this.#think()
    if (this.#state === 'after') this.#after()
    if (this.#state === 'answer') this.#let(this.#text, this.#held.length)
  }

  /** The stream has ended: what was held back is what it looks like. */
  end(): void {
    if (this.#state === 'thinking') this.#let(this.#reasoning, this.#held.length)
    else if (this.#state === 'start') this.#let(this.#text, this.#held.length)
    this.#held = ''
  }

  #start(): void {
    const trimmed = this.#held.trimStart()
    if (trimmed.startsWith(OPEN)) {
      this.#held = trimmed.slice(OPEN.length)
      this.#state = 'thinking'
    } else if (!OPEN.startsWith(trimmed)) {
      this.#state = 'answer'
    }
  }

  #think(): void {
    const end = this.#held.indexOf(CLOSE)
    if (end >= 0) {
      this.#let(this.#reasoning, end)
      this.#held = this.#held.slice(CLOSE.length)
      this.#state = 'after'
    } else {
      this.#let(this.#reasoning, this.#held.length - beginningOf(CLOSE, this.#held))
    }
  }

  #after(): void {
    this.#held = this.#held.trimStart()
    if (this.#held !== '') this.#state = 'answer'
  }

  #let(out: (text: string) => void, length: number): void {
    if (length > 0) out(this.#held.slice(0, length))
    this.#held = this.#held.slice(length)
  }
}

/** How many characters at the end of the text may be the beginning of the tag. */
function beginningOf(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}
