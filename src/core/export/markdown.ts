import type { MediaEntry } from '../log.ts'
import type { Run, Turn } from '../run.ts'
import { turnNumber } from '../turns.ts'
import { factsOf, noteOf } from './facts.ts'
import type { Fork } from './forks.ts'

export function toMarkdown(run: Run, turns: Turn[], media: MediaEntry[] = [], forks: Fork[] = []): string {
  const head = [`# ${run.spec.title}`, '', ...factsOf(run, forks).map(([name, value]) => `- **${name}:** ${value}`), '']
  const body = turns.flatMap((turn, at) => [
    `## ${turnNumber(turn.turn_index)} · ${turn.name}${noteOf(run, turn)}`,
    '',
    ...(turn.reasoning && run.spec.reasoning !== 'hidden' ? [quoted(turn.reasoning), ''] : []),
    turn.text,
    '',
    ...(turns[at + 1]?.round === turn.round ? [] : paintedIn(media, turn.round)),
  ])
  const foot = run.status_text === null ? [] : ['---', '', run.status_text, '']
  return [...head, ...body, ...foot].join('\n')
}

const paintedIn = (media: MediaEntry[], round: number): string[] =>
  media
    .filter((entry) => entry.round === round)
    .flatMap(({ preset, prompt }) => [`*Picture (${preset}): ${prompt}*`, ''])

const quoted = (text: string): string => text.replaceAll(/^/gm, '> ')
