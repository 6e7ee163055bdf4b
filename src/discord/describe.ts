import type { Usage } from '../core/model.ts'
import type { Run } from '../core/run.ts'

/** `Claude Opus, GPT-4o` */
export const actorsOf = (run: Run): string => run.spec.actors.map((actor) => actor.model.display_name).join(', ')

/** A link to the run's thread, or its title where there is none. */
export const linkOf = (run: Run): string =>
  run.thread_id === null ? `**${plain(run.spec.title)}**` : `<#${run.thread_id}>`

/** One line of a list of runs. */
export function runLine(run: Run): string {
  const turns = run.next_index === 1 ? '1 turn' : `${run.next_index} turns`
  return `${MARKS[run.status]} ${linkOf(run)} \`${run.spec.template}\` · ${plain(actorsOf(run))} · ${stateOf(run)} · ${turns} · ${dollars(costOf(run))}`
}

const MARKS = { going: '▶️', paused: '⏸️', ended: '⏹️' } as const

/** `going`, `paused`, or the name of its end. */
export const stateOf = (run: Run): string => (run.status === 'ended' ? `ended: ${run.end_reason}` : run.status)

/** Actors and helpers together, USD; null when some part has no known price. */
export const costOf = ({ state }: Run): number | null =>
  state.usage.cost === null ? null : state.usage.cost + state.side_cost

export const tokensIn = (usage: Usage): number => usage.input + usage.cached + usage.written

export function dollars(cost: number | null): string {
  if (cost === null) return 'cost unknown'
  if (cost === 0) return '$0'
  return cost < 0.01 ? `$${cost.toFixed(4)}` : `$${cost.toFixed(2)}`
}

export const number = (value: number): string => value.toLocaleString('en-US')

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
