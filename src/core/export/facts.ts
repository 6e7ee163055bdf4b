import { actorsNow } from '../actors.ts'
import { cost, plural, tokens } from '../figures.ts'
import type { Run, Turn } from '../run.ts'
import { afterTurn } from '../turns.ts'
import { type Fork, forksLine } from './forks.ts'

/** What a reader should know of a run, as names and values; the same in every format. */
export function factsOf(run: Run, forks: Fork[]): [string, string][] {
  const { spec } = run
  const facts: [string, string | null][] = [
    ['Run', run.id],
    ['Template', spec.template],
    ['Actors', spec.actors.map((actor) => `${actor.name} (${actor.model.alias})`).join(', ')],
    ['Exchanged', exchanged(run)],
    ['Query', spec.query],
    ['Dream', spec.item?.dream_id ?? null],
    ['Started', `${new Date(run.created_at).toISOString()}${run.starter_name ? ` by ${run.starter_name}` : ''}`],
    ['Ended', run.ended_at === null ? null : `${new Date(run.ended_at).toISOString()}: ${run.end_reason}`],
    ['Used', `${plural(run.next_index, 'turn')}, ${tokens(run.state.usage)}, ${cost(run.state)}`],
    ['Forked from', spec.lineage ? `run ${spec.lineage.run_id}, ${afterTurn(spec.lineage.turn_index)}` : null],
    ['Forked', forksLine(forks)],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '')
}

/** Whom the models that were exchanged on the way replaced. */
function exchanged(run: Run): string {
  return actorsNow(run)
    .flatMap((actor, index) => {
      const first = run.spec.actors[index]?.name
      return run.state.swaps[index] ? [`${actor.name} (${actor.model.alias}) in place of ${first}`] : []
    })
    .join(', ')
}

/** What a reader should know of a turn beside its speaker: ` (rewound)`, ` (whispered to Claude Sonnet 2)`. */
export function noteOf(run: Run, { dropped_at, whisper_to }: Turn): string {
  const hearer = whisper_to === null ? undefined : actorsNow(run)[whisper_to]?.name
  const notes = [dropped_at === null ? '' : 'rewound', hearer === undefined ? '' : `whispered to ${hearer}`]
  const said = notes.filter((note) => note !== '').join(', ')
  return said === '' ? '' : ` (${said})`
}
