export const STOP_SEQUENCE = '^C^C'

/**
 * Whether a turn asks for the end. `line`: `^C^C` stands on a line of its own or at the very end, quotes, backticks and punctuation
 * aside, so that merely mentioning it ends nothing. `anywhere`: the predecessor's rule.
 */
export function asksToStop(text: string, mode: 'line' | 'anywhere'): boolean {
  if (mode === 'anywhere') return text.includes(STOP_SEQUENCE)
  if (bare(text).endsWith(STOP_SEQUENCE)) return true
  return text.split(/\r\n|\r|\n/).some((line) => bare(line) === STOP_SEQUENCE)
}

/** Without the white space, quotes, backticks, Markdown marks and punctuation around it. `^` is kept: it belongs to the sequence. */
function bare(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{N}^]+|[^\p{L}\p{N}^]+$/gu, '')
}
