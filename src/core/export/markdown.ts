import type { Run, Turn } from '../run.ts'
import { factsOf } from './facts.ts'

export function toMarkdown(run: Run, turns: Turn[]): string {
  const head = [`# ${run.spec.title}`, '', ...factsOf(run).map(([name, value]) => `- **${name}:** ${value}`), '']
  const body = turns.flatMap((turn) => [
    `## ${turn.turn_index} · ${turn.name}${turn.dropped_at === null ? '' : ' (rewound)'}`,
    '',
    ...(turn.reasoning && run.spec.reasoning !== 'hidden' ? [quoted(turn.reasoning), ''] : []),
    turn.text,
    '',
  ])
  const foot = run.status_text === null ? [] : ['---', '', run.status_text, '']
  return [...head, ...body, ...foot].join('\n')
}

const quoted = (text: string): string => text.replaceAll(/^/gm, '> ')
