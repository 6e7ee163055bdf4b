import { actorsNow } from '../core/actors.ts'
import { highestCost } from '../core/cost.ts'
import type { ModelCall } from '../core/model.ts'
import { moderatorChoice, moderatorPrompt } from '../core/moderator.ts'
import { nextActor } from '../core/order.ts'
import type { Run, Turn } from '../core/run.ts'
import { abortedOr, ask, type Refused } from './ask.ts'
import { commit } from './commit.ts'
import type { EngineParts, Signals } from './parts.ts'
import { patient } from './patient.ts'
import type { Hold } from './ports.ts'

/** Who speaks next; null when the run was interrupted while a moderator was being asked. */
export async function chooseSpeaker(
  parts: EngineParts,
  { run, turns, hold: turnHold }: { run: Run; turns: Turn[]; hold: Hold },
  { call: signal, wait }: Signals,
): Promise<number | null | Refused> {
  const actors = actorsNow(run)
  const byOrder = nextActor(run.spec, run.state, actors, turns)
  const asks = run.spec.order === 'moderator' && run.state.next_actor === null && turns.length > 0 && actors.length > 1
  if (!asks) return byOrder

  const model = (actors[0] as (typeof actors)[number]).model
  const { system, text } = moderatorPrompt(actors, turns)
  const call: ModelCall = {
    model,
    system,
    messages: [{ role: 'user', blocks: [text] }],
    max_tokens: model.max_tokens === null ? null : Math.min(model.max_tokens, 1000),
    temperature: run.spec.temperature,
    tools: [],
    cache_key: `${run.id}:moderator`,
    seed: run.spec.seed + run.next_index,
    signal,
  }
  // It would wait for what is kept for the turn itself.
  turnHold.used(0)
  const hold = parts.purse.open(run)
  const models = patient(parts, run, 'its moderator')
  const taken = await models.inLine(hold.take(highestCost(call), wait)).catch(abortedOr(wait))
  const asked = taken === null ? null : await ask({ models, hold }, call, async () => {}).finally(models.over)
  if (asked === null || asked.kind === 'aborted' || asked.kind === 'refused') {
    hold.close()
    return asked?.kind === 'refused' ? asked : null
  }
  const usage = asked.kind === 'answer' ? asked.answer.usage : asked.lost
  const chosen = asked.kind === 'answer' ? moderatorChoice(asked.answer.text, actors) : null
  // The choice is kept with its cost: a crash before the turn must not ask, and pay, again.
  const keep = () =>
    commit(parts, run.id, (now) => ({
      state: {
        ...now.state,
        next_actor: now.state.next_actor ?? chosen ?? byOrder,
        side_cost: now.state.side_cost + (usage.cost ?? 0),
        reported: chosen === null ? [...new Set([...now.state.reported, 'moderator'])] : now.state.reported,
      },
      charges: [{ purpose: 'moderator', model: model.alias, usage }],
      deliveries: (after) =>
        chosen !== null || now.state.reported.includes('moderator')
          ? []
          : parts.transcript.notice(after, fallback(asked.kind === 'failed' ? asked.error.message : null)),
    }))
  await hold.settle(keep)
  return signal.aborted ? null : ((await parts.store.run(run.id))?.state.next_actor ?? byOrder)
}

function fallback(error: string | null): string {
  const why = error ?? 'its answer named nobody, or more than one.'
  return `The moderator could not choose who speaks next: ${why} The actors take turns instead whenever that happens.`
}
