import { actorsNow, faceOf } from '../core/actors.ts'
import { UserError } from '../core/errors.ts'
import { type ModelInfo, NO_USAGE } from '../core/model.ts'
import type { Actor, Run, RunSpec } from '../core/run.ts'
import type { ForkHow } from '../core/steering.ts'
import type { NewRun } from '../core/store.ts'
import { defaultTitle } from '../core/title.ts'
import { afterTurn, turnNumber, turnsUpTo } from '../core/turns.ts'
import { freshState, spokenIn } from './changes.ts'
import { commit } from './commit.ts'
import type { EngineParts } from './parts.ts'
import { told } from './refused.ts'

/** What a fork begins with: the turns up to its point, what narrators and media agents knew then, nothing spent. */
export async function forked(
  { store }: Pick<EngineParts, 'store'>,
  origin: Run,
  how: ForkHow,
): Promise<Pick<NewRun, 'spec' | 'state' | 'turns' | 'observers'>> {
  const { from } = how
  const all = await store.turns(origin.id, { dropped: true })
  const kept = from === undefined ? all.filter((turn) => turn.dropped_at === null) : turnsUpTo(all, from)
  if (!kept) throw new UserError(`Run \`${origin.id}\` has no turn ${turnNumber(from ?? 0)} to fork from.`)
  const actors = actorsNow(origin).map((actor, index) => withModel(actor, how.models?.[index], index))
  const spec: RunSpec = {
    ...origin.spec,
    ...how.limits,
    actors,
    title: retitled(origin.spec, actors),
    lineage: { run_id: origin.id, turn_index: kept.at(-1)?.turn_index ?? -1, thread_id: origin.thread_id },
  }
  const state = { ...freshState(), spoken: spokenIn(kept) }
  const rounds = Math.floor(state.spoken.length / spec.actors.length)
  const observers = (await store.observers(origin.id)).filter(
    ({ name, cursor }) => cursor < rounds && /^(profile|media):/.test(name),
  )
  // What the first run spent stays on its meter: the copies cost nothing again.
  return { spec, state, turns: kept.map((turn) => ({ ...turn, usage: NO_USAGE, dropped_at: null })), observers }
}

/** A title that nobody chose names the actors: it names the new ones. */
function retitled({ template, title, query, actors: before }: RunSpec, actors: Actor[]): string {
  const named = (some: Actor[]) =>
    defaultTitle(
      template,
      some.map(({ model }) => model),
      query,
    )
  return title === named(before) ? named(actors) : title
}

/** Tells a run once where it was forked to, as soon as the fork's thread can be linked. */
export async function tellOrigin(parts: EngineParts, fork: Run): Promise<void> {
  const { lineage } = fork.spec
  if (!lineage || fork.thread_id === null || !(await parts.store.run(lineage.run_id))) return
  const key = `fork:${fork.id}`
  const text = `Forked ${afterTurn(lineage.turn_index)} into <#${fork.thread_id}>.`
  await commit(parts, lineage.run_id, (now) => {
    if (now.state.reported.includes(key)) return null
    const { reported, remarks } = now.state
    return {
      state: { ...now.state, reported: [...reported, key], remarks: [...remarks, text] },
      deliveries: (after) => told(after, text, parts.transcript),
    }
  })
}

function withModel(actor: Actor, model: ModelInfo | undefined, index: number): Actor {
  if (!model) return actor
  return { ...actor, model, name: `${model.display_name} ${index + 1}`, face: faceOf(model.display_name) }
}
