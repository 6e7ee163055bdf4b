import { cost, plural, tokens } from '../figures.ts'
import type { Run } from '../run.ts'

/** What a reader should know of a run, as names and values; the same in every format. */
export function factsOf(run: Run): [string, string][] {
  const { spec } = run
  const facts: [string, string | null][] = [
    ['Run', run.id],
    ['Template', spec.template],
    ['Actors', spec.actors.map((actor) => `${actor.name} (${actor.model.alias})`).join(', ')],
    ['Query', spec.query],
    ['Dream', spec.item?.dream_id ?? null],
    ['Started', `${new Date(run.created_at).toISOString()}${run.starter_name ? ` by ${run.starter_name}` : ''}`],
    ['Ended', run.ended_at === null ? null : `${new Date(run.ended_at).toISOString()}: ${run.end_reason}`],
    ['Used', `${plural(run.next_index, 'turn')}, ${tokens(run.state.usage)}, ${cost(run.state)}`],
    ['Forked from', spec.lineage ? `run ${spec.lineage.run_id}, turn ${spec.lineage.turn_index}` : null],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '')
}
