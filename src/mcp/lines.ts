const NEWLINE = 10
/** What is kept of both ends of a line that is passed over. */
const ENDS = 512

/** What is known of a line that was too long to be held. */
export interface PassedOver {
  head: string
  tail: string
}

/** What becomes of a longer line: `cut` keeps its beginning; else it is passed over, and `onPassed` is told when it has ended. */
type TooLong = 'cut' | { onPassed: (line: PassedOver) => void; most: number }

/** Puts a stream of bytes together into lines, never holding more than `maxBytes`, and copying each byte at most twice. */
export class Lines {
  readonly #maxBytes: number
  readonly #onLine: (line: Buffer) => void
  readonly #tooLong: TooLong
  #parts: Buffer[] = []
  #size = 0
  #passing: { head: string; tail: Buffer; size: number } | null = null

  constructor(maxBytes: number, onLine: (line: Buffer) => void, tooLong: TooLong) {
    this.#maxBytes = maxBytes
    this.#onLine = onLine
    this.#tooLong = tooLong
  }

  /** False: a line has no end (it is longer than `most`), and nothing more should be pushed. */
  push(chunk: Buffer): boolean {
    let from = 0
    for (;;) {
      const at = chunk.indexOf(NEWLINE, from)
      const part = chunk.subarray(from, at < 0 ? chunk.length : at)
      if (!this.#take(part)) return false
      if (at < 0) return true
      this.end()
      from = at + 1
    }
  }

  /** Hands on what came after the last newline. */
  end(): void {
    if (this.#passing && this.#tooLong !== 'cut') {
      const { head, tail } = this.#passing
      this.#passing = null
      this.#tooLong.onPassed({ head, tail: tail.toString('latin1') })
      return
    }
    if (this.#parts.length === 0) return
    const line = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    this.#parts = []
    this.#size = 0
    this.#onLine(line)
  }

  #take(part: Buffer): boolean {
    const room = this.#maxBytes - this.#size
    if (this.#tooLong !== 'cut' && (this.#passing || part.length > room)) return this.#pass(part, this.#tooLong.most)
    if (part.length > 0 && room > 0) {
      const kept = part.subarray(0, room)
      this.#parts.push(kept)
      this.#size += kept.length
    }
    return true
  }

  #pass(part: Buffer, most: number): boolean {
    if (!this.#passing) {
      const held = Buffer.concat([...this.#parts, part.subarray(0, ENDS)])
      this.#passing = { head: held.toString('latin1', 0, ENDS), tail: Buffer.alloc(0), size: this.#size }
      this.#parts = []
      this.#size = 0
    }
    this.#passing.size += part.length
    this.#passing.tail = Buffer.concat([this.#passing.tail, part.subarray(-ENDS)]).subarray(-ENDS)
    return this.#passing.size <= most
  }
}
