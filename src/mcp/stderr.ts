import { stripVTControlCharacters } from 'node:util'
import type { Log } from '../engine/ports.ts'
import type { Scrubber } from './secrets.ts'
import { oneLine } from './words.ts'

/** Lines that reach the log per minute; a server that writes without end must not fill the disk. */
const LINES_PER_MINUTE = 120

/** What a server writes to stderr: to the log, without its secrets, and its last lines kept for the error that may follow. */
export class Stderr {
  readonly #server: string
  readonly #scrub: Scrubber
  readonly #log: Log
  #last: string[] = []
  #minute = 0
  #lines = 0

  constructor(server: string, scrub: Scrubber, log: Log) {
    this.#server = server
    this.#scrub = scrub
    this.#log = log
  }

  take(raw: string): void {
    // Colours of a terminal would colour ours.
    const line = this.#scrub.text(stripVTControlCharacters(raw).trimEnd())
    if (line.trim() === '') return
    this.#last = [...this.#last, line].slice(-12)
    const minute = Math.floor(Date.now() / 60_000)
    if (minute !== this.#minute) {
      if (this.#lines > LINES_PER_MINUTE)
        this.#log.info({ server: this.#server }, `${this.#lines - LINES_PER_MINUTE} more lines of it were left out`)
      this.#minute = minute
      this.#lines = 0
    }
    if (++this.#lines <= LINES_PER_MINUTE) this.#log.info({ server: this.#server }, line)
  }

  /** The last line that sounds as if it said what went wrong; empty when there is none. */
  last(): string {
    const telling = this.#last.findLast((line) =>
      /error|cannot|could not|fail|missing|denied|invalid|panic/i.test(line),
    )
    return oneLine(telling ?? '')
  }
}
