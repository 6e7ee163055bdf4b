import { actorsNow } from '../core/actors.ts'
import { findLoop, type Loop } from '../core/loop.ts'
import { type ModelInfo, NO_USAGE } from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Change } from '../core/store.ts'
import { endRun } from './changes.ts'
import type { Transcript } from './ports.ts'

const NUDGE =
  'You have been going round in circles for a while. Something unexpected happens now: decide what it is, and follow it somewhere new.'

/** What to do about a run that goes nowhere, by its `on_loop`; null: nothing (more). Looks at whole rounds only. */
export function loopChange(run: Run, turns: Turn[], transcript: Transcript): ((now: Run) => Change) | null {
  const { on_loop } = run.spec
  const actors = run.spec.actors.length
  if (on_loop === 'off' || run.state.reported.includes('loop') || run.state.spoken.length % actors !== 0) return null
  const loop = findLoop(
    turns.filter((turn) => turn.actor_index !== null),
    actors,
  )
  if (!loop) return null
  if (on_loop === 'end') return (now) => endRun(now, { reason: 'loop', text: loop.text }, transcript)
  if (on_loop === 'nudge') return (now) => nudge(now, transcript)
  const swaps = on_loop === 'swap' ? exchanged(run) : null
  if (swaps) return (now) => swap(now, loop, swaps, transcript)
  const why = on_loop === 'swap' ? 'A swap would change nothing: every actor is the same model. ' : ''
  return (now) => notice(now, `${loop.text} ${why}`, transcript)
}

function notice(now: Run, what: string, transcript: Transcript): Change {
  return {
    state: reported(now),
    deliveries: (after) =>
      transcript.notice(after, `This run may be going in circles. ${what.trim()} It goes on unless someone stops it.`, [
        { custom_id: `stop:${now.id}`, label: 'Stop', style: 'danger' },
      ]),
  }
}

function nudge(now: Run, transcript: Transcript): Change {
  const text = now.spec.nudge ?? NUDGE
  return {
    state: reported(now),
    turn: {
      round: Math.floor(now.state.spoken.length / now.spec.actors.length),
      actor_index: null,
      name: 'Backrooms',
      author_id: null,
      text,
      reasoning: '',
      whisper_to: null,
      steps: [],
      model: null,
      usage: NO_USAGE,
    },
    deliveries: (after, turn) => (turn ? transcript.turn(after, turn) : []),
  }
}

function swap(now: Run, loop: Loop, swaps: Record<string, ModelInfo>, transcript: Transcript): Change {
  const state = { ...reported(now), swaps: { ...now.state.swaps, ...swaps } }
  return {
    state,
    deliveries: (after) =>
      transcript.notice(
        after,
        `${loop.text} The models change places: ${actorsNow({ ...now, state })
          .map((actor) => actor.name)
          .join(', ')}.`,
      ),
  }
}

/** Each actor gets the next one's model; null when that changes nothing. */
function exchanged(run: Run): Record<string, ModelInfo> | null {
  const models = actorsNow(run).map((actor) => actor.model)
  if (new Set(models.map((model) => model.alias)).size < 2) return null
  return Object.fromEntries(models.map((_, at) => [at, models[(at + 1) % models.length] as ModelInfo]))
}

const reported = (now: Run): Run['state'] => ({ ...now.state, reported: [...now.state.reported, 'loop'] })
