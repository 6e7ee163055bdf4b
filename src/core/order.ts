import { sample } from './random.ts'
import type { Actor, Order, RunSpec, RunState, Turn } from './run.ts'

/** Which actor speaks next. A person's choice (`state.next_actor`) comes before every order. `moderator` is asked elsewhere: here it falls back. */
export function nextActor(spec: RunSpec, state: RunState, actors: Actor[], turns: Turn[]): number {
  if (state.next_actor !== null) return state.next_actor
  return ORDERS[spec.order](spec, state, actors, turns)
}

type Chooser = (spec: RunSpec, state: RunState, actors: Actor[], turns: Turn[]) => number

const roundRobin: Chooser = (_spec, state, actors) => {
  const last = state.spoken.at(-1)
  return last === undefined ? 0 : (last + 1) % actors.length
}

/** The first actor opens; then anyone but the last speaker, the same for the same seed. */
const random: Chooser = (spec, state, actors) => {
  const last = state.spoken.at(-1)
  if (last === undefined || actors.length === 1) return 0
  const others = actors.map((_, index) => index).filter((index) => index !== last)
  return sample(others, spec.seed, state.spoken.length)
}

const mentioned: Chooser = (spec, state, actors, turns) => {
  const last = turns.at(-1)
  const addressed = last ? lastNamed(last.text, actors, last.actor_index) : null
  return addressed ?? roundRobin(spec, state, actors, turns)
}

const ORDERS: Record<Order, Chooser> = { round_robin: roundRobin, random, mentioned, moderator: roundRobin }

/** The actor named last in the text (whoever is addressed is usually named at its end), by full name or without the position if that is unambiguous. */
function lastNamed(text: string, actors: Actor[], speaker: number | null): number | null {
  const lower = text.toLowerCase()
  let best: { at: number; index: number; length: number } | null = null
  for (const [index, actor] of actors.entries()) {
    if (index === speaker) continue
    for (const name of namesOf(actor, actors)) {
      const at = lower.lastIndexOf(name.toLowerCase())
      if (at < 0) continue
      if (!best || at > best.at || (at === best.at && name.length > best.length))
        best = { at, index, length: name.length }
    }
  }
  return best?.index ?? null
}

function namesOf(actor: Actor, actors: Actor[]): string[] {
  const short = actor.name.replace(/ \d+$/, '')
  const unambiguous = actors.filter((other) => other.name.replace(/ \d+$/, '') === short).length === 1
  return unambiguous ? [actor.name, short] : [actor.name]
}
