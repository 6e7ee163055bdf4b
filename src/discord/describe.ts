import { actorsNow } from '../core/actors.ts'
import { cost, plural } from '../core/figures.ts'
import type { Run } from '../core/run.ts'
import { titleOf } from '../core/title.ts'

/** `Claude Opus 1, GPT-4o 2` */
export const actorsOf = (run: Run): string =>
  actorsNow(run)
    .map((actor) => actor.name)
    .join(', ')

/** A link to the run's thread, or its title where there is none. */
export const linkOf = (run: Run): string =>
  run.thread_id === null ? `**${plain(titleOf(run))}**` : `<#${run.thread_id}>`

/** One line of a list of runs. */
export function runLine(run: Run): string {
  return `${MARKS[run.status]} ${linkOf(run)} \`${run.spec.template}\` · ${plain(actorsOf(run))} · ${stateOf(run)} · ${plural(run.next_index, 'turn')} · ${cost(run.state)}`
}

const MARKS = { going: '▶️', paused: '⏸️', ended: '⏹️' } as const

/** `going`, `paused`, or the name of its end. */
const stateOf = (run: Run): string => (run.status === 'ended' ? `ended: ${run.end_reason}` : run.status)

/** Text that must not be read as markdown, mention or link. */
export const plain = (text: string): string => text.replace(/([\\*_~`|>#[\]<@()-])/g, '\\$1')

const CONTENT_LIMIT = 2000
const EMBED_LIMIT = 4000

/**
 * A message of many lines: what does not fit into its content goes into an embed, and what does not fit there is counted.
 * @param more says how to see the rest, given how many lines are left.
 */
export function ofLines(
  lines: string[],
  more: (left: number) => string,
): { content: string; embeds?: { description: string }[] } {
  const first = fill(lines, CONTENT_LIMIT - 100)
  const rest = lines.slice(first)
  const content = lines.slice(0, first).join('\n')
  if (rest.length === 0) return { content }
  const second = fill(rest, EMBED_LIMIT - 100)
  const shown = rest.slice(0, second)
  if (second < rest.length) shown.push(more(rest.length - second))
  return { content, embeds: [{ description: shown.join('\n') }] }
}

/** How many of the lines fit. */
function fill(lines: string[], limit: number): number {
  let length = 0
  for (const [index, line] of lines.entries()) {
    length += line.length + 1
    if (length > limit) return index
  }
  return lines.length
}
