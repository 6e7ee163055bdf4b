import { type NewDelivery, runLane } from '../core/delivery.ts'
import { type End, maxTurns, roundsDone } from '../core/ends.ts'
import { addUsage, type ModelAnswer, NO_USAGE, type ToolStep, type Usage } from '../core/model.ts'
import type { Actor, Run, RunState, Turn } from '../core/run.ts'
import type { Person } from '../core/steering.ts'
import { asksToStop } from '../core/stop.ts'
import type { Change, NewTurn } from '../core/store.ts'
import type { Transcript } from './ports.ts'

// What each event does to a run, as one transaction (rule 1). Pure.

export interface Spoken {
  index: number
  actor: Actor
  answer: ModelAnswer
  steps: ToolStep[]
  /** All calls of the turn together. */
  usage: Usage
}

/** An actor's turn, and the end of the run if the turn brings it about. */
export function actorTurn(run: Run, { index, actor, answer, steps, usage }: Spoken, transcript: Transcript): Change {
  const stepsLeft = run.state.steps === null ? null : run.state.steps - 1
  const state: RunState = {
    ...run.state,
    next_actor: null,
    spoken: [...run.state.spoken, index],
    usage: addUsage(run.state.usage, { ...usage, cost: usage.cost ?? 0 }),
    unpriced: run.state.unpriced + (usage.cost === null ? 1 : 0),
    steps: stepsLeft === 0 ? null : stepsLeft,
  }
  const turn: NewTurn = {
    round: roundsDone(run),
    actor_index: index,
    name: actor.name,
    author_id: null,
    // Half a surrogate pair (a stream may end in one) could be neither stored nor posted.
    text: answer.text.toWellFormed(),
    reasoning: answer.reasoning.toWellFormed(),
    whisper_to: null,
    steps,
    model: actor.model.alias,
    usage,
  }
  const end = endAfter({ ...run, state }, answer, actor)
  const ending = end ? endOf(run, end) : null
  const paused = !end && stepsLeft === 0 && run.status === 'going'
  return {
    turn,
    state,
    set: ending?.set ?? (paused ? { status: 'paused', status_text: 'One step was taken.' } : notWaiting(run)),
    charges: [{ purpose: 'turn', model: actor.model.alias, usage }],
    deliveries: (after, made) => [
      ...(made ? transcript.turn(after, made) : []),
      ...(ending?.closed ? transcript.end(after) : []),
    ],
  }
}

/** What it waited for may have been told by a process that was killed since. */
const notWaiting = ({ status, status_text }: Run): Partial<Run> =>
  status === 'going' && status_text !== null ? { status_text: null } : {}

function endAfter(run: Run, answer: ModelAnswer, actor: Actor): End | null {
  if (asksToStop(answer.text, run.spec.stop)) {
    return { reason: 'stop_sequence', text: `${actor.name} has ended the conversation with ^C^C.` }
  }
  return maxTurns(run)
}

/** A person's turn. `posted`: their own message in the thread, which shows it already. */
export function personTurn(
  run: Run,
  person: Person,
  text: string,
  how: { as?: string; to?: number; posted?: string },
  transcript: Transcript,
): Change {
  return {
    turn: {
      round: roundsDone(run),
      actor_index: null,
      name: how.as ?? person.name,
      author_id: person.id,
      text: text.toWellFormed(),
      reasoning: '',
      whisper_to: how.to ?? null,
      steps: [],
      model: null,
      usage: NO_USAGE,
    },
    deliveries: (after, made) => {
      if (!made) return []
      if (how.posted === undefined) return withFace(transcript.turn(after, made), person)
      return [heard(after, made, how.posted)]
    },
  }
}

/** Kept so that the message is known for the turn that it became. */
function heard({ id, guild_id }: Run, { turn_index }: Turn, message_id: string): NewDelivery {
  return { lane: runLane(id), run_id: id, guild_id, body: { kind: 'heard', turn_index }, message_id }
}

/** The person's own picture beside their words. */
function withFace(deliveries: ReturnType<Transcript['turn']>, person: Person): ReturnType<Transcript['turn']> {
  return deliveries.map((delivery) =>
    delivery.body.kind === 'turn'
      ? {
          ...delivery,
          body: { ...delivery.body, persona: { ...delivery.body.persona, avatar_url: person.avatar_url } },
        }
      : delivery,
  )
}

/**
 * The end, with its notice, unless there is more to come: what observers say of the last round, or (`isBusy`) what a turn that is broken off
 * has used. Then it is closed later.
 */
export function endRun(run: Run, end: End, transcript: Transcript, isBusy = false): Change {
  const ending = endOf(run, end, isBusy)
  return { set: ending.set, deliveries: (after) => (ending.closed ? transcript.end(after) : []) }
}

function endOf(run: Run, end: End, isBusy = false): { set: NonNullable<Change['set']>; closed: boolean } {
  const closed = !isBusy && run.spec.profiles.length === 0 && run.spec.media.length === 0
  const now = Date.now()
  return {
    closed,
    set: {
      status: 'ended',
      end_reason: end.reason,
      status_text: end.text,
      ended_at: now,
      ...(closed ? { closed_at: now } : {}),
    },
  }
}

/** What the thread is told of it. */
export const pauseWords = (why: string): string => `Paused: ${why}`

/** A pause that the run's people should know of, with a button to go on. */
export function pauseWithNotice(run: Run, why: string, transcript: Transcript): Change {
  return {
    set: { status: 'paused', status_text: why },
    deliveries: (after) =>
      transcript.notice(after, pauseWords(why), [
        { custom_id: `resume:${run.id}`, label: 'Resume', style: 'success' },
        { custom_id: `stop:${run.id}`, label: 'Stop', style: 'danger' },
      ]),
  }
}

/** The turns that a rewind to `to` leaves, as state: who has spoken. */
export function spokenIn(turns: Turn[]): number[] {
  return turns.flatMap((turn) => (turn.actor_index === null ? [] : [turn.actor_index]))
}

/** A run that nobody has spoken in yet. */
export function freshState(): RunState {
  return {
    next_actor: null,
    spoken: [],
    usage: NO_USAGE,
    unpriced: 0,
    side_cost: 0,
    swaps: {},
    reported: [],
    remarks: [],
    steps: null,
  }
}
