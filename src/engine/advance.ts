import { actorsNow } from '../core/actors.ts'
import { endBeforeCall } from '../core/ends.ts'
import { addUsage, NO_USAGE, type Usage } from '../core/model.ts'
import type { Run, RunState, Turn } from '../core/run.ts'
import type { Change } from '../core/store.ts'
import type { Asked, Refused } from './ask.ts'
import { actorTurn, endRun, pauseWithNotice } from './changes.ts'
import { commit } from './commit.ts'
import { loopChange } from './looping.ts'
import { type EngineParts, goesOnHere, type Signals } from './parts.ts'
import type { Hold, Transcript } from './ports.ts'
import { type Speech, speak } from './speak.ts'
import { chooseSpeaker } from './speaker.ts'

/**
 * One step of a run: loads it, decides, calls the model, commits. Killed anywhere, it can simply run again (rule 1).
 * Returns whether there may be a next step. Never throws for what a provider does.
 */
export async function advance(parts: EngineParts, runId: string, signals: Signals): Promise<boolean> {
  let run = await parts.store.run(runId)
  if (!run || !goesOnHere(run, parts)) return false
  const hold = parts.purse.open(run)
  try {
    for (;;) {
      const goesOn = await oneStep(parts, run, signals, hold)
      if (goesOn !== 'waited') return goesOn
      // Much may have been said or changed meanwhile. What it waited for stays in hand.
      run = await parts.store.run(runId)
      if (!run || !goesOnHere(run, parts)) return false
    }
  } finally {
    hold.close()
  }
}

/** `waited`: nothing has been done yet; the run is to be looked at again. */
async function oneStep(
  parts: EngineParts,
  before: Run,
  { call: signal, wait }: Signals,
  hold: Hold,
): Promise<boolean | 'waited'> {
  const { store, transcript } = parts
  const runId = before.id
  let run = before
  try {
    for (const gate of parts.gates) if (await gate.pass(run, wait)) run = (await store.run(runId)) ?? run
  } catch (error) {
    if (wait.aborted) return true
    throw error
  }
  if (!goesOnHere(run, parts)) return false
  const turns = await store.turns(runId)

  const loop = loopChange(run, turns, transcript)
  if (loop) return step(parts, runId, loop)
  const index = await chooseSpeaker(parts, { run, turns, hold }, { call: signal, wait })
  if (index === null) return true
  if (typeof index === 'object') return step(parts, runId, (now) => heldUp(now, index, transcript))
  const end = endBeforeCall(run, turns, index)
  if (end) return step(parts, runId, (now) => endRun(now, end, transcript))

  const spoken = await speak(parts, { run, turns, index, hold }, { call: signal, wait })
  if (spoken.kind === 'waited') return 'waited'
  if (spoken.kind !== 'answer') parts.bus.emit({ type: 'unwritten', run_id: runId })
  return hold.settle(() => settle(parts, run, spoken, index, signal))
}

async function settle(
  parts: EngineParts,
  run: Run,
  spoken: Asked & Speech,
  index: number,
  signal: AbortSignal,
): Promise<boolean> {
  const actor = actorsNow(run)[index] as Run['spec']['actors'][number]
  const lost = addUsage(spoken.lost, spoken.kind === 'answer' ? NO_USAGE : spoken.usage)
  const charges: Change['charges'] = isNothing(lost) ? [] : [{ purpose: 'lost', model: actor.model.alias, usage: lost }]
  return step(parts, run.id, (now) => {
    const withLost = isNothing(lost) ? now : { ...now, state: losing(now.state, lost) }
    // Nothing is said after the end notice.
    const isShown = spoken.kind !== 'answer' && spoken.steps.length > 0 && now.closed_at === null
    const base: Change = {
      ...(charges.length > 0 ? { charges, state: withLost.state } : {}),
      ...(isShown ? { deliveries: (after) => parts.transcript.steps(after, index, spoken.steps) } : {}),
    }
    if (spoken.kind === 'aborted' || now.status === 'ended' || now.driver !== run.driver || signal.aborted) {
      return charges.length > 0 || isShown ? base : null
    }
    if (spoken.kind === 'answer') {
      const { answer, steps, usage } = spoken
      const change = actorTurn(withLost, { index, actor, answer, steps, usage }, parts.transcript)
      return { ...change, charges: [...(change.charges ?? []), ...charges] }
    }
    if (spoken.kind === 'refused') return both(base, heldUp(withLost, spoken, parts.transcript))
    const why = `${actor.name}: ${spoken.error.message}`
    // Nobody watches a single run of a batch: it ends with its reason, and the batch can retry it.
    const outcome = spoken.outcome === 'pause' && now.batch_id !== null ? ({ end: 'error' } as const) : spoken.outcome
    return both(base, heldUp(withLost, { why, outcome }, parts.transcript))
  })
}

/** Tokens count as used, costs as beside the turns. */
function losing(state: RunState, lost: Usage): RunState {
  return {
    ...state,
    usage: addUsage(state.usage, { ...lost, cost: 0 }),
    side_cost: state.side_cost + (lost.cost ?? 0),
  }
}

/** The second change after the first, its deliveries too. */
function both(first: Change, second: Change): Change {
  const of = ({ deliveries = [] }: Change, run: Run, turn: Turn | null) =>
    typeof deliveries === 'function' ? deliveries(run, turn) : deliveries
  return { ...first, ...second, deliveries: (run, turn) => [...of(first, run, turn), ...of(second, run, turn)] }
}

/** The call was not made, or gave no answer. */
function heldUp(run: Run, { why, outcome }: Pick<Refused, 'why' | 'outcome'>, transcript: Transcript): Change {
  return outcome === 'pause'
    ? pauseWithNotice(run, why, transcript)
    : endRun(run, { reason: outcome.end, text: why }, transcript)
}

/** Commits, and says whether the run goes on. */
async function step(parts: EngineParts, runId: string, decide: (now: Run) => Change | null): Promise<boolean> {
  const changed = await commit(parts, runId, decide)
  const run = changed?.run ?? (await parts.store.run(runId))
  return run !== null && goesOnHere(run, parts)
}

function isNothing(usage: typeof NO_USAGE): boolean {
  return usage.input + usage.cached + usage.written + usage.output === 0 && !usage.cost
}
