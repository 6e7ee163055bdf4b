/** A code fence that is open at some place of a text. */
export interface Fence {
  /** Its backticks. */
  run: string
  /** What it is opened with again in the next message. */
  reopen: string
  /** Closes it within a message; needs no newline before. */
  close: string
  /** Where its first line of code starts. */
  from: number
}

/** How far a text was read, line by line. */
export interface Reading {
  fence: Fence | null
  /** Where the line that is not complete yet starts. */
  line: number
  /** No newline from `line` up to here. */
  seen: number
}

export const START: Reading = { fence: null, line: 0, seen: 0 }

// CommonMark's fences of backticks; Discord knows no tildes. A longer run than this is an ornament, not a fence.
const OPENER = /^ {0,3}(`{3,8})([^`\n]*)\n$/
/** A longer info string is not repeated in the next message. */
const LONGEST_INFO = 40

/** Reads on to `to`. Only complete lines count: a line that `to` cuts is read when the rest of it is. */
export function readOn(text: string, from: Reading, to: number): Reading {
  let { fence, line, seen } = from
  for (;;) {
    const newline = text.slice(seen, to).indexOf('\n')
    if (newline === -1) return { fence, line, seen: Math.max(seen, to) }
    const next = seen + newline + 1
    const whole = text.slice(line, next)
    if (fence) {
      if (closes(fence, whole)) fence = null
    } else {
      const [, run, info = ''] = OPENER.exec(whole) ?? []
      if (run) fence = opened(run, info.trim(), next)
    }
    line = next
    seen = next
  }
}

function opened(run: string, info: string, from: number): Fence {
  const reopen = `${run}${info.length > LONGEST_INFO ? '' : info}\n`
  return { run, reopen, close: `\n${run}`, from }
}

/** Whether a line (with or without its newline) ends this fence. */
export function closes(fence: Fence, line: string): boolean {
  const run = /^ {0,3}(`{3,})[ \t\r]*\n?$/.exec(line)?.[1]
  return run !== undefined && run.length >= fence.run.length
}
