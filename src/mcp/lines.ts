const NEWLINE = 10

/** Puts a stream of bytes together into lines, never holding more than `maxBytes`, and copying each byte at most twice. */
export class Lines {
  readonly #maxBytes: number
  readonly #onLine: (line: Buffer) => void
  readonly #tooLong: 'refuse' | 'cut'
  #parts: Buffer[] = []
  #size = 0

  /** @param tooLong what becomes of a longer line: `refuse` ends it all, `cut` keeps its beginning. */
  constructor(maxBytes: number, onLine: (line: Buffer) => void, tooLong: 'refuse' | 'cut' = 'refuse') {
    this.#maxBytes = maxBytes
    this.#onLine = onLine
    this.#tooLong = tooLong
  }

  /** False: a line is too long, and nothing more should be pushed. */
  push(chunk: Buffer): boolean {
    let from = 0
    for (;;) {
      const at = chunk.indexOf(NEWLINE, from)
      const part = chunk.subarray(from, at < 0 ? chunk.length : at)
      const room = this.#maxBytes - this.#size
      if (part.length > room && this.#tooLong === 'refuse') {
        this.#parts = []
        return false
      }
      if (part.length > 0 && room > 0) {
        const kept = part.subarray(0, room)
        this.#parts.push(kept)
        this.#size += kept.length
      }
      if (at < 0) return true
      this.end()
      from = at + 1
    }
  }

  /** Hands on what came after the last newline. */
  end(): void {
    if (this.#parts.length === 0) return
    const line = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    this.#parts = []
    this.#size = 0
    this.#onLine(line)
  }
}
